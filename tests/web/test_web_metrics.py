"""What Prometheus reads at `/metrics`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from web_site import Site, article, new_item

from pipeline.model import STAGES, Problem, Step
from workers.measures import BUCKETS, durations, histograms

#: (name, labels) -> value
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def scraped(site: Site) -> Samples:
    answer = site.api.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(answer.text)
        for one in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, tuple(sorted(labels.items()))]


def test_items_are_counted_as_the_rows_have_them(site: Site) -> None:
    site.job([new_item("a"), new_item("b"), new_item("c")])
    site.finish({"a": article("A"), "b": Problem(code="gone", message="It is gone.")})
    found = scraped(site)
    assert value(found, "feedmill_items_accepted_total") == 3
    assert value(found, "feedmill_items_ended_total", outcome="stored") == 1
    assert value(found, "feedmill_items_ended_total", outcome="failed") == 1
    assert value(found, "feedmill_items_in_flight") == 1
    assert value(found, "feedmill_items_pending") == 0
    assert value(found, "feedmill_dead_letters", code="gone") == 1


def test_a_part_that_is_away_is_told_and_hides_no_other(site: Site) -> None:
    found = scraped(site)
    assert value(found, "feedmill_up", part="database") == 1
    assert value(found, "feedmill_up", part="redis") == 0
    assert ("feedmill_redis_memory_bytes", ()) not in found


def test_feeds_are_counted_by_health(site: Site) -> None:
    site.store.add_feed("https://news.example/feed", 1_000.0)
    found = scraped(site)
    words = {labels: number for (name, labels), number in found.items() if name == "feedmill_feeds"}
    assert sum(words.values()) == 1


@given(st.lists(st.tuples(st.sampled_from(STAGES), st.floats(0, 1e4))))
def test_histograms_count_each_step_once(steps: list[tuple[str, float]]) -> None:
    told = [Step(stage=stage, at=0.0, seconds=seconds, worker="w", result="ok") for stage, seconds in steps]
    found = histograms(durations(told))
    for stage in STAGES:
        mine = [seconds for name, seconds in steps if name == stage]
        for (label, number), bound in zip(found[stage].buckets, (*BUCKETS, float("inf")), strict=True):
            assert float(label) == bound
            assert number == sum(seconds <= bound for seconds in mine)
        assert found[stage].seconds == pytest.approx(sum(mine), abs=1e-6 * max(1, len(mine)))


MONITORING = Path(__file__).parents[2] / "docs" / "monitoring"
_NAME = re.compile(r"\bfeedmill_[a-z_]+")


def test_dashboard_and_alerts_ask_for_metrics_that_there_are() -> None:
    told = set(_NAME.findall((MONITORING / "README.md").read_text()))
    dashboard = json.loads((MONITORING / "grafana-dashboard.json").read_text())
    expressions = [one["expr"] for panel in dashboard["panels"] for one in panel["targets"]]
    asked = {name for one in expressions for name in _NAME.findall(one)}
    asked |= set(_NAME.findall((MONITORING / "alerts.yml").read_text()))
    assert {name.removesuffix("_bucket") for name in asked} <= told
