"""``feedmill articles``: what is stored, newest first, or what a search finds, best first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import click

from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import known_ids
from workers.cli.pager import no_pager_option, results_in_pages
from workers.cli.since import Since, since_option

if TYPE_CHECKING:
    from pipeline.store.contract import ArticleFilter, ArticleRow, Listing, Store

F = TypeVar("F", bound=Callable[..., Any])

#: articles asked for at once with --all
_PAGE = 200

_FILTERS = (
    click.option("--site", "--host", "site", metavar="NAME", help="Only of this site: its host or its name."),
    click.option("--lang", "--language", "language", metavar="TAG", help="Only in this language: en, de-AT."),
    click.option("--author", metavar="NAME", help="Only by, or with the help of, this person."),
    click.option("--agency", metavar="NAME", help="Only of this news agency."),
    click.option("--section", metavar="NAME", help="Only of this section."),
    click.option("--tag", metavar="WORD", help="Only with this tag."),
    click.option("--source", metavar="SOURCE", help="Only what this source brought, such as a feed's URL."),
    click.option("--published-since", type=Since(), metavar="TIME", help="Only published then or later."),
    click.option("--published-before", type=Since(), metavar="TIME", help="Only published before then."),
    since_option,
    click.option("--job", metavar="JOB", shell_complete=known_ids("jobs"), help="Only what this job stored."),
    click.option(
        "--min-confidence",
        type=click.FloatRange(0, 1),
        metavar="X",
        help="Only articles whose cut is at least so sure (0 to 1).",
    ),
    click.option("--doubtful", is_flag=True, help="Only articles whose cut is doubtful (below 0.7)."),
)


def filter_options(command: F) -> F:
    """Give a command the options that narrow articles down; `article_filter` makes a value of them."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def article_filter(named: dict[str, Any]) -> ArticleFilter:
    """What the options name."""
    from pipeline.model import DOUBTFUL
    from pipeline.store.contract import ArticleFilter

    fields = {name: named[name] for name in ("site", "language", "author", "agency", "section", "tag")}
    return ArticleFilter(
        **fields,
        source=named["source"],
        published_from=named["published_since"],
        published_before=named["published_before"],
        stored_since=named["since"],
        job=named["job"],
        min_confidence=named["min_confidence"],
        max_confidence=DOUBTFUL if named["doubtful"] else None,
    )


@click.command()
@click.option(
    "--search",
    metavar="QUERY",
    help='Only articles that answer, best first: words, "a phrase", begin*, -not, a OR b, title:, author:, '
    "agency:, section:, tag:, place:, language:, site:, source:, after:2026-03, before:2026-04-01.",
)
@filter_options
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, metavar="N", help="At most so many."
)
@click.option("--after", "cursor", metavar="CURSOR", help="Go on behind a list that ended with this cursor.")
@click.option("--all", "everything", is_flag=True, help="All of them, however many.")
@no_pager_option
@json_option
@data_dir_option
@pass_invocation
def articles(
    invocation: Invocation,
    search: str | None,
    limit: int,
    cursor: str | None,
    everything: bool,
    no_pager: bool,
    as_json: bool,
    **named: Any,
) -> None:
    """List the articles, newest first; those that a search finds, best first.

    On a terminal a long list comes through the pager ($PAGER, else less).

    \b
    Example:
      feedmill articles --search "harbour budget" --since 7d
      feedmill articles --search '"night ferry" -strike author:lopes'
      feedmill articles --site example.org --lang en --published-since 2026-03-01
      feedmill articles --doubtful --all --json
    """
    from workers.cli import output
    from workers.documents import article_line

    wanted = article_filter(named)
    store = invocation.store()
    pages = _pages(store, search, wanted, cursor, None if everything else limit)
    if as_json:
        rows: list[ArticleRow] = []
        following = None
        for page in pages:
            rows += page
            following = page.next
        output.print_json({"articles": [article_line(row) for row in rows], "next": following})
        return
    narrowed = bool(search or cursor) or any(
        value is not None and value is not False for value in named.values()
    )
    _print_pages(pages, search, narrowed, no_pager)


def _pages(
    store: Store, search: str | None, wanted: ArticleFilter, cursor: str | None, limit: int | None
) -> Iterator[Listing[ArticleRow]]:
    """The list in one page, or (limit None) all pages of it, asked for as they are wanted."""
    while True:
        page = store.articles(search=search, wanted=wanted, limit=limit or _PAGE, cursor=cursor)
        # For a phrase only so many articles are looked into at a time: a terminal waits for more.
        while not page and page.next is not None:
            page = store.articles(search=search, wanted=wanted, limit=limit or _PAGE, cursor=page.next)
        yield page
        cursor = page.next
        if limit is not None or cursor is None:
            return


def _print_pages(
    pages: Iterator[Listing[ArticleRow]], search: str | None, narrowed: bool, no_pager: bool
) -> None:
    from workers.cli import output
    from workers.cli.listed import print_articles

    first = next(pages)
    if not first:
        none_yet = "No articles yet. Begin with `feedmill run SOURCE`."
        output.say("No article matches." if narrowed else none_yet)
        return
    last = first
    with results_in_pages(no_pager) as console:
        print_articles(console, first, search)
        for last in pages:
            print_articles(console, last, search, headed=False)
    if last.next is not None:
        which = "best" if search else "newest"
        output.say(f"The {which} {len(last):,}. More: --limit N, --all, or --after {last.next}")


__all__ = ["article_filter", "articles", "filter_options"]
