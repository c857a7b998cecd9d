"""Who works: a worker for each stage that hears and is of our version, and one scheduler that ticks."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib.metadata import version
from typing import Any

from pipeline.settings import Settings
from pipeline.urls import without_password
from workers import stalls, ticks
from workers.doctor.bounds import Bounds
from workers.finding import Finding
from workers.presence import deaf, unserved
from workers.stages import ALL_STAGES, HEARTBEAT_SECONDS, Stages, connect
from workers.wording import count, span


def examine(settings: Settings, bounds: Bounds) -> Iterator[Finding]:
    """Raises PipelineError (`redis`)."""
    with closing(connect(settings)) as stages:
        beats = stages.workers()
        yield _served(beats)
        yield from _versions(beats)
        yield from _clocks(stages, beats, bounds)
        yield _scheduler(stages, bounds)
        yield from _stalls(stages)
        if settings.public_url and not stages.names("web"):
            says = (
                f"hubs are told to push to {without_password(settings.public_url)}, and no web server was "
                f"heard of in the last {HEARTBEAT_SECONDS} s"
            )
            yield Finding("web", False, says, "Start `feedmill serve`, or `feedmill up` without --no-web.")
        first = set(deaf(stages, ALL_STAGES))
        crowded = [stage for stage in ALL_STAGES if stages.unheard(stage) > bounds.wake_ups]
        time.sleep(bounds.again)
        for stage in sorted(first.intersection(deaf(stages, ALL_STAGES))):
            says = f"a wake-up of {stage} waits, and no worker takes it"
            cure = f"If a worker for {stage} is alive it hears nothing: restart it. Its log says since when."
            yield Finding("workers", False, says, cure)
        for stage in crowded:
            says = (
                f"{count(stages.unheard(stage), 'wake-up')} of {stage} wait, where there should be one or two"
            )
            cure = f"Start a worker for {stage}; if one is alive, restart it. Wake-ups carry no work."
            yield Finding("workers", False, says, cure)


def _served(beats: Sequence[dict[str, Any]]) -> Finding:
    missing = unserved(beats, ALL_STAGES)
    names = ", ".join(str(beat["name"]) for beat in beats) or "none"
    if missing:
        cure = f"Start one: `feedmill worker --queues {','.join(missing)}`, or everything: `feedmill up`."
        return Finding("workers", False, f"{names} alive; nobody works on {', '.join(missing)}", cure)
    return Finding("workers", True, f"{names} alive; every queue is served")


def _versions(beats: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    ours = version("feedmill")
    others = sorted({str(beat["version"]) for beat in beats if beat.get("version")} - {ours})
    if others:
        told = ", ".join(
            f"{beat['name']}: {beat['version']}" for beat in beats if beat.get("version") in others
        )
        says = f"workers are of other versions than this command ({ours}): {told}"
        cure = "Fine while an upgrade is under way; otherwise restart them with the version that is wanted."
        yield Finding("workers", True, says, cure, warning=True)


def _clocks(stages: Stages, beats: Sequence[dict[str, Any]], bounds: Bounds) -> Iterator[Finding]:
    """A beat holds the time of its worker, and its age by Redis is known from when it will end."""
    for beat in beats:
        left = _left(stages, str(beat["name"]))
        if left < 0 or "at" not in beat:
            continue
        ahead = float(beat["at"]) - (stages.clock() - (HEARTBEAT_SECONDS - left / 1000))
        if abs(ahead) > bounds.clock:
            way = "ahead of" if ahead > 0 else "behind"
            says = f"that of {beat['name']} is {span(abs(ahead))} {way} the one of Redis"
            yield Finding("clock", False, says, "Set the clocks of both machines right (NTP).")


def _stalls(stages: Stages) -> Iterator[Finding]:
    """What pumps met at the database, where this command may meet nothing."""
    for one in stalls.known(stages):
        ago = span(max(0.0, stages.clock() - one.at))
        says = f"{one.stage} stood still {ago} ago, on {one.worker}: {one.reason}"
        yield Finding("workers", False, says, "Mend what it names; it goes on by itself.")


def _left(stages: Stages, name: str) -> int:
    """Milliseconds until a worker's beat is forgotten."""
    key = stages.key("worker", name)
    return int(stages.ask(lambda r: r.pttl(key)))


def _scheduler(stages: Stages, bounds: Bounds) -> Finding:
    holder = stages.coordinator()
    if holder is None:
        cure = "Start `feedmill scheduler`, or `feedmill up`. Until then nothing new is begun."
        return Finding("scheduler", False, "nobody ticks", cure)
    name = str(holder["name"])
    done = ticks.last(stages, failed=False)
    if done is None or stages.clock() - done.at > bounds.tick:
        # One that has just begun has not completed a tick yet.
        time.sleep(bounds.again)
        done = ticks.last(stages, failed=False)
    now = stages.clock()
    if done is not None and now - done.at <= bounds.tick:
        return Finding("scheduler", True, f"{name} ticks")
    since = f"for {span(now - done.at)}" if done else "yet"
    failed = ticks.last(stages, failed=True)
    reason = f": {failed.problem}" if failed and now - failed.at <= bounds.tick else ""
    says = f"{name} has the scheduler's lock, and has completed no tick {since}{reason}"
    cure = "Mend what it names; it goes on by itself." if reason else "See its log; if it hangs, restart it."
    return Finding("scheduler", False, says, cure)


__all__ = ["examine"]
