"""What a job waits for, in one sentence: why it is not faster. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pipeline.model import STAGES
from workers.wording import count, from_now

#: items are in flight as many as fit when so much of the window is used
FULL_SHARE = 0.9


class Deployment(NamedTuple):
    """What Redis tells of all jobs together."""

    #: whether somebody ticks
    ticks: bool
    #: stages that no worker serves
    unserved: list[str]
    #: why no further page is taken up; None: it is
    held_back: str | None
    #: items in flight, and how many may be
    live: int
    window: int


class Left(NamedTuple):
    """What a job has yet to do."""

    pending: int
    #: of these, not due yet: all, and those that failed and are tried again
    later: int
    retried: int
    last_due: float | None
    #: stage -> items that wait there, and that are worked at
    stages: Mapping[str, Mapping[str, int]]


def waits_for(left: Left, deployment: Deployment, now: float) -> str:
    """Empty: nothing is known to hold it up, or nothing is left."""
    return next(_reasons(left, deployment, now), "")


def _reasons(left: Left, deployment: Deployment, now: float) -> Iterator[str]:
    """The most pressing first."""
    work = {stage: sum(left.stages[stage].values()) for stage in STAGES}
    in_flight = sum(work.values())
    if not (left.pending or in_flight):
        return
    if not deployment.ticks:
        yield "It stands still: no scheduler ticks, and nothing new is taken up. Start feedmill scheduler."
    first = STAGES[0]
    for stage in deployment.unserved:
        if work.get(stage) or (stage == first and left.pending):
            yield f"It waits for a worker: none serves {stage}. Start feedmill worker --queues {stage}."
    if left.pending and deployment.held_back:
        yield f"It waits for room: {deployment.held_back}"
    yield from _of_time(left, in_flight, now)
    if left.pending > left.later and deployment.live >= FULL_SHARE * deployment.window:
        told = (
            f"{count(deployment.live, 'item')} of all jobs are in flight, as many as may be (FEEDMILL_WINDOW)"
        )
        yield f"It waits for its turn: {told}."
    fullest = max(STAGES, key=lambda stage: left.stages[stage]["waiting"])
    waiting, running = left.stages[fullest]["waiting"], left.stages[fullest]["running"]
    if waiting and fullest == first:
        yield (
            f"Most of it waits at fetch, {count(waiting, 'item')}: a host is asked for one page at a time, "
            "with a pause after each."
        )
    elif waiting:
        yield f"Most of it waits at {fullest}: {count(waiting, 'item')}, while {running:,} are worked at."


def _of_time(left: Left, in_flight: int, now: float) -> Iterator[str]:
    """When most of what is left is not due yet."""
    for_hosts = max(0, left.later - left.retried)
    if not left.later or 2 * left.later <= left.pending + in_flight:
        return
    parts = []
    if for_hosts:
        verb, whose = ("waits", "its host") if for_hosts == 1 else ("wait", "their hosts")
        parts.append(
            f"{count(for_hosts, 'item')} {verb} until {whose} may be asked again: one page at a time, "
            "with a pause after each"
        )
    if retried := left.later - for_hosts:
        parts.append(f"{count(retried, 'item')} failed and {'is' if retried == 1 else 'are'} tried again")
    until = f" (the last {from_now(left.last_due, now, roughly=True)})" if left.last_due else ""
    yield f"{'; '.join(parts)}{until}."


__all__ = ["FULL_SHARE", "Deployment", "Left", "waits_for"]
