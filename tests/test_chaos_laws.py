"""The laws of the fault campaign find what breaks them, and the plan follows its seed alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.chaos import laws, plan
from benchmarks.chaos.evidence import Evidence, Found
from benchmarks.chaos.faults import FAULTS
from benchmarks.chaos.plants import PLANTS, TARGETS
from pipeline.model import Counts, JobStatus
from pipeline.store.contract import ItemRow
from workers import stages

LUA = Path(stages.__file__).parent / "lua"
KINDS = {kind: fault.seconds for kind, fault in FAULTS.items()}


def job(name: str = "a", **changes: object) -> JobStatus:
    values: dict[str, object] = {
        "job": name, "state": "done", "items": 2, "pending": 0, "in_flight": 0, "outcomes": Counts(stored=2),
        "sources": [], "created_at": 0.0, "finished_at": 1.0, **changes,
    }  # fmt: skip
    return JobStatus(**values)  # type: ignore[arg-type]


def failed(name: str, code: str) -> ItemRow:
    return ItemRow(
        id=7, job="a", key=name, name=name, source="here", url=None, state="done", outcome="failed",
        code=code, message="why", article=None, attempts=1, created_at=0.0, due_at=None, finished_at=1.0,
        page_digest=None, stage="clean", trace=[],
    )  # fmt: skip


STORIES = [Found("file:///story-1", "One", "1"), Found("file:///copy-2", "Two", "2")]
SOUND = Evidence(
    accepted={"a": 2},
    jobs=[job()],
    in_flight=[],
    problems=[],
    articles=STORIES,
    failed=[failed("POISON-CRASH-1.txt", "crashed")],
    left_in_redis={},
    recoveries=[3.0],
    # which of a file and its copy was first is a matter of time
    calm=[STORIES[0], Found("file:///story-2", "Two", "2")],
    poison={"POISON-CRASH": ("crashed",)},
    outlived={"worker": []},
    ended={"worker": [70], "scheduler-1": []},
    overdue={"worker": 0},
)

BREAKS: list[tuple[laws.Law, Callable[[Evidence], Evidence]]] = [
    (laws.counters_equal_rows_and_outcomes, lambda e: replace(e, jobs=[job(), job("b", items=3)])),
    (laws.counters_equal_rows_and_outcomes, lambda e: replace(e, problems=["job a: stored 3, rows 2"])),
    (laws.what_was_accepted_is_done, lambda e: replace(e, accepted={"a": 2, "lost": 1})),
    (laws.what_was_accepted_is_done, lambda e: replace(e, accepted={"a": 3})),
    (laws.what_was_accepted_is_done, lambda e: replace(e, jobs=[job(state="running")])),
    (laws.articles_equal_the_calm_run, lambda e: replace(e, articles=STORIES[:1])),
    (laws.articles_equal_the_calm_run, lambda e: replace(e, calm=STORIES[:1])),
    (laws.only_poison_fails, lambda e: replace(e, failed=[failed("story.txt", "crashed")])),
    (laws.only_poison_fails, lambda e: replace(e, failed=[failed("POISON-CRASH-1.txt", "internal")])),
    (laws.redis_is_empty, lambda e: replace(e, left_in_redis={"pay:clean:1": 40})),
    (laws.nothing_is_in_flight, lambda e: replace(e, in_flight=[1])),
    (laws.recovery_is_quick, lambda e: replace(e, recoveries=[3.0, 31.0])),
    (laws.recovery_is_quick, lambda e: replace(e, recoveries=[None])),
    (laws.no_service_fails, lambda e: replace(e, ended={"scheduler-1": [1]})),
    (laws.no_process_is_left, lambda e: replace(e, outlived={"worker": [42]})),
    (laws.no_process_is_left, lambda e: replace(e, overdue={"worker": 1})),
]


def test_a_sound_campaign_breaks_no_law() -> None:
    assert laws.broken(SOUND) == {}


@pytest.mark.parametrize(("law", "spoil"), BREAKS)
def test_each_law_finds_what_breaks_it_and_no_other_does(
    law: laws.Law, spoil: Callable[[Evidence], Evidence]
) -> None:
    assert list(laws.broken(spoil(SOUND))) == [law.__name__]


def test_an_article_that_is_stored_twice_is_found() -> None:
    twice = replace(SOUND, articles=[*STORIES, STORIES[0]])
    assert laws.each_article_is_there_once.__name__ in laws.broken(twice)


def test_every_law_is_broken_by_something() -> None:
    tried = {law for law, _ in BREAKS} | {laws.each_article_is_there_once}
    assert tried == set(laws.LAWS)


@given(st.integers(0, 10**9))
def test_the_same_seed_gives_the_same_plan(seed: int) -> None:
    first, second = (list(islice(plan.rounds(seed, KINDS), 12)) for _ in range(2))
    assert first == second
    assert all(faults == sorted(faults, key=lambda one: one.at) for faults in first)


@given(st.integers(0, 10**9))
def test_every_kind_of_fault_comes_alone_in_the_first_rounds(seed: int) -> None:
    alone = list(islice(plan.rounds(seed, KINDS), 0, 2 * len(KINDS), 2))
    assert {one.kind for faults in alone for one in faults} == set(KINDS)
    assert all(one.ends < after.at for faults in alone for one, after in pairwise(faults))


@pytest.mark.parametrize("name", PLANTS)
def test_a_defect_that_can_be_planted_fits_the_code(name: str) -> None:
    """What it changes is there: else a campaign would look for a defect that was never planted."""
    for script, old in TARGETS.get(name, ()):
        assert (LUA / script).read_text().count(old) == 1
    compile(PLANTS[name], name, "exec")
