"""``feedmill show``: one article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import known_ids
from workers.cli.refusals import NotThere

if TYPE_CHECKING:
    from pipeline.store.contract import Store


@click.command()
@click.argument("article", metavar="ARTICLE", shell_complete=known_ids("articles"))
@json_option
@click.option("--markdown", is_flag=True, help="Print the text as Markdown, under its title.")
@data_dir_option
@pass_invocation
def show(invocation: Invocation, article: str, as_json: bool, markdown: bool) -> None:
    """Print one article.

    It is named by its id, or by the URL or path that it came from. With --json, `evidence` holds for each
    field its value and source as the kept page gives them today, and what other sources said; null if the
    page cannot be read once more.

    \b
    Example:
      feedmill show 12
      feedmill show 12 --markdown
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
        _print_fields(found)


def find_article(store: Store, name: str) -> dict[str, Any] | None:
    """An article by id, else the newest that came of an item of this name."""
    if name.isascii() and name.isdigit():
        return store.article(int(name))
    for item in store.find_items(name):
        if item.article is not None:
            return store.article(item.article)
    return None


def _print_fields(article: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    from workers.cli import output
    from workers.wording import line, paragraphs

    console = output.results()
    console.print(Text(line(article["title"]) or "(no title)", style="bold"))
    for subtitle in article["subtitles"]:
        console.print(Text(line(subtitle)))
    grid = Table.grid(padding=(0, 2))
    for name, value in _fields(article):
        grid.add_row(Text(name, style="dim"), Text(line(value)))
    console.print(grid)
    click.echo()
    click.echo(paragraphs(article["text"]))


def _fields(article: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields that have a value, in words; the long ones are printed elsewhere."""
    from workers.wording import in_words, sureness

    elsewhere = {"title", "subtitles", "text", "markup", "content_hash", "simhash", "provenance"}
    if article["canonical_url"] == article["url"]:
        elsewhere.add("canonical_url")
    told = article | {"confidence": sureness(article["confidence"])}
    return [
        (name.replace("_", " "), words)
        for name, value in told.items()
        if name not in elsewhere and (words := in_words(value))
    ]
