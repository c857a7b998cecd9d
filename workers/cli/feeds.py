"""``feedmill feeds``: the subscriptions."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation

if TYPE_CHECKING:
    from pipeline.model import Feed
    from pipeline.store.contract import Store

#: seconds: no feed shall be asked more often than this
_LEAST_INTERVAL = 60


@click.group()
@data_dir_option
def feeds() -> None:
    """Subscribe to feeds, which are polled again and again.

    \b
    Example:
      feedmill feeds add https://example.org/feed.xml
      feedmill feeds list
    """


@feeds.command()
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@click.option(
    "--interval",
    type=click.FloatRange(_LEAST_INTERVAL),
    metavar="SECONDS",
    help="Time between two polls.  [default: 3600]",
)
@click.option("--title", metavar="TEXT", help="A name for it; otherwise the feed says its own.")
@json_option
@data_dir_option
@pass_invocation
def add(
    invocation: Invocation, urls: tuple[str, ...], interval: float | None, title: str | None, as_json: bool
) -> None:
    """Subscribe to feeds by their addresses. A feed that is there already stays as it is.

    \b
    Example:
      feedmill feeds add https://example.org/feed.xml --interval 900
    """
    from pipeline.urls import canonical
    from workers.cli import output
    from workers.documents import feed_document
    from workers.wording import line

    for url in urls:
        canonical(url)  # refuse a wrong one before any is added
    store = invocation.store(create=True)
    added = [store.add_feed(url, time.time(), interval, title) for url in urls]
    running = invocation.wake()
    if as_json:
        output.print_json({"feeds": [feed_document(feed) for feed in added]})
        return
    for feed in added:
        click.echo(f"{feed.id}\t{line(feed.url)}")
    if not running:
        output.say("`feedmill up` polls feeds as they become due; `feedmill feeds poll` polls them once.")


@feeds.command("list")
@json_option
@data_dir_option
@pass_invocation
def list_feeds(invocation: Invocation, as_json: bool) -> None:
    """List the feeds with when they were polled and what went wrong.

    \b
    Example:
      feedmill feeds list --json
    """
    from workers.cli import output
    from workers.documents import feed_document

    found = invocation.store().feeds()
    if as_json:
        output.print_json({"feeds": [feed_document(feed) for feed in found]})
    elif found:
        _print_table(found)
    else:
        output.say("No feeds yet. Subscribe with `feedmill feeds add URL`.")


@feeds.command()
@click.argument("names", metavar="FEED...", nargs=-1, required=True)
@data_dir_option
@pass_invocation
def remove(invocation: Invocation, names: tuple[str, ...]) -> None:
    """Unsubscribe feeds, by number or address. Their articles stay.

    \b
    Example:
      feedmill feeds remove 3
    """
    from workers.wording import line

    store = invocation.store()
    for feed in named_feeds(store, names):
        store.remove_feed(feed.id)
        click.echo(f"removed {feed.id}\t{line(feed.url)}")


@feeds.command()
@click.argument("names", metavar="[FEED]...", nargs=-1)
@data_dir_option
@pass_invocation
def poll(invocation: Invocation, names: tuple[str, ...]) -> None:
    """Poll feeds now (all that are active, or those named). Where nothing runs, this runs until
    they are polled and what they brought is stored.

    \b
    Example:
      feedmill feeds poll
      feedmill feeds poll 3
    """
    from workers.cli import output
    from workers.wording import count

    store = invocation.store()
    wanted = named_feeds(store, names) if names else [one for one in store.feeds() if one.state == "active"]
    if not wanted:
        output.say("No feeds to poll. Subscribe with `feedmill feeds add URL`.")
        return
    store.touch_feeds([feed.id for feed in wanted], time.time())
    if invocation.wake():
        click.echo(f"{count(len(wanted), 'feed')} will be polled now.")
        return
    from workers.cli.polling import poll_here

    if not poll_here(invocation.settings, [feed.id for feed in wanted]):
        click.get_current_context().exit(1)


def named_feeds(store: Store, names: tuple[str, ...]) -> list[Feed]:
    """The feeds that are named by number or address. Raises click.UsageError for one unknown."""
    from pipeline.urls import canonical, is_url
    from workers.wording import line

    everything = store.feeds()
    found: dict[int, Feed] = {}
    for name in names:
        wanted = canonical(name) if is_url(name) else None
        match = [
            one for one in everything if str(one.id) == name or (wanted and canonical(one.url) == wanted)
        ]
        if not match:
            raise click.UsageError(f"There is no feed {line(name)}. `feedmill feeds list` shows them.")
        found[match[0].id] = match[0]
    return list(found.values())


def _print_table(found: list[Feed]) -> None:
    from rich.text import Text

    from workers.cli import output
    from workers.wording import line, moment, span

    table = output.table(
        "id", "title", "address", "state", "every", "polled", "next", "entries", "problem",
        numbers=("id", "entries"),
    )  # fmt: skip
    for feed in found:
        problem = f"{feed.problem.code}: {feed.problem.message}" if feed.problem else ""
        table.add_row(
            str(feed.id),
            Text(line(feed.title)),
            Text(line(feed.url)),
            feed.state,
            span(feed.interval),
            moment(feed.last_polled_at) or "never",
            moment(feed.due_at) if feed.state == "active" else "",
            f"{feed.entries_seen:,}",
            Text(line(problem), style="red"),
        )
    output.results().print(table)


__all__ = ["feeds", "named_feeds"]
