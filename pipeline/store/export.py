"""Articles written out: as JSON lines, schema.org JSON-LD, CSV, Markdown. Each format is one stream of text.

Records are what `Store.export` yields: `Article.to_dict()` plus ``id``, ``job`` and ``fetched_at``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TextIO

from pipeline.model import Article
from pipeline.model.news_article import news_article
from pipeline.plugins import plugged

Record = dict[str, Any]

#: columns of the CSV, in this order
COLUMNS = ("id", "job", "fetched_at", *Article.__struct_fields__)

#: how a cell begins that a spreadsheet would run (owasp.org, "CSV injection")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(NamedTuple):
    """One way to write articles."""

    media_type: str
    #: a record -> its text; the whole is these one after the other
    one: Callable[[Record], str]
    #: what stands before the first
    head: str = ""


def write(records: Iterable[Record], form: str, target: TextIO) -> int:
    """Write all records in one of the `FORMATS`, or a format that another package brings; returns how
    many. Raises ValueError for any other.

    The target must not translate line ends (``newline=""``).
    """
    formats = FORMATS | plugged("feedmill.formats")
    if form not in formats:
        raise ValueError(f"there is no format {form!r}")
    chosen, number = formats[form], 0
    target.write(chosen.head)
    for record in records:
        target.write(chosen.one(record))
        number += 1
    return number


def _jsonl(record: Record) -> str:
    """One JSON object a line."""
    return json.dumps(record, ensure_ascii=False) + "\n"


def _jsonld(record: Record) -> str:
    """One schema.org ``NewsArticle`` a line (`pipeline.model.news_article`), as JSON-LD.

    Each line may stand in a ``script`` element as it is: ``<`` is escaped.
    """
    return json.dumps(news_article(record), ensure_ascii=False).replace("<", "\\u003c") + "\n"


def _csv(record: Record) -> str:
    """RFC 4180 with a header line. Lists are joined with ``; ``, other structures are JSON.

    A text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    return _csv_line([_cell(record[name]) for name in COLUMNS])


def _csv_line(cells: Iterable[Any]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()


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
    """All articles in one document: each a front matter, then its title and its text.

    The front matter holds every field that has a value, one a line, as JSON, which is YAML too.
    """
    told = [
        f"{name}: {json.dumps(record[name], ensure_ascii=False)}"
        for name in COLUMNS
        if name not in ("text", "markup") and record[name] not in (None, "", [], {})
    ]
    title = " ".join((record["title"] or "").split())
    body = (record["markup"] or record["text"]).strip()
    heading = f"# {title}\n\n" if title and not body.startswith(f"# {title}") else ""
    return "\n".join(["---", *told, "---", "", f"{heading}{body}", "", ""])


#: name of a format -> how it is written
FORMATS: dict[str, Format] = {
    "jsonl": Format("application/x-ndjson", _jsonl),
    "jsonld": Format("application/x-ndjson", _jsonld),
    "csv": Format("text/csv", _csv, _csv_line(COLUMNS)),
    "markdown": Format("text/markdown", _markdown),
}
