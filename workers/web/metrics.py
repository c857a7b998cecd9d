"""``/metrics``: the deployment's figures for Prometheus (`workers.families`), read at each scrape.

The only importer of prometheus_client. It answers within `PATIENCE`, whatever is away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any, cast

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder
from starlette.responses import Response

from pipeline.store.schema import REVISION
from workers import figures
from workers.families import FAMILIES, Family
from workers.figures import Value
from workers.measures import Histogram
from workers.web.backend import Backend
from workers.web.sounding import Sounding

router = APIRouter(tags=["health"])

#: longest wait for the database and for Redis (s); Prometheus itself waits 10
PATIENCE = 3.0
#: what rows have to be counted for is told again for so long (s)
SLOW_SECONDS = 30.0

Metric = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily
_KINDS = {"counter": CounterMetricFamily, "gauge": GaugeMetricFamily, "histogram": HistogramMetricFamily}
UNITS = ("seconds", "bytes")


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}, "application/openmetrics-text": {}}}},
)
def get_metrics(request: Request) -> Response:
    """Counters and gauges for Prometheus, in its text format or as OpenMetrics. The figures of a part
    that does not answer are left out, and `feedmill_up` tells it."""
    text, kind = request.app.state.metrics.exposition(request.headers.get("accept", ""))
    return Response(text, media_type=kind)


class Metrics:
    """The figures of one deployment. One in a process: it remembers what is slow to read."""

    def __init__(self, backend: Backend, patience: float = PATIENCE) -> None:
        store, self._patience = backend.store, patience
        self._parts = {
            "database": Sounding(lambda: list(figures.rows(store))),
            "redis": Sounding(lambda: list(figures.redis(backend.stages()))),
        }
        self._slow = Sounding(lambda: list(figures.rows_slowly(store)), keep=SLOW_SECONDS)

    def exposition(self, accept: str = "") -> tuple[bytes, str]:
        """The text of a scrape, and its content type: as OpenMetrics for those who accept it."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Given(self.values()))
        encode, kind = choose_encoder(accept)
        return encode(registry), kind

    def values(self) -> Iterator[Value]:
        """All figures that can be had now."""
        yield Value("feedmill_build_info", (version("feedmill"), REVISION), 1)
        # All begin before the first is waited for.
        tickets = {part: one.begin() for part, one in self._parts.items()}
        slow = self._slow.begin()
        for part, sounding in self._parts.items():
            found = sounding.answer(tickets[part], self._patience)
            yield Value("feedmill_up", (part,), int(found is not None))
            if found is not None:
                yield Value("feedmill_read_seconds", (part,), sounding.took)
                yield from found
                if part == "database":
                    yield from self._slow.answer(slow, self._patience) or ()


class _Given:
    """A collector in prometheus_client's sense."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._values = values

    def describe(self) -> list[Metric]:
        """Nothing: the registry would collect to find out."""
        return []

    def collect(self) -> Iterator[Metric]:
        found: dict[str, list[Value]] = {}
        for one in self._values:
            found.setdefault(one.family, []).append(one)
        for name, family in FAMILIES.items():
            if name in found:
                yield _metric(family, found[name])


def _metric(family: Family, values: list[Value]) -> Metric:
    name = family.name.removesuffix("_total")
    unit = next((unit for unit in UNITS if name.endswith(f"_{unit}")), "")
    metric: Any = _KINDS[family.kind](name, family.help, labels=list(family.labels), unit=unit)
    for _, labels, value in values:
        given = value if isinstance(value, Histogram) else (value,)
        metric.add_metric(list(labels), *given)
    return cast(Metric, metric)


__all__ = ["PATIENCE", "SLOW_SECONDS", "Metrics", "router"]
