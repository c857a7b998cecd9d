"""Whether all is well, in a word, and what asks for somebody: what the dashboard says first. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.model import STAGES
from workers.feed_health import TROUBLE
from workers.presence import unserved
from workers.stages import HEARTBEAT_SECONDS
from workers.wording import count, span

if TYPE_CHECKING:
    from workers.web.overview import Overview, Parts

#: by so much (s) two clocks may differ: what is asked of Redis and of a worker takes its time, too
CLOCK_SECONDS = 5.0


class Need(NamedTuple):
    """One thing that asks for somebody: a sentence, and where to go on from it."""

    says: str
    #: of a page; empty: there is none
    address: str = ""
    link: str = ""


class Standing(NamedTuple):
    """How a deployment stands."""

    tone: Literal["good", "warn", "bad"]
    headline: str
    needs: list[Need]


def standing(seen: Overview) -> Standing:
    """What stops work is said loudly beside it, with its cure: here it only sets the tone."""
    needs = list(_needs(seen))
    if seen.parts is None or seen.parts.scheduler is None or seen.idle or seen.parts.stalls:
        return Standing("bad", "Work stands still.", needs)
    if len(needs) > 1:
        return Standing("warn", f"{len(needs)} things ask for attention.", needs)
    if needs or seen.parts.held_back:
        return Standing("warn", "One thing asks for attention.", needs)
    if seen.is_new:
        return Standing("good", "Ready.", needs)
    return Standing("good", "All is well.", needs)


def _needs(seen: Overview) -> Iterator[Need]:
    if not seen.adds_up:
        yield Need("The counters do not add up: run feedmill doctor.")
    if seen.parts is not None:
        for stall in seen.parts.stalls:
            yield Need(f"{stall.stage} stands still on {stall.worker}, and goes on by itself: {stall.reason}")
        yield from _of_workers(seen.parts, {one.stage for one in seen.idle})
        yield from _of_clocks(seen.parts)
    if failed := seen.day.chart.outcomes.failed:
        yield Need(f"{count(failed, 'item')} failed in the last day.", "/failures", "See why")
    if troubled := [(word, number) for word, number in seen.feeds.items() if word in TROUBLE]:
        told = ", ".join(f"{number:,} {word}" for word, number in troubled)
        total = sum(number for _, number in troubled)
        verb = "asks" if total == 1 else "ask"
        yield Need(
            f"{count(total, 'feed')} {verb} for attention: {told}.",
            f"/feeds?health={troubled[0][0]}",
            "See them" if len(troubled) == 1 else f"See those that are {troubled[0][0]}",
        )


def _of_workers(parts: Parts, said: set[str]) -> Iterator[Need]:
    """Stages that nobody serves although nothing waits there yet."""
    missing = [
        one
        for one in unserved([worker._asdict() for worker in parts.workers], ("poll", *STAGES))
        if one not in said
    ]
    if not parts.workers:
        if not said:
            yield Need("No worker is alive: what is handed in now waits. Start one: feedmill worker.")
    elif missing:
        yield Need(f"No worker serves {', '.join(missing)}: what comes there will wait.")


def _of_clocks(parts: Parts) -> Iterator[Need]:
    """Times in Redis are by its clock, times in rows by that of whoever wrote them."""
    if abs(parts.clock_ahead) > CLOCK_SECONDS:
        told = f"The clock of Redis is {_apart(parts.clock_ahead)} the one of this page's server"
        yield Need(f"{told}: set both right (NTP).")
    for worker in parts.workers:
        if worker.at is None:
            continue
        # The newest beat that there can be is of now, the oldest is about to be forgotten.
        ahead = max(worker.at - parts.pulse.at, min(0.0, worker.at - parts.pulse.at + HEARTBEAT_SECONDS))
        if abs(ahead) > CLOCK_SECONDS:
            told = f"The clock of {worker.name} is {_apart(ahead)} the one of Redis"
            yield Need(f"{told}: set both right (NTP).")


def _apart(ahead: float) -> str:
    return f"{span(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'}"


__all__ = ["CLOCK_SECONDS", "Need", "Standing", "standing"]
