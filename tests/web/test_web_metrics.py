"""What Prometheus reads at `/metrics`: as its conventions want it, and true."""

from __future__ import annotations

import json
import math
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families
from web_site import Site, article, new_item

from pipeline.errors import PipelineError
from pipeline.model import STAGES, Finished, Polled, Problem, Step
from pipeline.settings import Settings
from pipeline.store.contract import Chosen
from pipeline.tally import TALLY, Tally
from workers import hosts
from workers.families import FAMILIES, Family
from workers.frontier import Frontier, Place, Release
from workers.hosts import REASONS
from workers.measures import BUCKETS, durations, endings_of, histograms, polls_of, tell
from workers.stages import Stages
from workers.ticks import Tick, note
from workers.web.backend import Backend
from workers.web.metrics import Metrics
from workers.web.sounding import Sounding

#: (name, labels) -> value
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
#: waits end by condition; this only bounds a test that fails (s)
PATIENCE = 60.0


def samples_of(text: str) -> Samples:
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def scraped(site: Site) -> Samples:
    answer = site.api.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return samples_of(answer.text)


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, tuple(sorted(labels.items()))]


@pytest.fixture
def stages(redis_url: str) -> Iterator[Stages]:
    """Those of a Redis that is emptied for the test."""
    stages = Stages(Settings(redis_url=redis_url))
    stages.ask(lambda redis: redis.flushall())
    yield stages
    stages.close()


@pytest.fixture
def lively(open_site: Callable[..., Site], redis_url: str, stages: Stages) -> Site:
    """A deployment in which something of everything has happened."""
    stages.beat(
        "clean-7@here", {"queues": ["clean"], "group": "clean", "processes": 2, "busy": 1, "memory": 5}
    )
    note(stages, Tick("c", stages.clock() - 3))
    stages.hold("c")
    stages.admit("fetch", [1, 2, 3])
    stages.admit("poll", [1])
    stages.count(durations([Step(stage=one, at=0, seconds=0.3, worker="w", result="ok") for one in STAGES]))
    stages.count(endings_of([Finished(item=1, job="j", outcome="failed", code="dns")]))
    stages.count(
        {"http:2xx": 5, "polls:new": 2, "error:redis": 1, "died:clean:hung": 1, "worker_us:clean": 9}
    )
    frontier = Frontier(stages, "fetch")
    frontier.route([Place(one.id, "a.example", 1.0, 1) for one in stages.claim("fetch", 2, "t")])
    return open_site(redis_url=redis_url)


# -- conventions (prometheus.io/docs/practices/naming, and what `promtool check metrics` looks at) ---------


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda one: one.name)
def test_each_family_keeps_to_the_conventions(family: Family) -> None:
    assert re.fullmatch(r"feedmill_[a-z]+(_[a-z]+)*", family.name)
    assert (family.kind == "counter") == family.name.endswith("_total")
    assert not family.name.endswith(("_count", "_sum", "_bucket"))
    unit = family.name.removesuffix("_total").rpartition("_")[2]
    assert unit not in {"ms", "milliseconds", "minutes", "hours", "kb", "mb", "megabytes", "percent"}
    assert re.search(r"_(milli|micro|kilo|mega)", family.name) is None
    assert family.kind not in family.name.split("_")
    assert family.help.strip() == family.help != ""
    assert not family.help.endswith(".")
    for label in family.labels:
        assert re.fullmatch(r"[a-z]+", label)
        assert label not in {"le", "quantile", "job", "instance", "item", "feed", "url", "pid"}


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda one: one.name)
def test_no_family_has_many_series(family: Family) -> None:
    known = math.prod(len(values) for values in family.labels.values() if values is not None)
    assert known <= 250
    unknown = [label for label, values in family.labels.items() if values is None]
    assert set(unknown) <= {"version", "schema", "worker", "host"}


def test_a_scrape_tells_each_family_with_its_type_and_the_labels_that_it_may_have(lively: Site) -> None:
    families = list(text_string_to_metric_families(lively.api.get("/metrics").text))
    assert {one.name for one in families} == {name.removesuffix("_total") for name in FAMILIES}
    told = {family.name.removesuffix("_total"): family for family in FAMILIES.values()}
    for found in families:
        family = told[found.name]
        assert (found.type, found.documentation) == (family.kind, family.help)
        for sample in found.samples:
            assert sample.labels.keys() - {"le"} == family.labels.keys()
            for label, values in family.labels.items():
                assert values is None or sample.labels[label] in values, sample


def test_who_accepts_openmetrics_gets_it_with_units(lively: Site) -> None:
    answer = lively.api.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    units = {one.name: one.unit for one in openmetrics(answer.text)}
    assert units["feedmill_stage_duration_seconds"] == "seconds"
    assert units["feedmill_redis_memory_bytes"] == "bytes"
    assert units["feedmill_items"] == ""


# -- values ---------------------------------------------------------------------------------------------


def test_items_are_counted_as_the_rows_have_them(site: Site) -> None:
    site.job([new_item("a"), new_item("b"), new_item("c")])
    site.finish({"a": article("A"), "b": Problem(code="gone", message="It is gone.")})
    found = scraped(site)
    assert value(found, "feedmill_items_accepted_total") == 3
    assert value(found, "feedmill_items", state="stored") == 1
    assert value(found, "feedmill_items", state="failed") == 1
    assert value(found, "feedmill_items", state="in_flight") == 1
    assert value(found, "feedmill_dead_letters", code="gone") == 1
    assert value(found, "feedmill_dead_letters", code="dns") == 0
    assert sum(number for (name, _), number in found.items() if name == "feedmill_items") == 3
    assert value(found, "feedmill_database_size_bytes") > 10_000


def test_no_counter_falls_when_dead_letters_are_tried_again(lively: Site) -> None:
    lively.job([new_item("a")])
    lively.finish({"a": Problem(code="gone", message="It is gone.")})
    before = scraped(lively)
    assert lively.store.retry(2_000.0, Chosen()) == 1
    after = scraped(lively)
    assert (
        value(after, "feedmill_items", state="failed") == value(before, "feedmill_items", state="failed") - 1
    )
    for (name, labels), number in before.items():
        if name.endswith(("_total", "_bucket", "_count", "_sum")):
            assert after[name, labels] >= number


def test_what_all_processes_have_counted_is_told(lively: Site) -> None:
    found = scraped(lively)
    assert value(found, "feedmill_items_ended_total", outcome="failed") == 1
    assert value(found, "feedmill_items_ended_total", outcome="stored") == 0
    assert value(found, "feedmill_stage_results_total", stage="clean", result="ok") == 1
    assert value(found, "feedmill_stage_duration_seconds_count", stage="clean") == 1
    assert value(found, "feedmill_stage_duration_seconds_sum", stage="clean") == pytest.approx(0.3)
    assert value(found, "feedmill_http_requests_total", status="2xx") == 5
    assert value(found, "feedmill_polls_total", result="new") == 2
    assert value(found, "feedmill_errors_total", part="redis") == 1
    assert value(found, "feedmill_pool_deaths_total", stage="clean", how="hung") == 1
    assert value(found, "feedmill_worker_cpu_seconds_total", worker="clean") == pytest.approx(9e-6)


def test_workers_stages_and_the_scheduler_are_told(lively: Site) -> None:
    found = scraped(lively)
    assert value(found, "feedmill_workers", queue="clean") == 1
    assert value(found, "feedmill_workers", queue="store") == 0
    assert value(found, "feedmill_worker_processes", worker="clean") == 2
    assert value(found, "feedmill_worker_processes_busy", worker="clean") == 1
    assert value(found, "feedmill_worker_memory_bytes", worker="clean") == 5
    assert value(found, "feedmill_stage_waiting", stage="fetch") == 3
    assert value(found, "feedmill_stage_waiting", stage="poll") == 1
    assert 0 <= value(found, "feedmill_stage_oldest_seconds", stage="fetch") < PATIENCE
    assert value(found, "feedmill_scheduler_up") == 1
    assert 3 <= value(found, "feedmill_scheduler_tick_age_seconds") < 3 + PATIENCE
    assert value(found, "feedmill_intake_held_back") == 0


def test_feeds_are_counted_by_health(site: Site) -> None:
    site.store.add_feed("https://news.example/feed", time.time())
    found = scraped(site)
    words = {labels: number for (name, labels), number in found.items() if name == "feedmill_feeds"}
    assert sum(words.values()) == 1
    assert value(found, "feedmill_feeds", health="new") == 1


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


def test_polls_are_counted_by_what_they_brought() -> None:
    failed = Problem(code="http_server", message="500")
    held = Problem(code="throttled", message="later", ours=True)
    told = [
        Polled(feed=1),
        Polled(feed=2, not_modified=True),
        Polled(feed=3),
        Polled(feed=4, problem=failed),
        Polled(feed=5, problem=held),
    ]
    assert polls_of(told, [2, 0, 0, 0, 0]) == {
        "polls:new": 1, "polls:not_modified": 1, "polls:unchanged": 1, "polls:failed": 1, "polls:put_off": 1,
    }  # fmt: skip


# -- hosts ------------------------------------------------------------------------------------------------


def test_hosts_are_counted_by_what_they_wait_for(stages: Stages) -> None:
    frontier = Frontier(stages, "fetch")
    stages.admit("fetch", range(1, 13))
    claimed: list[int] = []
    while len(claimed) < 12:
        claimed += [one.id for one in stages.claim("fetch", 12, "t")]
    waiting = ["pause", "robots", "retry_after", "backoff", "busy", "ready"]
    places = zip(claimed, waiting * 2, strict=True)
    frontier.route([Place(id, f"{host}.example", 30.0, 1) for id, host in places])
    visits = {one.host: one.claimed.id for one in frontier.step(6, "t", quiet=True, stay=True).visits}
    answers: dict[str, dict[str, Any]] = {
        "pause": {"took": 0.1, "result": "ok"},
        "robots": {"took": 0.1, "result": "ok", "by_robots": True},
        "retry_after": {"took": 0.1, "result": "slow_down", "hold": 99.0, "holds": (5.0, 60.0)},
        "backoff": {"took": 0.1, "result": "slow_down", "holds": (99.0, 600.0)},
        "ready": {"took": None},
    }
    released = [
        Release(f"{host}.example", visits[f"{host}.example"], 30.0, **answer)
        for host, answer in answers.items()
    ]
    frontier.step(0, "t", released, quiet=True, stay=True)
    found = hosts.waiting_hosts(stages, "fetch")
    assert found.reasons == {reason: int(reason in waiting) for reason in REASONS}
    assert found.count == len(waiting)
    assert found.longest == {f"{host}.example": 1 for host in waiting}


def test_a_host_that_takes_no_connections_is_away(stages: Stages) -> None:
    frontier = Frontier(stages, "fetch")
    why = Problem(code="connect", message="No connection.")
    for _ in range(2):
        stages.admit("fetch", [1])
        (one,) = stages.claim("fetch", 1, "t")
        frontier.route([Place(one.id, "down.example", 0.0, 1)])
        frontier.step(1, "t", quiet=True, stay=True)
        away = Release("down.example", 1, 0.0, took=0.0, result="away", holds=(99.0, 600.0), why=why)
        frontier.step(0, "t", [away], quiet=True, stay=True)
        stages.release("fetch", [1])
    (one,) = stages.claim("fetch", 1, "t")
    frontier.route([Place(one.id, "down.example", 0.0, 1)])
    assert hosts.waiting_hosts(stages, "fetch").reasons["away"] == 1


def test_of_many_hosts_few_are_named_and_a_bounded_number_is_looked_at(
    stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "MOST", 40)
    stages.admit("poll", range(100))
    claimed = stages.claim("poll", 100, "t")
    Frontier(stages, "poll").route([Place(one.id, f"h{one.id}.example", 1.0, 1) for one in claimed])
    found = hosts.waiting_hosts(stages, "poll")
    assert found.count == len(claimed) > 40
    assert found.reasons.total() == 40
    assert len(found.longest) == hosts.NAMED


# -- what is away, or hangs --------------------------------------------------------------------------------


def test_a_part_that_is_away_is_told_and_hides_no_other(site: Site) -> None:
    found = scraped(site)
    assert value(found, "feedmill_up", part="database") == 1
    assert value(found, "feedmill_up", part="redis") == 0
    assert ("feedmill_redis_memory_bytes", ()) not in found
    assert value(found, "feedmill_items_accepted_total") == 0


def test_without_its_database_a_deployment_tells_what_redis_knows(lively: Site) -> None:
    class Gone:
        def __getattr__(self, name: str) -> object:
            raise PipelineError("It is away.", code="database")

    metrics = Metrics(Backend(Gone(), lively.settings))  # type: ignore[arg-type]
    found = samples_of(metrics.exposition()[0].decode())
    assert value(found, "feedmill_up", part="database") == 0
    assert value(found, "feedmill_up", part="redis") == 1
    assert value(found, "feedmill_workers", queue="clean") == 1
    assert ("feedmill_items_accepted_total", ()) not in found


def test_a_part_that_hangs_is_not_waited_for_and_not_asked_twice() -> None:
    asked, go_on = [], threading.Event()

    def read() -> str:
        asked.append(threading.get_ident())
        assert go_on.wait(PATIENCE)
        return "answer"

    slow = Sounding(read)
    assert slow.answer(slow.begin(), patience=0.01) is None
    assert slow.answer(slow.begin(), patience=0.01) is None
    ticket = slow.begin()
    go_on.set()
    assert slow.answer(ticket, PATIENCE) == "answer"
    assert len(asked) == 1


def test_what_is_slow_is_told_as_it_was_while_it_is_read_again() -> None:
    answers = iter(["first", "second"])
    kept = Sounding(lambda: next(answers), keep=3600.0)
    assert kept.answer(kept.begin(), PATIENCE) == "first"
    assert kept.answer(kept.begin(), PATIENCE) == "first"


def test_what_fails_has_no_answer_until_it_works_and_a_bug_is_raised() -> None:
    outcomes: list[object] = [PipelineError("away", code="redis"), "answer", ZeroDivisionError()]

    def read() -> object:
        one = outcomes.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    sounding = Sounding(read)
    assert sounding.answer(sounding.begin(), PATIENCE) is None
    assert sounding.answer(sounding.begin(), PATIENCE) == "answer"
    with pytest.raises(ZeroDivisionError):
        sounding.answer(sounding.begin(), PATIENCE)


def test_what_was_met_while_redis_is_away_is_told_when_it_is_back(stages: Stages, redis_url: str) -> None:
    TALLY.take()
    nowhere = Stages(Settings(redis_url="unix:///nowhere/redis.sock"))
    TALLY.add("http:2xx", 3)
    with pytest.raises(PipelineError):
        tell(nowhere)
    tell(stages)
    assert stages.counters() == {"http:2xx": 3, "error:redis": 1}
    tell(stages)
    assert stages.counters() == {"http:2xx": 3, "error:redis": 1}


def test_a_tally_loses_nothing_between_threads() -> None:
    tally = Tally()

    def count() -> None:
        for _ in range(1_000):
            tally.add("x")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(PATIENCE)
    assert tally.seen() == tally.take() == {"x": 4_000}
    assert not tally.take()


def test_metrics_are_no_document_of_numbers_that_json_cannot_hold(lively: Site) -> None:
    assert all(math.isfinite(number) for number in scraped(lively).values())
    assert json.dumps([labels for _, labels in scraped(lively)])
