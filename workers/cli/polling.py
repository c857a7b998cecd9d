"""Polling feeds once, in an embedded deployment that lasts until their articles are stored."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from pipeline.settings import Settings
from workers.cli.interrupt import orderly_interrupts

if TYPE_CHECKING:
    from pipeline.model import Feed
    from workers.embedded import Deployment

_LOOK = 0.2
#: seconds between two lines that tell how far it is
_TELL = 5.0
#: for retries of what the feeds brought: those due later are left to `feedmill up`
_PATIENCE = 5.0


def poll_here(settings: Settings, wanted: Sequence[int]) -> tuple[list[Feed], int]:
    """Poll feeds that are due and wait for what they bring: the feeds as they are then, and how many
    of the items that they brought failed.

    Raises what `workers.embedded.Deployment` raises.
    """
    started = time.time()
    with orderly_interrupts("Stopping. What is unfinished is kept."):
        from workers.embedded import Deployment

        with Deployment(settings, poll_feeds=True) as deployment:
            polled = _wait_for_polls(deployment, wanted, started)
            failed = _wait_for_jobs(deployment, started)
    return polled, failed


def print_polled(polled: Sequence[Feed], *, as_json: bool) -> None:
    """A line for each feed: what its last poll brought, and when the next one is due and why."""
    from pipeline.urls import without_password
    from workers.cli import output
    from workers.documents import feed_document
    from workers.wording import line

    now = time.time()
    if as_json:
        output.print_json({"feeds": [feed_document(feed, now) for feed in polled]})
        return
    for feed in polled:
        name = feed.title or without_password(feed.url)
        click.echo(f"{feed.id}\t{line(name)}\t{line(_result(feed, now))}")


def _result(feed: Feed, now: float) -> str:
    """``12 entries, 3 new; next poll in 25 min: an entry comes every 50 min``"""
    from workers.feed_facts import next_poll, poll_in_words

    if feed.problem:
        brought = f"{feed.problem.code}: {feed.problem.message}"
    else:
        brought = poll_in_words(feed.history[-1]) if feed.history else "polled"
    return f"{brought}; {next_poll(feed, now)}"


def _wait_for_polls(deployment: Deployment, wanted: Sequence[int], started: float) -> list[Feed]:
    """Until each feed that is still subscribed was polled after started. A host that wants long pauses
    may take its time: how far it is, is said now and then."""
    from workers.cli import output
    from workers.wording import count

    deployment.stages.wake()
    told, said = time.monotonic(), 0
    while True:
        deployment.check()
        found = deployment.store.feeds(list(wanted))
        polled = sum((feed.last_polled_at or 0.0) >= started for feed in found)
        if polled == len(found):
            return found
        if time.monotonic() - told >= _TELL and polled != said:
            output.say(f"{polled:,} of {count(len(found), 'feed')} polled")
            told, said = time.monotonic(), polled
        time.sleep(_LOOK)


def _wait_for_jobs(deployment: Deployment, started: float) -> int:
    """Follow the jobs that the polls opened; returns how many items failed."""
    from workers.cli import output
    from workers.cli.follow import Follower
    from workers.cli.progress import progress_on

    failed = 0
    for job in [one.job for one in deployment.store.jobs(1000) if one.created_at >= started]:
        follower = Follower(deployment.store, deployment.stages, job, alongside=deployment.check)
        with progress_on(output.messages(), deployment.store) as progress:
            document = follower.until_ended(progress, patience=_PATIENCE).document
        failed += document["outcomes"]["failed"]
    return failed


__all__ = ["poll_here", "print_polled"]
