"""``feedmill feeds import`` and ``export``: subscriptions as OPML."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workers.cli.feeds_named import named_feeds
from workers.cli.invocation import Invocation, data_dir_option, json_option, output_option, pass_invocation
from workers.cli.known import files, known_ids
from workers.cli.refusals import NotThere

if TYPE_CHECKING:
    from workers.feed_lists import Imported


@click.command("import", short_help="Subscribe to all of an OPML list.")
@click.argument("file", metavar="FILE.opml|-", shell_complete=files)
@json_option
@data_dir_option
@pass_invocation
def import_list(invocation: Invocation, file: str, as_json: bool) -> None:
    """Subscribe to every feed of an OPML list, as other readers export it.

    Titles are kept. A line that cannot be used costs no other: it is named with the reason, and
    the exit code is 1.

    \b
    Example:
      feedmill feeds import subscriptions.opml
    """
    from workers.cli import output
    from workers.documents import feed_line
    from workers.feed_lists import import_opml

    body = _read(file, invocation.settings.max_feed_bytes)
    now = time.time()
    imported = import_opml(invocation.store(create=True), body, now)
    if imported.added:
        invocation.wake()
    if as_json:
        output.print_json(
            {
                "added": [feed_line(feed, now) for feed in imported.added],
                "already_there": [feed.id for feed in imported.there],
                "refused": [{"address": one.address, "reason": one.reason} for one in imported.refused],
            }
        )
    else:
        _print_imported(imported)
    if imported.refused:
        click.get_current_context().exit(1)


@click.command("export", short_help="Write subscriptions as OPML.")
@click.argument("names", metavar="[FEED]...", nargs=-1, shell_complete=known_ids("feeds"))
@output_option
@click.option("--with-passwords", is_flag=True, help="Keep user names and passwords in addresses.")
@data_dir_option
@pass_invocation
def export_list(
    invocation: Invocation, names: tuple[str, ...], path: Path | None, with_passwords: bool
) -> None:
    """Write the subscriptions (all, or those named) as an OPML list.

    \b
    Example:
      feedmill feeds export -o subscriptions.opml
    """
    from workers.cli import output
    from workers.cli.export import replaced
    from workers.feed_lists import export_opml
    from workers.wording import count

    store = invocation.store()
    feeds = named_feeds(store, names) if names else store.feeds()
    body = export_opml(feeds, time.time(), with_passwords=with_passwords)
    if path is None:
        sys.stdout.buffer.write(body)
        return
    with replaced(path) as stream:
        stream.write(body.decode("utf-8"))
    output.say(f"{count(len(feeds), 'feed')} written to {path}.")


def _read(file: str, most: int) -> bytes:
    """The bytes of a list. Raises NotThere, SourceError (`too_large`)."""
    from pipeline.errors import SourceError

    try:
        if file == "-":
            body = sys.stdin.buffer.read(most + 1)
        else:
            with open(file, "rb") as stream:
                body = stream.read(most + 1)
    except OSError as error:
        raise NotThere(f"{file} cannot be read: {error.strerror or error}. Nothing was imported.") from error
    if len(body) > most:
        raise SourceError(
            f"{file} is larger than {most:,} bytes (FEEDMILL_MAX_FEED_BYTES).", code="too_large"
        )
    return body


def _print_imported(imported: Imported) -> None:
    from workers.cli import output
    from workers.wording import count, line

    for one in imported.refused:
        click.echo(f"refused\t{line(one.address)}\t{line(one.reason)}")
    click.echo(
        f"{count(len(imported.added), 'feed')} added, {len(imported.there):,} already there, "
        f"{len(imported.refused):,} refused"
    )
    if imported.added:
        output.say("They are polled as soon as a scheduler runs; `feedmill feeds list` shows their health.")


__all__ = ["export_list", "import_list"]
