"""``feedmill delete``: articles that go, and do not come back."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import known_ids
from workers.cli.refusals import NotThere

if TYPE_CHECKING:
    from pipeline.store.contract import Store


@click.command()
@click.argument("names", metavar="ARTICLE...", nargs=-1, shell_complete=known_ids("articles"))
@click.option(
    "--forget",
    metavar="URL",
    help="Instead of deleting: let what was deleted under this URL or path come in again.",
)
@click.option("--yes", is_flag=True, help="Do not ask for confirmation on a terminal.")
@json_option
@data_dir_option
@pass_invocation
def delete(
    invocation: Invocation, names: tuple[str, ...], forget: str | None, yes: bool, as_json: bool
) -> None:
    """Delete articles, named by their id, or by the URL or path that they came from.

    A deleted article stays deleted: when it comes again, under its address or with its text, the
    item ends `skipped` (deleted). --forget undoes that.

    \b
    Example:
      feedmill delete 12 17
      feedmill delete --forget https://example.org/news/story.html
    """
    if bool(names) == (forget is not None):
        raise click.UsageError("Name the articles to delete, or give --forget URL.")
    store = invocation.store()
    if forget is not None:
        _forget(store, forget, as_json)
    else:
        _delete(store, names, yes, as_json)


def _delete(store: Store, names: tuple[str, ...], yes: bool, as_json: bool) -> None:
    from workers.cli import output
    from workers.wording import count

    articles = _found(store, names)
    if not yes and sys.stdin.isatty():
        for article in articles.values():
            output.say(_label(article))
        click.confirm(f"Delete {count(len(articles), 'article')} for good?", abort=True, err=True)
    deleted = {number: one for number, one in articles.items() if store.delete_article(number, time.time())}
    if as_json:
        output.print_json({"deleted": list(deleted)})
        return
    for article in deleted.values():
        click.echo(f"deleted {_label(article)}")


def _found(store: Store, names: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    """The articles by id. Raises NotThere for a name that has none: then none is deleted."""
    from workers.cli.deleted import named_article, no_article

    found = {}
    for name in names:
        article = named_article(store, name)
        if article is None:
            raise NotThere(no_article(store, name))
        found[article["id"]] = article
    return found


def _forget(store: Store, name: str, as_json: bool) -> None:
    from workers.cli import output
    from workers.cli.deleted import keys_of
    from workers.wording import line

    forgotten = [key for key in keys_of(store, name) if store.forget_deleted(key)]
    if not forgotten:
        raise NotThere(f"Nothing that was deleted is known by {line(name)}.")
    if as_json:
        output.print_json({"forgotten": forgotten})
        return
    click.echo(f"forgotten\t{line(name)}")
    output.say("It may come in again: a feed brings it when its entry changes, `feedmill enqueue` at once.")


def _label(article: dict[str, Any]) -> str:
    from pipeline.urls import without_password
    from workers.wording import line

    title = line(article["title"]) or "(no title)"
    return f"{article['id']}\t{title}\t{line(without_password(article['url'] or ''))}"


__all__ = ["delete"]
