"""What became of a job's items, as a table: one row an item, failures with their reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import CODES

if TYPE_CHECKING:
    from pipeline.store.contract import ItemRow, Store

#: rows that a person still reads; the rest is in `feedmill articles`
MOST_ROWS = 50


def print_outcomes(store: Store, job: str, items: int) -> None:
    """Print the table of a job's items, at most `MOST_ROWS` of them."""
    from rich.text import Text

    from workers.cli import output
    from workers.wording import line

    rows = store.items(job=job, limit=MOST_ROWS)[::-1]
    if not rows:
        return
    table = output.table("title", "source", "published", "words", "outcome", numbers=("words",))
    for row in rows:
        title, source, published, words = _article_cells(store, row)
        style = {"failed": "red", "skipped": "yellow"}.get(row.outcome or "", "")
        table.add_row(title, source, published, words, Text(line(outcome_in_words(row)), style=style))
    output.results().print(table)
    if items > len(rows):
        output.results().print(f"... and {items - len(rows):,} more: feedmill articles")


def outcome_in_words(row: ItemRow) -> str:
    """``stored``, ``duplicate of 3``, ``failed (not_found): No such file: x.txt.``"""
    if row.outcome is None:
        return f"retry due ({row.code})" if row.code else "pending"
    if row.outcome == "duplicate" and row.article is not None:
        return f"duplicate of {row.article}"
    if row.code:
        return f"{row.outcome} ({row.code}): {row.message or CODES.get(row.code, '')}"
    return row.outcome


def _article_cells(store: Store, row: ItemRow) -> tuple[str, str, str, str]:
    from workers.wording import line, published

    article = store.article(row.article) if row.article is not None else None
    if article is None:
        return line(row.name), line(row.source), "", ""
    return (
        line(article["title"]) or line(row.name),
        line(article["site_name"] or row.name),
        published(article["published_at"]),
        f"{article['word_count']:,}",
    )


__all__ = ["MOST_ROWS", "outcome_in_words", "print_outcomes"]
