"""Pages with ground truth: a JSON record a line in ``NAME.jsonl.xz``, as ``training/README.md`` describes."""

from __future__ import annotations

import base64
import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

#: collections of pages, in the order in which reports name them
PAGES = ("wcxb-dev", "fundus", "trafilatura", "trafilatura-realworld", "readability", "newspaper4k")
#: pages whose body is flattened to plain text, one block a line
FLATTENED = "flattened-dev"


class Labelled(msgspec.Struct, frozen=True):
    """One page of a collection."""

    corpus: str
    #: unique within the collection
    id: str
    #: registered domain, or the id where none is known: pages of one are never on both sides of a fold
    domain: str
    #: article, forum, product, listing, collection, documentation, service, or page (not told)
    type: str
    #: bytes of HTML; of a flattened page its text in UTF-8
    content: bytes
    truth: dict[str, Any]
    url: str | None = None
    #: BCP 47, where the collection is certain
    language: str | None = None


def read(folder: Path, corpus: str) -> Iterator[Labelled]:
    """The pages of one collection, in the order of its file.

    Raises:
        FileNotFoundError: the folder has no such collection.
    """
    with lzma.open(folder / f"{corpus}.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield _labelled(json.loads(line), corpus)


def _labelled(record: dict[str, Any], corpus: str) -> Labelled:
    if "html_b64" in record:
        content = base64.b64decode(record["html_b64"])
    else:
        content = (record["html"] if "html" in record else record["text"]).encode("utf-8", "replace")
    truth = record.get("truth") or {key: record[key] for key in ("body", "label") if key in record}
    return Labelled(
        corpus=corpus,
        id=str(record["id"]),
        domain=record.get("domain") or str(record["id"]),
        type=record.get("type") or "article",
        content=content,
        truth=truth,
        url=record.get("url"),
        language=record.get("lang"),
    )
