"""Items on their way: known to rows and Redis alike, in one place each, moving, and with room to move."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from pipeline.model import STAGES
from pipeline.settings import Settings
from pipeline.store.contract import Store
from workers.doctor.bounds import Bounds
from workers.finding import Finding
from workers.stages import PAYLOAD_SECONDS, Stages, connect
from workers.wording import count, span

#: payload keys that are looked at, at most
_MOST_KEYS = 20_000
#: ids that are named in a finding
_NAMED = 5


@dataclass
class Look:
    """What was in flight at one moment."""

    rows: set[int] = field(default_factory=set)
    live: set[int] = field(default_factory=set)
    #: ids in any queue, lease or host's queue
    placed: set[int] = field(default_factory=set)
    suspects: int = 0
    #: "stage id" of those that wait to be buried
    dead: set[str] = field(default_factory=set)
    leased: dict[str, list[int]] = field(default_factory=dict)

    @property
    def unknown(self) -> set[int]:
        """In flight by their rows, and not known to Redis."""
        return self.rows - self.live

    @property
    def orphans(self) -> set[int]:
        """Known to Redis, and not in flight by their rows."""
        return self.live - self.rows

    @property
    def nowhere(self) -> set[int]:
        """In flight by both, and in no queue: nobody will ever take them up."""
        return (self.live & self.rows) - self.placed


def examine(settings: Settings, bounds: Bounds) -> Iterator[Finding]:
    """Raises PipelineError (`redis`, `database`). Says nothing of a schema that is not ours: others do."""
    from pipeline.store import open_store

    with closing(connect(settings)) as stages, closing(open_store(settings)) as store:
        if store.schema_problems():
            return
        first = look(store, stages)
        time.sleep(bounds.again)
        second = look(store, stages)
        wrong = [
            *_lost(first, second),
            *_waiting(first, second),
            *_long_stays(stages, second, bounds),
            *_payloads(stages),
            *_due(store, stages, settings, bounds),
        ]
    yield from wrong
    if not wrong:
        yield Finding("items", True, f"{count(len(second.rows), 'item')} in flight, each in its place")


def look(store: Store, stages: Stages) -> Look:
    """Redis first, in one transaction, then the rows: what moves on in between is found in both looks
    only by chance."""

    def ask(r: Any) -> Any:
        pipe = r.pipeline(transaction=True)
        pipe.smembers(stages.key("live", "items"))
        pipe.lrange(stages.key("dead"), 0, -1)
        for stage in STAGES:
            pipe.lrange(stages.key("q", stage), 0, -1)
            pipe.lrange(stages.key("solo", stage), 0, -1)
            pipe.zrange(stages.key("in", stage), 0, -1)
            pipe.smembers(stages.key("routed", stage))
        return pipe.execute()

    live, dead, *places = stages.ask(ask)
    found = Look(live={int(one) for one in live}, dead={one.decode() for one in dead})
    for n, stage in enumerate(STAGES):
        waiting, suspects, leased, routed = places[4 * n : 4 * n + 4]
        found.suspects += len(suspects)
        found.leased[stage] = [int(one) for one in leased]
        for some in (waiting, suspects, leased, routed):
            found.placed.update(int(one) for one in some)
    found.placed.update(int(one.split()[1]) for one in found.dead if not one.startswith("poll "))
    found.rows = set(store.in_flight())
    return found


def _lost(first: Look, second: Look) -> Iterator[Finding]:
    unknown = first.unknown & second.unknown
    if unknown:
        says = f"{count(len(unknown), 'item')} in flight are unknown to Redis ({_some(unknown)})"
        cure = "The scheduler starts them again at its next tick: see what is said of it."
        yield Finding("items", False, says, cure)
    orphans = first.orphans & second.orphans
    if orphans:
        says = f"{count(len(orphans), 'item')} in flight for Redis are not by their rows ({_some(orphans)})"
        cure = "They end when a worker comes to them: see that each stage has one."
        yield Finding("items", False, says, cure)
    nowhere = first.nowhere & second.nowhere
    if nowhere:
        says = f"{count(len(nowhere), 'item')} in flight are in no queue of Redis ({_some(nowhere)})"
        cure = (
            "Redis lost some of its data. The scheduler starts them again within a minute: see if it ticks."
        )
        yield Finding("items", False, says, cure)


def _waiting(first: Look, second: Look) -> Iterator[Finding]:
    dead = first.dead & second.dead
    if dead:
        named = ", ".join(sorted(dead)[:_NAMED])
        says = f"{count(len(dead), 'item')} that killed workers wait to be given up ({named})"
        yield Finding(
            "items", False, says, "The scheduler does that at its next tick: see what is said of it."
        )
    if second.suspects:
        says = f"{count(second.suspects, 'item')} lost a worker, and travel alone until it is known why"
        yield Finding(
            "items", True, says, "They go on by themselves; `feedmill failures` tells.", warning=True
        )


def _long_stays(stages: Stages, second: Look, bounds: Bounds) -> Iterator[Finding]:
    """A payload is written when its item comes to a stage, so its age is that of the stay."""
    for stage, ids in second.leased.items():
        oldest = _oldest(stages, stage, ids)
        if oldest is not None and oldest[0] > bounds.stay:
            says = f"item {oldest[1]} has been in {stage} for {span(oldest[0])}, and a worker has it"
            cure = f"`feedmill why {oldest[1]}` tells its way. Restart the worker of {stage}, if it hangs."
            yield Finding("items", False, says, cure)


def _oldest(stages: Stages, stage: str, ids: Sequence[int]) -> tuple[float, int] | None:
    def ask(r: Any) -> Any:
        pipe = r.pipeline(transaction=False)
        for one in ids:
            pipe.pttl(stages.key("pay", stage, str(one)))
        return pipe.execute()

    ages = [
        (PAYLOAD_SECONDS - left / 1000, one)
        for one, left in zip(ids, stages.ask(ask), strict=True)
        if left > 0
    ]
    return max(ages, default=None)


def _payloads(stages: Stages) -> Iterator[Finding]:
    """Payloads of items that are not in flight any more."""

    def ask(r: Any) -> list[bytes]:
        found: list[bytes] = []
        for key in r.scan_iter(match=stages.key("pay", "*"), count=1000):
            found.append(key)
            if len(found) >= _MOST_KEYS:
                break
        return found

    keys: list[bytes] = stages.ask(ask)
    live = {"items": stages.live(), "feeds": stages.live("poll")}
    poll = stages.key("pay", "poll", "")
    loose = [
        key
        for key in keys
        if int(key.rsplit(b":", 1)[-1]) not in live["feeds" if key.decode().startswith(poll) else "items"]
    ]
    # Some may have been handed on, and ended, while the keys were read.
    left = stages.ask(lambda r: r.exists(*loose)) if loose else 0
    if left:
        says = f"{count(left, 'payload')} in Redis belong to no item in flight"
        cure = "They go by themselves within six hours. If they grow in number, report it as a bug."
        yield Finding("items", True, says, cure, warning=True)


def _due(store: Store, stages: Stages, settings: Settings, bounds: Bounds) -> Iterator[Finding]:
    now = time.time()
    found = store.condition(now, bounds.late)
    room = settings.window - stages.load()
    if found.due_since is None or now - found.due_since <= bounds.due or room <= 0:
        return
    waits = span(now - found.due_since)
    says = (
        f"{count(found.due, 'item')} due, the first for {waits}, with room for {room} in flight: "
        "nobody takes them up"
    )
    yield Finding("items", False, says, "That is the scheduler's work: see what is said of it.")


def _some(ids: set[int]) -> str:
    named = ", ".join(str(one) for one in sorted(ids)[:_NAMED])
    return named if len(ids) <= _NAMED else f"{named}, ..."


__all__ = ["Look", "examine", "look"]
