"""``feedmill feeds pause``, ``resume`` and ``set``."""

from __future__ import annotations

import time
from typing import Literal

import click

from workers.cli.feeds_named import named_feeds
from workers.cli.feeds_options import interval_option, title_option
from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import known_ids

_names = click.argument(
    "names", metavar="FEED...", nargs=-1, required=True, shell_complete=known_ids("feeds")
)


@click.command(short_help="Poll feeds no more until resumed.")
@_names
@json_option
@data_dir_option
@pass_invocation
def pause(invocation: Invocation, names: tuple[str, ...], as_json: bool) -> None:
    """Poll feeds no more until they are resumed.

    \b
    Example:
      feedmill feeds pause 3
    """
    _change(invocation, names, as_json, state="paused")


@click.command(short_help="Poll feeds again, at once.")
@_names
@json_option
@data_dir_option
@pass_invocation
def resume(invocation: Invocation, names: tuple[str, ...], as_json: bool) -> None:
    """Poll feeds again that were paused or gone; they are due at once.

    \b
    Example:
      feedmill feeds resume 3
    """
    _change(invocation, names, as_json, state="active")
    invocation.wake()


@click.command("set", short_help="Set interval or title.")
@_names
@interval_option
@title_option
@json_option
@data_dir_option
@pass_invocation
def set_feed(
    invocation: Invocation,
    names: tuple[str, ...],
    interval: float | Literal["auto"] | None,
    title: str | None,
    as_json: bool,
) -> None:
    """Set how often feeds are polled, or what one is called.

    \b
    Example:
      feedmill feeds set 3 --interval 900
      feedmill feeds set 3 --interval auto
    """
    if interval is None and title is None:
        raise click.UsageError("Say what to set: --interval SECONDS, --interval auto, or --title TEXT.")
    if title is not None and len(names) > 1:
        raise click.UsageError("A title names one feed.")
    _change(invocation, names, as_json, interval=interval, title=title)


def _change(
    invocation: Invocation,
    names: tuple[str, ...],
    as_json: bool,
    *,
    state: str | None = None,
    interval: float | Literal["auto"] | None = None,
    title: str | None = None,
) -> None:
    from pipeline.urls import without_password
    from workers.cli import output
    from workers.documents import feed_line
    from workers.feed_facts import next_poll
    from workers.wording import line

    store, now = invocation.store(), time.time()
    changed = [
        store.change_feed(feed.id, now, state=state, interval=interval, title=title)
        for feed in named_feeds(store, names)
    ]
    # One that was removed in this very moment is left out.
    there = [feed for feed in changed if feed is not None]
    if as_json:
        output.print_json({"feeds": [feed_line(feed, now) for feed in there]})
        return
    for feed in there:
        name = line(feed.title) or line(without_password(feed.url))
        click.echo(f"{feed.id}\t{name}\t{line(next_poll(feed, now))}")


__all__ = ["pause", "resume", "set_feed"]
