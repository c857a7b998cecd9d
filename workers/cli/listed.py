"""Articles as a list: a table where there is room, else some lines each; found words are marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from pipeline.store.contract import ArticleRow

#: columns that a table of articles needs to be read with ease
_TABLE_WIDTH = 100
#: readable on light and dark backgrounds, and without colours still bold
FOUND = "bold black on yellow"


def print_articles(
    console: Console, rows: Sequence[ArticleRow], search: str | None, *, headed: bool = True
) -> None:
    """Print one page of a list. ``headed``: it is the first."""
    if any(row.passage for row in rows) or console.width < _TABLE_WIDTH:
        _print_lines(console, rows, search or "")
    else:
        _print_table(console, rows, headed)


def _print_lines(console: Console, rows: Sequence[ArticleRow], search: str) -> None:
    """Each with its facts and, where it was searched for, the passage that answers."""
    from rich.padding import Padding
    from rich.text import Text

    from pipeline.search import highlights, parse

    query = parse(search)
    width = max(len(str(row.id)) for row in rows)
    for row in rows:
        title = row.title or "(no title)"
        told = [_marked(title, highlights(title, query), "bold"), Text(_facts(row))]
        if row.passage:
            told.append(_marked(row.passage.text, row.passage.found, ""))
        told[0] = Text.assemble(f"{row.id:>{width}}  ", told[0])
        console.print(told[0])
        for one in told[1:]:
            console.print(Padding(one, (0, 0, 0, width + 2), expand=False))


def _marked(text: str, found: Sequence[tuple[int, int]], style: str) -> Text:
    from rich.text import Text

    from workers.wording import pieces

    return Text.assemble(*((piece, FOUND if hit else style) for piece, hit in pieces(text, found)))


def _facts(row: ArticleRow) -> str:
    from workers.wording import count, doubt, line, published

    told = [
        line(row.site_name or row.source),
        published(row.published_at),
        count(row.word_count, "word"),
        doubt(row.confidence),
    ]
    return " \u00b7 ".join(one for one in told if one)


def _print_table(console: Console, rows: Sequence[ArticleRow], headed: bool) -> None:
    from workers.cli import output
    from workers.wording import doubt, line, moment, published

    # Most lists have none: the column is there for those that do.
    marks = ("mark",) if any(doubt(row.confidence) for row in rows) else ()
    columns = ("id", "title", "source", "published", "words", "stored", *marks)
    table = output.table(*columns, numbers=("id", "words"))
    table.show_header = headed
    for row in rows:
        table.add_row(
            str(row.id),
            line(row.title) or "(no title)",
            line(row.site_name or row.source),
            published(row.published_at),
            f"{row.word_count:,}",
            moment(row.stored_at),
            *(doubt(row.confidence) for _ in marks),
        )
    console.print(table)


__all__ = ["FOUND", "print_articles"]
