"""The values of the metrics of `workers.families`, read from rows and Redis.

What is read at each scrape costs the same however many items there are; what has to count rows is told
apart (`rows_slowly`), for whoever scrapes to read seldom.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from pipeline.model import OUTCOMES, STAGES
from pipeline.store.contract import Store
from workers import ticks
from workers.families import FAMILIES
from workers.hosts import waiting_hosts
from workers.measures import Histogram, histograms
from workers.pulse import depths
from workers.stages import ALL_STAGES, Stages


class Value(NamedTuple):
    """One value of a family, with its labels in the family's order."""

    family: str
    labels: tuple[str, ...]
    value: float | Histogram


#: counters of one label: family -> how the name of the counter in Redis begins
_BY_LABEL = {
    "feedmill_items_ended_total": "ended",
    "feedmill_items_tried_again_total": "tried_again",
    "feedmill_polls_total": "polls",
    "feedmill_http_requests_total": "http",
    "feedmill_errors_total": "error",
    "feedmill_outages_total": "away",
}
#: counters of one stage: family -> how the name ends, and in what fractions of the unit they are
_BY_STAGE = {
    "feedmill_stage_leases_lost_total": ("lost", 1),
    "feedmill_stage_cpu_seconds_total": ("cpu_us", 1_000_000),
}
#: counters of a stage and one more label
_BY_TWO = {"feedmill_stage_results_total": "result", "feedmill_pool_deaths_total": "died"}


def rows(store: Store) -> Iterator[Value]:
    """What the counters of the rows tell. Raises StoreError."""
    totals, now = store.totals(), time.time()
    yield Value("feedmill_items_accepted_total", (), totals.items)
    told = {"pending": totals.pending, "in_flight": totals.in_flight}
    told |= {outcome: getattr(totals.outcomes, outcome) for outcome in OUTCOMES}
    for state, number in told.items():
        yield Value("feedmill_items", (state,), number)
    due = store.next_due(now)
    overdue = max(0.0, now - due) if due is not None else 0.0
    yield Value("feedmill_items_overdue_seconds", (), overdue)


def rows_slowly(store: Store) -> Iterator[Value]:
    """What rows have to be counted for, or read. Raises StoreError."""
    now = time.time()
    letters = store.failures(limit=0).codes
    for code, number in every("feedmill_dead_letters", letters):
        yield Value("feedmill_dead_letters", code, number)
    waiting = {one.code: one.count for one in store.waiting(now)}
    for code, number in every("feedmill_items_awaiting_retry", waiting):
        yield Value("feedmill_items_awaiting_retry", code, number)
    for word, number in every("feedmill_feeds", store.feed_words(now)):
        yield Value("feedmill_feeds", word, number)
    yield Value("feedmill_database_size_bytes", (), store.size())


def redis(stages: Stages) -> Iterator[Value]:
    """What Redis holds at this moment, and what all processes have counted in it. Raises PipelineError
    (`redis`)."""
    yield from _depths(stages)
    counters = stages.counters()
    yield from _counters(counters)
    yield from _workers(stages, counters)
    yield from _hosts(stages)
    room = stages.room()
    yield Value("feedmill_intake_held_back", (), int(room.is_full))
    yield Value("feedmill_redis_memory_bytes", (), room.used)
    yield Value("feedmill_redis_memory_limit_bytes", (), room.limit)
    yield Value("feedmill_redis_pages_limit_bytes", (), room.pages)
    yield Value("feedmill_scheduler_up", (), int(stages.coordinator() is not None))
    tick = ticks.last(stages, failed=False)
    if tick is not None:
        yield Value("feedmill_scheduler_tick_age_seconds", (), max(0.0, stages.clock() - tick.at))


def every(family: str, found: Mapping[str, float]) -> Iterator[tuple[tuple[str, ...], float]]:
    """For each value of a family's only label its number, 0 where nothing was found; then what was found
    beside those."""
    ((_, known),) = FAMILIES[family].labels.items()
    for label in dict.fromkeys([*(known or ()), *found]):
        yield (label,), found.get(label, 0)


def _depths(stages: Stages) -> Iterator[Value]:
    for stage, (waiting, running, oldest) in depths(stages).items():
        yield Value("feedmill_stage_waiting", (stage,), waiting)
        yield Value("feedmill_stage_running", (stage,), running)
        yield Value("feedmill_stage_oldest_seconds", (stage,), oldest or 0.0)


def _counters(counters: Mapping[str, int]) -> Iterator[Value]:
    split = [(*f"{name}::".split(":")[:3], number) for name, number in counters.items()]
    for family, begins in _BY_LABEL.items():
        found = {label: number for head, label, _, number in split if head == begins}
        for labels, number in every(family, found):
            yield Value(family, labels, number)
    for stage in ALL_STAGES:
        # What a stage only put off comes again: it is counted when it is handed on.
        field = "done" if stage in ("poll", STAGES[-1]) else "handed"
        yield Value("feedmill_stage_items_total", (stage,), counters.get(f"{stage}:{field}", 0))
    for family, (ends, fractions) in _BY_STAGE.items():
        for stage in ALL_STAGES:
            yield Value(family, (stage,), counters.get(f"{stage}:{ends}", 0) / fractions)
    for family, begins in _BY_TWO.items():
        counted = {(stage, label): number for head, stage, label, number in split if head == begins}
        # A counter that is first seen at one, not at zero, has not risen for Prometheus.
        known = product(*(values or () for values in FAMILIES[family].labels.values()))
        for labels in dict.fromkeys([*known, *counted]):
            yield Value(family, labels, counted.get(labels, 0))
    for stage, found_ in histograms(counters).items():
        yield Value("feedmill_stage_duration_seconds", (stage,), found_)


def _workers(stages: Stages, counters: Mapping[str, int]) -> Iterator[Value]:
    served: Counter[str] = Counter()
    sums: dict[str, Counter[str]] = {}
    for beat in stages.workers():
        served.update(beat.get("queues") or [])
        mine = sums.setdefault(str(beat.get("group") or "worker"), Counter())
        mine.update({name: int(beat.get(name) or 0) for name in ("processes", "busy", "memory")})
    for stage in ALL_STAGES:
        yield Value("feedmill_workers", (stage,), served[stage])
    for group, found in sums.items():
        yield Value("feedmill_worker_processes", (group,), found["processes"])
        yield Value("feedmill_worker_processes_busy", (group,), found["busy"])
        yield Value("feedmill_worker_memory_bytes", (group,), found["memory"])
    for name, micros in counters.items():
        head, _, group = name.partition(":")
        if head == "worker_us":
            yield Value("feedmill_worker_cpu_seconds_total", (group,), micros / 1e6)


def _hosts(stages: Stages) -> Iterator[Value]:
    for stage in ("poll", "fetch"):
        found = waiting_hosts(stages, stage)
        yield Value("feedmill_hosts_queued", (stage,), found.count)
        for reason, number in found.reasons.items():
            yield Value("feedmill_hosts_waiting", (stage, reason), number)
        for host, number in found.longest.items():
            yield Value("feedmill_host_queue_length", (stage, host), number)


__all__ = ["Value", "every", "redis", "rows", "rows_slowly"]
