"""Articles written out: as JSON lines, schema.org JSON-LD, CSV, Markdown. Each format is one stream of text.

Records are what `Store.export` yields: `Article.to_dict()` plus ``id``, ``job`` and ``fetched_at``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from typing import Any, TextIO

from pipeline.model import Article
from pipeline.model.news_article import news_article

Record = dict[str, Any]

#: columns of the CSV, in this order
COLUMNS = ("id", "job", "fetched_at", *Article.__struct_fields__)

#: how a cell begins that a spreadsheet would run (owasp.org, "CSV injection")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(records: Iterable[Record], form: str, target: TextIO) -> int:
    """Write all records in one of the `FORMATS`; returns how many. Raises ValueError for another."""
    try:
        writer = FORMATS[form]
    except KeyError as error:
        raise ValueError(f"there is no format {form!r}") from error
    return writer(records, target)


def write_jsonl(records: Iterable[Record], target: TextIO) -> int:
    """One JSON object a line."""
    number = 0
    for record in records:
        target.write(json.dumps(record, ensure_ascii=False) + "\n")
        number += 1
    return number


def write_jsonld(records: Iterable[Record], target: TextIO) -> int:
    """One schema.org ``NewsArticle`` a line (`pipeline.model.news_article`), as JSON-LD.

    Each line may stand in a ``script`` element as it is: ``<`` is escaped.
    """
    number = 0
    for record in records:
        target.write(json.dumps(news_article(record), ensure_ascii=False).replace("<", "\\u003c") + "\n")
        number += 1
    return number


def write_csv(records: Iterable[Record], target: TextIO) -> int:
    """RFC 4180 with a header line. Lists are joined with ``; ``, other structures are JSON.

    A text that a spreadsheet would run as a formula gets an apostrophe in front. The target
    must not translate line ends (``newline=""``).
    """
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    number = 0
    for record in records:
        writer.writerow([_cell(record[name]) for name in COLUMNS])
        number += 1
    return number


def write_markdown(records: Iterable[Record], target: TextIO) -> int:
    """All articles in one document: each a front matter, then its title and its text.

    The front matter holds every field that has a value, one a line, as JSON, which is YAML too.
    """
    number = 0
    for record in records:
        target.write(_markdown(record))
        number += 1
    return number


#: name of a format -> what writes it
FORMATS: dict[str, Callable[[Iterable[Record], TextIO], int]] = {
    "jsonl": write_jsonl,
    "jsonld": write_jsonld,
    "csv": write_csv,
    "markdown": write_markdown,
}


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, list):
        parts = [f"{one['name']} ({one['role']})" if isinstance(one, dict) else str(one) for one in value]
        value = "; ".join(parts)
    elif isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def _markdown(record: Record) -> str:
    told = [
        f"{name}: {json.dumps(record[name], ensure_ascii=False)}"
        for name in COLUMNS
        if name not in ("text", "markup") and record[name] not in (None, "", [], {})
    ]
    title = " ".join((record["title"] or "").split())
    body = (record["markup"] or record["text"]).strip()
    heading = f"# {title}\n\n" if title and not body.startswith(f"# {title}") else ""
    return "\n".join(["---", *told, "---", "", f"{heading}{body}", "", ""])
