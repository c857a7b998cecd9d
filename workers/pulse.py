"""The pulse of a deployment: how much waits before each stage, how fast it goes, and when it will be done.

Rates come from samples that the coordinator takes every few seconds into one bounded list in Redis, and
never from looking at items. Where samples are missing, because nobody ticked or Redis was emptied, a
rate is not known; it is never guessed across the gap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from pipeline.model import STAGES, Value
from pipeline.store.contract import Store
from workers.stages import ALL_STAGES, Stages

#: between two samples (s), and how many are kept: a quarter of an hour
SAMPLE_SECONDS, SAMPLES = 5.0, 180
#: a rate is that of so many seconds: long enough to be steady, short enough to be true
RATE_SECONDS = 60.0
#: samples that lie further apart (s) have a pause of the coordinator between them
GAP_SECONDS = 4 * SAMPLE_SECONDS
#: samples that a rate may need, and one before
_NEEDED = int(RATE_SECONDS / SAMPLE_SECONDS) + 2


class Sample(Value, frozen=True, kw_only=True):
    """What had been done at a moment. Counters begin again at zero when Redis was emptied."""

    #: Unix seconds, by the clock of Redis
    at: float
    #: stage -> items that it handed on (feeds that it polled, for `poll`)
    handed: dict[str, int]
    #: items with an outcome, over all jobs; fewer than before where some are tried again
    ended: int


class Depth(NamedTuple):
    """What is in one stage, now; as in its `StagePulse`."""

    waiting: int
    running: int
    oldest_seconds: float | None


class StagePulse(Value, frozen=True, kw_only=True, omit_defaults=False):
    """One stage, now."""

    waiting: int
    running: int
    #: items a second, lately; None: not known
    rate: float | None
    #: for how long the oldest has been in the stage (s); None: it is empty
    oldest_seconds: float | None
    #: until it and all before it are empty, at this rate (s); None: not known
    seconds_left: float | None


class Pulse(Value, frozen=True, kw_only=True, omit_defaults=False):
    """All stages, now."""

    #: Unix seconds, by the clock of Redis
    at: float
    #: of `poll` in feeds, of the others in items
    stages: dict[str, StagePulse]
    #: items that ended a second, lately; None: not known
    rate: float | None
    #: until every item has ended, at this rate (s); None: not known
    seconds_left: float | None


def take_sample(store: Store, stages: Stages) -> None:
    """Add a sample. Called by the coordinator alone, every `SAMPLE_SECONDS`.

    Raises StoreError, and PipelineError (`redis`).
    """
    ended = store.totals().outcomes.total
    at, counters = stages.ask(lambda r: _together(r, lambda p: (p.time(), p.hgetall(stages.key("cnt")))))
    sample = Sample(at=_seconds(at), handed=_handed(counters), ended=ended)
    key, told = _key(stages), msgspec.json.encode(sample)
    stages.ask(lambda r: _together(r, lambda p: (p.lpush(key, told), p.ltrim(key, 0, SAMPLES - 1))))


def samples(stages: Stages, most: int = SAMPLES) -> list[Sample]:
    """The samples, newest first. Raises PipelineError (`redis`)."""
    found = stages.ask(lambda r: r.lrange(_key(stages), 0, most - 1))
    return [msgspec.json.decode(one, type=Sample) for one in found]


def pulse(store: Store, stages: Stages, now: float | None = None) -> Pulse:
    """How the stages fare. ``now``: Unix seconds by the clock of Redis; None: it is asked.

    Raises StoreError, and PipelineError (`redis`).
    """
    totals = store.totals()
    time, counters, noted, *facts = stages.ask(lambda r: _together(r, lambda p: _ask(p, stages)))
    at = _seconds(time) if now is None else now
    present = Sample(at=at, handed=_handed(counters), ended=totals.outcomes.total)
    lately = _lately(present, [msgspec.json.decode(one, type=Sample) for one in noted])
    # Nothing is done before the last of what waits, to be tried again or for its host, is due.
    last = max(0.0, (store.last_due() or 0.0) - at) if totals.pending else 0.0
    found, before = {}, totals.pending
    for stage, (waiting, running, oldest) in _depths(facts, at).items():
        depth, rate = waiting + running, _rate(lately, _handed_by(stage))
        # What a stage has yet to do is also what the ones before it, and the rows, will bring.
        before = before if stage == "poll" else before + depth
        found[stage] = StagePulse(
            waiting=waiting,
            running=running,
            rate=rate,
            oldest_seconds=oldest,
            seconds_left=_time_for(depth, rate) if stage == "poll" else _time_for(before, rate, last),
        )
    rate = _rate(lately, lambda one: one.ended)
    return Pulse(
        at=at, stages=found, rate=rate, seconds_left=_time_for(totals.pending + totals.in_flight, rate, last)
    )


def depths(stages: Stages) -> dict[str, Depth]:
    """What Redis alone tells of it, for when the database is away. Raises PipelineError (`redis`)."""
    time, _, _, *facts = stages.ask(lambda r: _together(r, lambda p: _ask(p, stages)))
    return _depths(facts, _seconds(time))


def document(found: Pulse) -> dict[str, Any]:
    """A pulse as plain JSON values."""
    plain: dict[str, Any] = msgspec.to_builtins(found)
    return plain


def forget_empty(stages: Stages) -> None:
    """Where a stage is empty nothing can have been in it for long: what an older version, or a Redis
    that lost single keys, left behind goes. Raises PipelineError (`redis`)."""

    def ask(pipe: Any) -> None:
        for stage in ALL_STAGES:
            for kind, name in (("llen", "q"), ("llen", "solo"), ("scard", "routed"), ("zcard", "in")):
                getattr(pipe, kind)(stages.key(name, stage))

    depths = stages.ask(lambda r: _together(r, ask))
    empty = [stage for n, stage in enumerate(ALL_STAGES) if not any(depths[4 * n : 4 * n + 4])]
    if empty:
        stages.ask(lambda r: r.delete(*(stages.key("since", stage) for stage in empty)))


def _ask(pipe: Any, stages: Stages) -> None:
    pipe.time()
    pipe.hgetall(stages.key("cnt"))
    pipe.lrange(_key(stages), 0, _NEEDED - 1)
    for stage in ALL_STAGES:
        pipe.llen(stages.key("q", stage))
        pipe.llen(stages.key("solo", stage))
        pipe.scard(stages.key("routed", stage))
        pipe.zcard(stages.key("in", stage))
        pipe.zrange(stages.key("since", stage), 0, 0, withscores=True)


def _depths(facts: Sequence[Any], at: float) -> dict[str, Depth]:
    found = {}
    for n, stage in enumerate(ALL_STAGES):
        q, solo, routed, running, first = facts[5 * n : 5 * n + 5]
        waiting = q + solo + routed
        oldest = max(0.0, at - first[0][1] / 1000) if first and waiting + running else None
        found[stage] = Depth(waiting, running, oldest)
    return found


def _together(redis: Any, ask: Callable[[Any], object]) -> list[Any]:
    """One transaction: what is read in it is of one moment."""
    pipe = redis.pipeline(transaction=True)
    ask(pipe)
    answers: list[Any] = pipe.execute()
    return answers


def _key(stages: Stages) -> str:
    return stages.key("samples")


def _seconds(time: tuple[int, int]) -> float:
    return float(time[0]) + float(time[1]) / 1e6


def _handed(counters: Mapping[bytes, bytes]) -> dict[str, int]:
    """What leaves a stage for good: of what it is done with, some is only put off, and comes again."""
    last = {"poll", STAGES[-1]}
    fields = {stage: f"{stage}:{'done' if stage in last else 'handed'}" for stage in ALL_STAGES}
    return {stage: int(counters.get(field.encode(), 0)) for stage, field in fields.items()}


def _handed_by(stage: str) -> Callable[[Sample], int]:
    return lambda sample: sample.handed.get(stage, 0)


def _lately(present: Sample, past: Sequence[Sample]) -> list[Sample]:
    """What a rate is taken from, newest first: unbroken, and no longer than `RATE_SECONDS` if possible."""
    found = [present]
    for one in past:
        apart = found[-1].at - one.at
        if not 0 <= apart <= GAP_SECONDS or present.at - found[-1].at >= RATE_SECONDS:
            break
        found.append(one)
    return found


def _rate(lately: Sequence[Sample], count: Callable[[Sample], int]) -> float | None:
    seconds = lately[0].at - lately[-1].at
    if seconds < SAMPLE_SECONDS:
        return None
    # A counter that fell began again at zero, or what had failed is tried again: nothing was undone.
    return sum(max(0, count(new) - count(old)) for new, old in pairwise(lately)) / seconds


def _time_for(items: int, rate: float | None, least: float = 0.0) -> float | None:
    if not items:
        return 0.0
    return max(least, items / rate) if rate else None


__all__ = [
    "GAP_SECONDS", "RATE_SECONDS", "SAMPLES", "SAMPLE_SECONDS", "Depth", "Pulse", "Sample", "StagePulse",
    "depths", "document", "forget_empty", "pulse", "samples", "take_sample",
]  # fmt: skip
