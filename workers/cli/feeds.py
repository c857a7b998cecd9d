"""``feedmill feeds``: the subscriptions."""

from __future__ import annotations

import time

import click

from workers.cli.feeds_change import pause, resume, set_feed
from workers.cli.feeds_lists import export_list, import_list
from workers.cli.feeds_named import named_feeds
from workers.cli.feeds_options import interval_option, title_option
from workers.cli.feeds_show import list_feeds, show
from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import known_ids


@click.group()
@data_dir_option
def feeds() -> None:
    """Subscribe to feeds, which are polled again and again.

    \b
    Example:
      feedmill feeds add https://example.org/feed.xml
      feedmill feeds list
    """


@feeds.command(short_help="Subscribe to feeds by their addresses.")
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@interval_option
@title_option
@json_option
@data_dir_option
@pass_invocation
def add(
    invocation: Invocation,
    urls: tuple[str, ...],
    interval: float | str | None,
    title: str | None,
    as_json: bool,
) -> None:
    """Subscribe to feeds by their addresses. A feed that is there already stays as it is.

    The address may be a home page: the feed that it names is looked for at the first poll, and
    `feedmill feeds show` tells which was found.

    \b
    Example:
      feedmill feeds add https://example.org/feed.xml --interval 900
    """
    from pipeline.urls import canonical, without_password
    from workers.cli import output
    from workers.documents import feed_line
    from workers.wording import line

    for url in urls:
        canonical(url)  # refuse a wrong one before any is added
    store = invocation.store(create=True)
    now = time.time()
    seconds = interval if isinstance(interval, float) else None
    added = [store.add_feed(url, now, seconds, title) for url in urls]
    running = invocation.wake()
    if as_json:
        output.print_json({"feeds": [feed_line(feed, now) for feed in added]})
        return
    for feed in added:
        click.echo(f"{feed.id}\t{line(without_password(feed.url))}")
    if not running:
        output.say("`feedmill up` polls feeds as they become due; `feedmill feeds poll` polls them once.")


@feeds.command(short_help="Unsubscribe; their articles stay.")
@click.argument("names", metavar="FEED...", nargs=-1, required=True, shell_complete=known_ids("feeds"))
@json_option
@data_dir_option
@pass_invocation
def remove(invocation: Invocation, names: tuple[str, ...], as_json: bool) -> None:
    """Unsubscribe feeds, by number or address. Their articles stay.

    \b
    Example:
      feedmill feeds remove 3
    """
    from pipeline.urls import without_password
    from workers.cli import output
    from workers.wording import line

    store = invocation.store()
    wanted = named_feeds(store, names)
    removed = [feed for feed in wanted if store.remove_feed(feed.id)]
    if as_json:
        output.print_json({"removed": [feed.id for feed in removed]})
        return
    for feed in removed:
        click.echo(f"removed {feed.id}\t{line(without_password(feed.url))}")


@feeds.command(short_help="Poll feeds now, all or those named.")
@click.argument("names", metavar="[FEED]...", nargs=-1, shell_complete=known_ids("feeds"))
@json_option
@data_dir_option
@pass_invocation
def poll(invocation: Invocation, names: tuple[str, ...], as_json: bool) -> None:
    """Poll feeds now (all that are active, or those named). Where nothing runs, this runs until
    they are polled and what they brought is stored.

    A feed that is named is polled even when it was paused or gone, and is active again.

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
        if as_json:
            output.print_json({"feeds": []})
        output.say("No feeds to poll. Subscribe with `feedmill feeds add URL`.")
        return
    ids = [feed.id for feed in wanted]
    store.touch_feeds(ids, time.time())
    if invocation.wake():
        if as_json:
            output.print_json({"asked": ids})
        else:
            click.echo(f"{count(len(wanted), 'feed')} will be polled now: `feedmill feeds list` shows them.")
        return
    from workers.cli.polling import poll_here, print_polled

    polled, failed = poll_here(invocation.settings, ids)
    print_polled(polled, as_json=as_json)
    if failed or any(feed.problem for feed in polled):
        click.get_current_context().exit(1)


for command in (list_feeds, show, set_feed, pause, resume, import_list, export_list):
    feeds.add_command(command)

__all__ = ["feeds"]
