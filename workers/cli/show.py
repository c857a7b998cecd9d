"""``feedmill show``: one article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import known_ids
from workers.cli.pager import no_pager_option
from workers.cli.refusals import NotThere

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from pipeline.store.contract import Store

#: columns that the eye follows without losing the line
_READABLE = 80


@click.command()
@click.argument("article", metavar="ARTICLE", shell_complete=known_ids("articles"))
@json_option
@click.option("--markdown", is_flag=True, help="Print the text as Markdown, under its title.")
@click.option("--fields", is_flag=True, help="With all fields, and where the value of each came from.")
@no_pager_option
@data_dir_option
@pass_invocation
def show(
    invocation: Invocation, article: str, as_json: bool, markdown: bool, fields: bool, no_pager: bool
) -> None:
    """Read one article.

    It is named by its id, or by the URL or path that it came from. On a terminal a long one comes through
    the pager ($PAGER, else less). With --json, `evidence` holds for each
    field its value and source as the kept page gives them today, and what other sources said; null if the
    page cannot be read once more.

    \b
    Example:
      feedmill show 12
      feedmill show https://example.org/news/story.html --fields
      feedmill show 12 --markdown > story.md
    """
    from workers.cli import output
    from workers.cli.deleted import no_article
    from workers.cli.evidence import evidence_document
    from workers.reading import as_markdown

    if as_json and markdown:
        raise click.UsageError("--json and --markdown exclude each other.")
    store = invocation.store()
    found = find_article(store, article)
    if found is None:
        raise NotThere(no_article(store, article))
    if as_json:
        item = store.article_item(found["id"])
        output.print_json(found | {"evidence": evidence_document(store, item)})
    elif markdown:
        click.echo(as_markdown(found), nl=False)
    else:
        _print_page(found, fields, no_pager)


def find_article(store: Store, name: str) -> dict[str, Any] | None:
    """An article by id, else the newest that came of an item of this name."""
    if name.isascii() and name.isdigit():
        return store.article(int(name))
    for item in store.find_items(name):
        if item.article is not None:
            return store.article(item.article)
    return None


def _print_page(article: dict[str, Any], with_sources: bool, no_pager: bool) -> None:
    """As one would like to read it: headlines, byline, text; below a rule all that is known of it."""
    from rich.text import Text

    from workers.cli.pager import results_in_pages
    from workers.cli.prose import page_of
    from workers.wording import line, paragraphs

    with results_in_pages(no_pager) as console:
        # Where nothing wraps (a pipe), a paragraph stays one line.
        width = min(_READABLE, console.width) if console.is_terminal else console.width
        console.print(Text(line(article["title"]) or "(no title)", style="bold"), width=width)
        for subtitle in article["subtitles"]:
            console.print(Text(line(subtitle), style="italic"), width=width)
        if byline := _byline(article):
            console.print(Text(line(byline)), width=width)
        console.print(_rule(console))
        console.print()
        for block in page_of(paragraphs(article["markup"] or article["text"])):
            console.print(block, width=width)
        console.print()
        console.print(_rule(console))
        console.print(_fields_table(article, with_sources), width=max(width, 40))


def _rule(console: Console) -> Text:
    from rich.text import Text

    mark = "-" if console.options.ascii_only else "\u2500"
    return Text(mark * min(_READABLE, console.width))


def _byline(article: dict[str, Any]) -> str:
    """``By Ann Lee and Bo Ek, AP · The Wire · 2026-03-01 08:05``"""
    from workers.wording import published

    *others, last = article["authors"] or [""]
    by = f"By {', '.join(others)} and {last}" if others else f"By {last}" if last else ""
    told = [by, article["agency"], article["site_name"], published(article["published_at"])]
    return " \u00b7 ".join(dict.fromkeys(one for one in told if one))


def _fields_table(article: dict[str, Any], with_sources: bool) -> Table:
    from rich.table import Table
    from rich.text import Text

    from workers.wording import line

    grid = Table.grid(padding=(0, 2))
    for _ in range(3 if with_sources else 2):
        grid.add_column(overflow="fold")
    for name, value in _fields(article, with_sources):
        source = article["provenance"].get(name, "") if with_sources else ""
        row = [Text(name.replace("_", " ")), Text(line(value))]
        grid.add_row(*row, *([Text(line(source))] if with_sources else []))
    return grid


def _fields(article: dict[str, Any], everything: bool) -> list[tuple[str, str]]:
    """The fields that have a value, in words; without everything: those that stand above left out."""
    from workers.wording import in_words, sureness

    elsewhere = {"text", "markup", "content_hash", "simhash", "provenance"}
    if not everything:
        elsewhere |= {"title", "subtitles"}
    if article["canonical_url"] == article["url"]:
        elsewhere.add("canonical_url")
    told = article | {"confidence": sureness(article["confidence"])}
    return [
        (name, words) for name, value in told.items() if name not in elsewhere and (words := in_words(value))
    ]


__all__ = ["find_article", "show"]
