"""``feedmill why``: what became of an article that somebody misses, and why."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import known_ids
from workers.cli.refusals import NotThere

if TYPE_CHECKING:
    from pipeline.model import Page
    from pipeline.store.contract import ItemRow, Store
    from workers.stages import Stages
    from workers.whereabouts import Clue, Whereabouts


@click.command()
@click.argument("name", metavar="URL_OR_PATH_OR_ITEM", shell_complete=known_ids("failed"))
@click.option("--page", "as_page", is_flag=True, help="Print the kept page, byte for byte, and nothing else.")
@click.option("--text", "as_text", is_flag=True, help="Print what cleaning makes of the kept page today.")
@click.option("--cut", is_flag=True, help="Print what cleaning leaves out of the kept page, and as what.")
@json_option
@data_dir_option
@pass_invocation
def why(invocation: Invocation, name: str, as_page: bool, as_text: bool, cut: bool, as_json: bool) -> None:
    """Tell what became of an article, and why: by its URL, path, headline or item.

    Every stage and attempt, the error in words, what helps, and, read once more from the page that is kept,
    where each value came from and what other sources said instead. What is not known is looked for: in
    feeds, among what was deleted, at its host, among the titles. Exit 1 if it is nowhere.

    \b
    Example:
      feedmill why https://example.org/news/story.html
      feedmill why seeds/wire/storm.txt
      feedmill why "harbour budget"
      feedmill why 17 --cut
      feedmill why 17 --page > page.html
    """
    from workers.whereabouts import whereabouts

    if not name.strip():
        raise click.UsageError("Name a URL, a path, an item's number, or words of a headline.")
    if as_page + as_text + cut + as_json > 1:
        raise click.UsageError("--page, --text, --cut and --json exclude each other.")
    store = invocation.store()
    found = whereabouts(store, _stages(invocation), name, time.time(), invocation.settings)
    items = _items(store, name, found)
    if as_page or as_text:
        _print_kept(store, name, items, as_page)
    elif cut:
        _print_cut(store, name, items)
    elif as_json:
        _print_json(store, items, found)
    elif items:
        _print_item(invocation, store, items, found)
    else:
        _print_clues(found.clues)
    if not items and not found.is_known and all(clue.tone != "good" for clue in found.clues):
        click.get_current_context().exit(1)


def _stages(invocation: Invocation) -> Stages | None:
    """The stages; None, and a word about it, where Redis is away: rows can be asked all the same."""
    from pipeline.errors import PipelineError
    from workers.cli import output

    try:
        return invocation.stages()
    except PipelineError as error:
        if error.code != "redis":
            raise
        output.say(error.message)
        return None


def _items(store: Store, name: str, found: Whereabouts) -> list[ItemRow]:
    """The items that are surely meant, the newest first; none where several things are called so."""
    items = store.find_items(name)
    if found.item is not None:
        return items if items and items[0].id == found.item else store.find_items(str(found.item))
    return items if len({item.key for item in items}) == 1 else []


def _print_json(store: Store, items: list[ItemRow], found: Whereabouts) -> None:
    from workers.cli import output
    from workers.cli.evidence import evidence_document
    from workers.documents import item_document
    from workers.whereabouts import whereabouts_document

    told = {"items": [item_document(item) for item in items]}
    with_values = items[0].id if items and items[0].article is not None else None
    evidence = {"evidence": evidence_document(store, with_values)}
    output.print_json(told | evidence | {"whereabouts": whereabouts_document(found)})


def _print_item(invocation: Invocation, store: Store, items: list[ItemRow], found: Whereabouts) -> None:
    from workers.cli.evidence import print_evidence
    from workers.cli.passport import print_older, print_passport

    newest = items[0]
    print_passport(store, newest, invocation.settings)
    if newest.article is not None:
        print_evidence(store, newest.id)
    if len(items) > 1:
        print_older(items[1:])
    mine = {f"/items/{item.id}" for item in items} | {f"/articles/{item.article}" for item in items}
    more = [clue for clue in found.clues if clue.link not in mine]
    if more:
        click.echo()
        _print_clues(more)


def _print_clues(clues: list[Clue]) -> None:
    """What is known, one clue a paragraph: what it says, what helps, the command for it."""
    from rich.table import Table
    from rich.text import Text

    from workers.cli import output
    from workers.wording import line

    styles = {"good": "bold green", "bad": "bold red", "wait": "bold magenta", "note": "bold"}
    console = output.results()
    for number, clue in enumerate(clues):
        if number:
            console.print()
        grid = Table.grid(padding=(0, 2))
        grid.add_row(Text(clue.tone, style=styles[clue.tone]), Text(line(clue.says)))
        if clue.next:
            grid.add_row("", Text(line(clue.next)))
        if clue.command:
            grid.add_row("", Text(f"$ {line(clue.command)}", style="bold"))
        console.print(grid)


def _print_kept(store: Store, name: str, items: list[ItemRow], as_page: bool) -> None:
    """The newest page of the items, or its text. Raises NotThere where none is kept."""
    from pipeline.clean import clean
    from workers.cli import output
    from workers.wording import paragraphs

    page = _kept(store, name, items)
    if as_page:
        sys.stdout.buffer.write(page.body)
        return
    document = clean(page)
    if document.problem is not None:
        output.say(document.problem.message)
    click.echo(paragraphs("\n\n".join(block.text for block in document.blocks)))


def _print_cut(store: Store, name: str, items: list[ItemRow]) -> None:
    """A line for each piece of the newest kept page that is not in the text, behind what it is taken for."""
    from rich.table import Table
    from rich.text import Text

    from workers.cli import output
    from workers.passport import autopsy
    from workers.wording import line

    _kept(store, name, items)
    found = next(one for one in (autopsy(store, item.id, whole=True)[0] for item in items) if one)
    kept, cut = found.words
    grid = Table.grid(padding=(0, 2))
    for piece in found.pieces:
        if not piece.kept:
            grid.add_row(Text(line(piece.called)), Text(line(piece.text), overflow="fold"))
    output.results().print(grid)
    output.say(f"{cut:,} words are left out, {kept:,} are kept: `feedmill why NAME --text` prints those.")


def _kept(store: Store, name: str, items: list[ItemRow]) -> Page:
    from workers.evidence import kept_page
    from workers.wording import line

    missing = "It names no single item."
    for item in items:
        page, missing = kept_page(store, item.id)
        if page is not None:
            return page
    raise NotThere(
        f"There is no kept page of {line(name)}: {missing} `feedmill why` tells what is known of it."
    )


__all__ = ["why"]
