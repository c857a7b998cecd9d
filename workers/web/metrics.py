"""``/metrics``: the deployment's figures for Prometheus, read from rows and Redis at each scrape.

The only importer of prometheus_client. Labels are few and known: stages, outcomes, error codes,
words of health; no host or feed is one, of which there may be many thousands.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from starlette.responses import Response

from pipeline.errors import PipelineError
from pipeline.model import OUTCOMES, STAGES
from pipeline.store.contract import Store
from workers.feed_health import WORDS, health
from workers.measures import histograms
from workers.stages import ALL_STAGES, Stages
from workers.web.backend import Backend, Here

router = APIRouter(tags=["health"])

Metric = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(backend: Here) -> Response:
    """Counters and gauges in Prometheus' text format. What cannot be read now is left out, and
    feedmill_up tells it."""
    return Response(exposition(backend), media_type=CONTENT_TYPE_LATEST)


def exposition(backend: Backend) -> bytes:
    """The text of a scrape."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Deployment(backend))
    return generate_latest(registry)


class _Deployment:
    """A collector in prometheus_client's sense."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def describe(self) -> list[Metric]:
        """Nothing: the registry would collect to find out."""
        return []

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("feedmill_up", "1: it answers", labels=["part"])
        for part, read in (("database", self._rows), ("redis", self._redis)):
            try:
                found = list(read())
                up.add_metric([part], 1)
                yield from found
            except PipelineError:
                # Told by the figure itself: a scrape that fails would hide the other part.
                up.add_metric([part], 0)
        yield up

    def _rows(self) -> Iterator[Metric]:
        yield from _items(self.backend.store)
        yield from _feeds(self.backend.store)

    def _redis(self) -> Iterator[Metric]:
        stages = self.backend.stages()
        yield from _stages(stages)
        yield from _parts(stages)


def _items(store: Store) -> Iterator[Metric]:
    totals = store.totals()
    yield CounterMetricFamily("feedmill_items_accepted", "Items accepted", value=totals.items)
    ended = CounterMetricFamily("feedmill_items_ended", "Items by outcome", labels=["outcome"])
    for outcome in OUTCOMES:
        ended.add_metric([outcome], getattr(totals.outcomes, outcome))
    yield ended
    yield _gauge("feedmill_items_pending", "Items that wait as rows", totals.pending)
    yield _gauge("feedmill_items_in_flight", "Items in the stages", totals.in_flight)
    due, now = store.next_due(time.time()), time.time()
    overdue = max(0.0, now - due) if due is not None else 0.0
    yield _gauge("feedmill_items_overdue_seconds", "How long the oldest pending item has been due", overdue)
    letters = GaugeMetricFamily("feedmill_dead_letters", "Failed items by error code", labels=["code"])
    for code, number in sorted(store.failures(limit=0).codes.items()):
        letters.add_metric([code], number)
    yield letters


def _feeds(store: Store) -> Iterator[Metric]:
    now = time.time()
    found = Counter(health(feed, now).word for feed in store.feeds())
    feeds = GaugeMetricFamily("feedmill_feeds", "Feeds by health", labels=["health"])
    for word in WORDS:
        feeds.add_metric([word], found[word])
    yield feeds


def _stages(stages: Stages) -> Iterator[Metric]:
    depths, counters = stages.depths(), stages.counters()
    waiting = GaugeMetricFamily("feedmill_stage_waiting", "Items before a stage", labels=["stage"])
    running = GaugeMetricFamily("feedmill_stage_running", "Items being worked on", labels=["stage"])
    for stage in STAGES:
        waiting.add_metric([stage], depths[stage]["waiting"])
        running.add_metric([stage], depths[stage]["running"])
    yield from (waiting, running)
    for name, field, help_ in (
        ("items", "done", "Items that a stage has done"),
        ("lost", "lost", "Leases that ended without a report"),
        ("cpu_seconds", "cpu_us", "CPU time of pumps"),
    ):
        family = CounterMetricFamily(f"feedmill_stage_{name}", help_, labels=["stage"])
        for stage in ALL_STAGES:
            value = counters.get(f"{stage}:{field}", 0)
            family.add_metric([stage], value / 1e6 if field == "cpu_us" else value)
        yield family
    taken = HistogramMetricFamily(
        "feedmill_stage_duration_seconds", "How long a stage took with an item", labels=["stage"]
    )
    for stage, found in histograms(counters).items():
        taken.add_metric([stage], found.buckets, found.seconds)
    yield taken
    away = CounterMetricFamily("feedmill_outages", "Pumps that stopped because it was away", labels=["part"])
    for part in ("redis", "database"):
        away.add_metric([part], counters.get(f"away:{part}", 0))
    yield away


def _parts(stages: Stages) -> Iterator[Metric]:
    served: Counter[str] = Counter()
    for beat in stages.workers():
        served.update(beat.get("queues", []))
    workers = GaugeMetricFamily("feedmill_workers", "Workers that live, by queue", labels=["queue"])
    for stage in ALL_STAGES:
        workers.add_metric([stage], served[stage])
    yield workers
    yield _gauge("feedmill_scheduler_up", "1: a scheduler ticks", int(stages.coordinator() is not None))
    yield _gauge("feedmill_redis_memory_bytes", "Memory that Redis uses", stages.memory())


def _gauge(name: str, help_: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_, value=value)


__all__ = ["exposition", "router"]
