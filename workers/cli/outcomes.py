"""What became of a job's items, as a table: one row an item, failures with their reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.errors import CODES

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.store.contract import ItemRow, Store

#: columns that the table needs to be read with ease
_TABLE_WIDTH = 100
#: readable on light and on dark backgrounds
STYLES = {"failed": "bold red", "skipped": "magenta", "stored": "green", "updated": "cyan"}
#: rows that a person still reads; the rest is in `feedmill articles`
MOST_ROWS = 50


def print_outcomes(store: Store, job: str, items: int) -> None:
    """Print what became of a job's items, at most `MOST_ROWS` of them."""
    from workers.cli import output

    rows = store.items(job=job, limit=MOST_ROWS)[::-1]
    if not rows:
        return
    console = output.results()
    if console.width < _TABLE_WIDTH:
        _print_lines(console, store, rows)
    else:
        _print_table(console, store, rows)
    if items > len(rows):
        console.print(f"... and {items - len(rows):,} more: feedmill articles --job {job} --all")


def _print_table(console: Console, store: Store, rows: Sequence[ItemRow]) -> None:
    from rich.text import Text

    from workers.cli import output
    from workers.wording import line

    table = output.table("title", "source", "published", "words", "outcome", numbers=("words",))
    for row in rows:
        title, source, published, words = _article_cells(store, row)
        table.add_row(title, source, published, words, Text(line(outcome_in_words(row)), style=_style(row)))
    console.print(table)


def _print_lines(console: Console, store: Store, rows: Sequence[ItemRow]) -> None:
    """Two lines an item, for narrow terminals: what it is, and what of it is known."""
    from rich.padding import Padding
    from rich.text import Text

    from workers.wording import line

    for row in rows:
        title, *facts = _article_cells(store, row)
        word, reason = outcome_in_words(row), ""
        if row.outcome is not None and row.code:
            word, _, reason = word.partition(": ")
            word, reason = row.outcome, f"{row.code}: {reason}"
        console.print(Text.assemble((f"{line(word):<10}", _style(row)), Text(title, style="bold")))
        *known, words = facts
        known += [f"{words} words"] if words else []
        told = line(reason) or " \u00b7 ".join(one for one in known if one)
        if told and told != title:
            console.print(Padding(Text(told), (0, 0, 0, 10), expand=False))


def _style(row: ItemRow) -> str:
    return STYLES.get(row.outcome or "", "")


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


__all__ = ["MOST_ROWS", "STYLES", "outcome_in_words", "print_outcomes"]
