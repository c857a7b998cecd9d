"""``feedmill feeds list`` and ``show``: is this source working, and is it complete?"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from workers.cli.feeds_named import named_feeds
from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import known_ids

if TYPE_CHECKING:
    from rich.text import Text

    from pipeline.model import Feed
    from workers.feed_health import Health

#: columns that a terminal must have to show addresses beside titles
_WIDE = 150

_COLOURS = {"gone": "red", "failing": "red", "late": "magenta", "overflow": "magenta", "silent": "magenta"}


@click.command("list", short_help="List feeds with their health.")
@click.option("--failing", is_flag=True, help="Only feeds whose last poll did not work, or that are gone.")
@click.option(
    "--state", type=click.Choice(["active", "paused", "gone"]), help="Only feeds that are in this state."
)
@click.option("--health", "word", metavar="WORD", help="Only feeds with this health, as `silent`.")
@json_option
@data_dir_option
@pass_invocation
def list_feeds(
    invocation: Invocation, failing: bool, state: str | None, word: str | None, as_json: bool
) -> None:
    """List the feeds with their health: do they work, and are they complete?

    \b
    Example:
      feedmill feeds list
      feedmill feeds list --failing --json
    """
    from workers.cli import output
    from workers.documents import feed_line
    from workers.feed_health import WORDS, selected

    if word is not None and word not in WORDS:
        raise click.UsageError(f"--health {word} is none of {', '.join(WORDS)}.")
    now = time.time()
    everything = invocation.store().feeds()
    found = selected(everything, now, state=state, word=word, failing=failing)
    if as_json:
        output.print_json({"feeds": [feed_line(feed, now) for feed in found]})
    elif found:
        _print_table(found, now)
    elif everything:
        output.say("No feed is like that.")
    else:
        output.say("No feeds yet. Subscribe with `feedmill feeds add URL`.")


@click.command(short_help="Tell everything of one feed.")
@click.argument("name", metavar="FEED", shell_complete=known_ids("feeds"))
@json_option
@data_dir_option
@pass_invocation
def show(invocation: Invocation, name: str, as_json: bool) -> None:
    """Tell everything of one feed, named by its number or its address.

    \b
    Example:
      feedmill feeds show 3
    """
    from workers.cli import output
    from workers.documents import feed_document

    (feed,) = named_feeds(invocation.store(), [name])
    now = time.time()
    if as_json:
        output.print_json(feed_document(feed, now))
    else:
        _print_feed(feed, now)


def _print_table(found: list[Feed], now: float) -> None:
    """One line a feed. On a narrow terminal addresses are left out, and problems stand below."""
    from rich.text import Text

    from workers.cli import output
    from workers.feed_health import health
    from workers.wording import from_now, span

    console = output.results()
    wide = console.width >= _WIDE
    named = ("state", "health", "title", "address") if wide else ("health", "title")
    timed = ("every", "next", "success", "new entry", "entries")
    table = output.table("id", *named, *timed, *(("problem",) if wide else ()), numbers=("id", "entries"))
    problems = []
    for feed in found:
        judged = health(feed, now)
        problem = Text(_problem(feed, judged), style=_COLOURS.get(judged.word, ""))
        if problem and not wide:
            problems.append(Text.assemble(f"{feed.id}  ", problem))
        table.add_row(
            str(feed.id),
            *_names(feed, judged, wide),
            span(feed.interval),
            from_now(max(feed.due_at, now), now, roughly=True) if feed.state == "active" else "",
            from_now(feed.last_success_at, now, roughly=True) or "never",
            from_now(feed.last_new_at, now, roughly=True) or "never",
            f"{feed.entries_seen:,}",
            *((problem,) if wide else ()),
        )
    console.print(table)
    if problems:
        console.print()
    for problem in problems:
        console.print(problem)


def _names(feed: Feed, judged: Health, wide: bool) -> list[Text]:
    from rich.text import Text

    from pipeline.urls import without_password
    from workers.wording import line

    title, address = line(feed.title), line(without_password(feed.url))
    word = Text(judged.word, style=_COLOURS.get(judged.word, ""))
    if wide:
        return [Text(feed.state), word, Text(title), Text(address)]
    return [word, Text(title or address)]


def _problem(feed: Feed, judged: Health) -> str:
    """What is wrong, behind its code where it has one."""
    from workers.feed_health import TROUBLE
    from workers.wording import line

    if judged.word not in TROUBLE:
        return ""
    failing = feed.problem is not None and judged.word == "failing"
    return line(f"{feed.problem.code}: {judged.says}" if failing else judged.says)


def _print_feed(feed: Feed, now: float) -> None:
    from rich.table import Table
    from rich.text import Text

    from pipeline.urls import without_password
    from workers.cli import output
    from workers.feed_facts import facts
    from workers.wording import line

    console = output.results()
    console.print(Text(line(feed.title) or line(without_password(feed.url)), style="bold"))
    grid = Table.grid(padding=(0, 2))
    grid.add_row(Text("feed"), Text(str(feed.id)))
    for name, words in facts(feed, now):
        for number, one in enumerate(words.split("\n")):
            grid.add_row(Text("" if number else name), Text(line(one)))
    console.print(grid)
    if feed.history:
        console.print()
        _print_history(feed)


def _print_history(feed: Feed) -> None:
    from rich.text import Text

    from workers.cli import output
    from workers.feed_facts import has_entries, poll_in_words
    from workers.wording import line, moment, span

    table = output.table(
        "polled", "took", "status", "entries", "new", "result", numbers=("took", "entries", "new")
    )
    for poll in reversed(feed.history):
        table.add_row(
            moment(poll.at),
            span(poll.seconds),
            str(poll.status or ""),
            f"{poll.entries:,}" if has_entries(poll) else "",
            f"{poll.new:,}" if has_entries(poll) else "",
            Text(line(poll_in_words(poll))),
        )
    output.results().print(table)


__all__ = ["list_feeds", "show"]
