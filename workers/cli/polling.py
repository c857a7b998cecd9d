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
#: for retries of what the feeds brought: those due later are left to `feedmill up`
_PATIENCE = 5.0


def poll_here(settings: Settings, wanted: Sequence[int]) -> bool:
    """Poll feeds that are due and wait for what they bring. False when a poll or an item failed.

    Raises what `workers.embedded.Deployment` raises.
    """
    started = time.time()
    with orderly_interrupts("Stopping. What is unfinished is kept."):
        from workers.embedded import Deployment

        with Deployment(settings, poll_feeds=True) as deployment:
            polled = _wait_for_polls(deployment, wanted, started)
            failed = _wait_for_jobs(deployment, started)
    _print_polled(polled)
    return not failed and all(feed.problem is None for feed in polled)


def _wait_for_polls(deployment: Deployment, wanted: Sequence[int], started: float) -> list[Feed]:
    deployment.stages.wake()
    while True:
        deployment.check()
        found = deployment.store.feeds(list(wanted))
        if all((feed.last_polled_at or 0.0) >= started for feed in found):
            return found
        time.sleep(_LOOK)


def _wait_for_jobs(deployment: Deployment, started: float) -> int:
    """Follow the jobs that the polls opened; returns how many items failed."""
    from workers.cli import output
    from workers.cli.follow import Follower
    from workers.cli.progress import progress_on

    failed = 0
    for job in [one.job for one in deployment.store.jobs(1000) if one.created_at >= started]:
        follower = Follower(deployment.store, deployment.stages, job, alongside=deployment.check)
        with progress_on(output.messages()) as progress:
            document = follower.until_ended(progress, patience=_PATIENCE).document
        failed += document["outcomes"]["failed"]
    return failed


def _print_polled(polled: Sequence[Feed]) -> None:
    from workers.wording import line

    for feed in polled:
        result = f"{feed.problem.code}: {feed.problem.message}" if feed.problem else "polled"
        click.echo(f"{feed.id}\t{line(feed.title or feed.url)}\t{line(result)}")


__all__ = ["poll_here"]
