"""Feedmill's own answers, with where each value came from and what else was on offer."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from benchmarks.metadata.documents import Cleaned
from benchmarks.metadata.fields import Answer
from pipeline import extract as extraction
from pipeline.model import Document

NAME = "feedmill"


class Read(msgspec.Struct, frozen=True):
    """What is read of one document."""

    answer: Answer = Answer()
    provenance: dict[str, str] = {}
    #: of CPU, this process alone
    seconds: float = 0.0
    #: what the code raised, which it never should; the answer is then empty
    error: str | None = None


def answer(cleaned: Cleaned) -> Read:
    """Metadata of a document, also of one in which cleaning saw no article."""
    if cleaned.document is None:
        return Read(error=cleaned.error)
    start = time.process_time()
    try:
        article = extraction.extract(cleaned.document)
    except Exception as raised:  # noqa: BLE001 - a defect on one page is counted like a peer's, and told
        return Read(error=f"{type(raised).__name__}: {raised}")
    seconds = time.process_time() - start
    told = {name: getattr(article, name) for name in Answer.__struct_fields__}
    return Read(Answer(**told), article.provenance, seconds)


def candidates(document: Document) -> list[Any]:
    """All that the readers saw, in their order; each has ``field``, ``value`` and ``source``."""
    if hasattr(extraction, "evidence"):
        return list(extraction.evidence(document))
    return [one for reader in extraction.READERS for one in reader(document)]
