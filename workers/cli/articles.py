"""``feedmill articles``: what is stored, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import known_ids
from workers.cli.since import since_option

if TYPE_CHECKING:
    from pipeline.store.contract import ArticleRow


@click.command()
@click.option(
    "--search",
    metavar="QUERY",
    help='Only articles that answer, best first: words, "a phrase", begin*, -not, a OR b, title:, author:, '
    "agency:, section:, tag:, place:, language:, site:, source:, after:2026-03, before:2026-04-01.",
)
@since_option
@click.option(
    "--job",
    metavar="JOB",
    shell_complete=known_ids("jobs"),
    help="Only articles that this job stored.",
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    metavar="X",
    help="Only articles whose cut is at least so sure (0 to 1).",
)
@click.option("--doubtful", is_flag=True, help="Only articles whose cut is doubtful (below 0.7).")
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, metavar="N", help="At most so many."
)
@json_option
@data_dir_option
@pass_invocation
def articles(
    invocation: Invocation,
    search: str | None,
    since: float | None,
    job: str | None,
    min_confidence: float | None,
    doubtful: bool,
    limit: int,
    as_json: bool,
) -> None:
    """List the articles, newest first; those that a search finds, best first.

    \b
    Example:
      feedmill articles --search "harbour budget" --since 7d
      feedmill articles --search '"night ferry" -strike author:lopes'
      feedmill articles --doubtful
    """
    from pipeline.model import DOUBTFUL
    from pipeline.store.contract import ArticleFilter
    from workers.cli import output
    from workers.documents import article_line

    wanted = ArticleFilter(
        stored_since=since,
        job=job,
        min_confidence=min_confidence,
        max_confidence=DOUBTFUL if doubtful else None,
    )
    rows = invocation.store().articles(search=search, wanted=wanted, limit=limit)
    if as_json:
        output.print_json({"articles": [article_line(row) for row in rows]})
    elif rows and any(row.passage for row in rows):
        _print_found(rows, search or "")
        if len(rows) == limit:
            output.say(f"The best {limit}; more with --limit.")
    elif rows:
        _print_table(rows)
        if len(rows) == limit:
            output.say(f"The newest {limit}; more with --limit.")
    else:
        narrowed = search or since or job or doubtful or min_confidence is not None
        output.say("No article matches." if narrowed else "No articles yet.")


def _print_found(rows: list[ArticleRow], search: str) -> None:
    """Each with the passage that answers, what was found in bold."""
    from rich.padding import Padding
    from rich.text import Text

    from pipeline.search import highlights, parse
    from workers.cli import output
    from workers.wording import count, line, pieces, published

    query = parse(search)
    console = output.results()
    width = max(len(str(row.id)) for row in rows)
    for row in rows:
        title = row.title or "(no title)"
        told = [
            (piece, "bold yellow" if hit else "bold")
            for piece, hit in pieces(title, highlights(title, query))
        ]
        console.print(Text.assemble((f"{row.id:>{width}}  ", "dim"), *told))
        facts = [
            line(row.site_name or row.source),
            published(row.published_at),
            count(row.word_count, "word"),
        ]
        inside = [Text(" · ".join(one for one in facts if one), style="dim")]
        if row.passage:
            parts = pieces(row.passage.text, row.passage.found)
            inside.append(Text.assemble(*((piece, "bold yellow" if hit else "") for piece, hit in parts)))
        for one in inside:
            console.print(Padding(one, (0, 0, 0, width + 2), expand=False))


def _print_table(rows: list[ArticleRow]) -> None:
    from workers.cli import output
    from workers.wording import doubt, line, moment, published

    # Most lists have none: the column is there for those that do.
    marks = ("mark",) if any(doubt(row.confidence) for row in rows) else ()
    columns = ("id", "title", "source", "published", "words", "stored", *marks)
    table = output.table(*columns, numbers=("id", "words"))
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
    output.results().print(table)
