"""What people ask, and the retry that they order."""

from __future__ import annotations

from typing import Any

import pytest
from store_line import (
    FINAL,
    NO_ARTICLE,
    NOW,
    PASSING,
    address,
    article,
    ending,
    handed,
    in_flight,
    job_of,
    linked,
    run,
)  # fmt: skip

from pipeline.model import Counts, NewItem, Step
from pipeline.store import Chosen, FailureGroup, Store
from pipeline.store.contract import ArticleFilter

# -- jobs ---------------------------------------------------------------------------------------


def test_there_is_no_status_of_an_unknown_job(store: Store) -> None:
    assert store.job_status("nosuchjob") is None
    assert store.article(1) is None


def test_totals_add_up_all_jobs(store: Store) -> None:
    assert (store.totals().items, store.totals().state) == (0, "done")
    run(store, [(handed("a"), article("a")), (linked("b"), FINAL)])
    store.end_jobs(NOW + 1)
    assert (store.totals().state, store.totals().finished_at) == ("done", NOW + 1)
    job_of(store, [handed("c"), handed("d")])
    store.admit(1, NOW)
    totals = store.totals()
    assert (totals.job, totals.state, totals.finished_at) == ("", "running", None)
    assert (totals.items, totals.pending, totals.in_flight) == (4, 1, 1)
    assert totals.outcomes == Counts(stored=1, failed=1)


# -- articles -----------------------------------------------------------------------------------


def titles(store: Store, search: str | None = None, limit: int = 50, **wanted: Any) -> list[str | None]:
    rows = store.articles(search=search, wanted=ArticleFilter(**wanted), limit=limit)
    return [row.title for row in rows]


def test_articles_are_listed_newest_first(store: Store) -> None:
    jobs = [run(store, [(handed(name), article(name))], NOW + age)[0].job for age, name in enumerate("abc")]
    assert titles(store) == ["On c", "On b", "On a"]
    assert titles(store, limit=1) == ["On c"]
    assert titles(store, stored_since=NOW + 1) == ["On c", "On b"]
    assert titles(store, job=jobs[1]) == ["On b"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("storm", True),
        ("STORM coast", True),
        ("überflutet", True),
        ("ÜBERFLUTET", True),
        ("title", True),
        ("title storm", True),
        ("storm desert", False),
        ("100%", True),
        ("1__%", False),
        ("back\\slash", True),
        ("", True),
    ],
)
def test_search_finds_all_words_in_title_or_text(store: Store, search: str, found: bool) -> None:
    text = "A Storm hit the coast. Häuser ÜBERFLUTET, 100% of them. back\\slash"
    run(store, [(handed("a"), article(text, title="The title"))])
    assert bool(titles(store, search=search)) is found


def test_export_streams_all_articles_by_id(store: Store) -> None:
    run(store, [(handed(str(number)), article(str(number))) for number in range(450)])
    run(store, [(handed("7", "new"), article("new 7"))], NOW + 1)
    records = list(store.export())
    assert [record["id"] for record in records] == sorted(record["id"] for record in records)
    assert len(records) == 450
    assert [record["title"] for record in store.export(since=NOW + 1)] == ["On new 7"]


# -- items --------------------------------------------------------------------------------------


def test_items_are_listed_newest_first(store: Store) -> None:
    finished = run(store, [(handed("a"), article("a")), (linked("b"), FINAL), (handed("c"), article("c"))])
    job_of(store, [handed("d")])
    job = finished[0].job
    assert [row.name for row in store.items(job=job)] == ["c", address("b"), "a"]
    assert [row.name for row in store.items(job=job, limit=1)] == ["c"]
    assert [row.name for row in store.items(outcome="stored")] == ["c", "a"]
    assert len(store.items()) == 4


def named(store: Store) -> dict[str, int]:
    job_of(
        store,
        [
            linked("news/storm?id=7"),
            NewItem(
                key="file:///data/r%C3%A9sum%C3%A9%20one.txt",
                name="data/résumé one.txt",
                source="data",
                content=b"x",
            ),
            linked("news/other"),
        ],
    )
    return {row.name: row.id for row in store.items()}


@pytest.mark.parametrize(
    "typed",
    [
        "https://example.com/news/storm?id=7",
        "HTTPS://Example.com:443/news/storm?id=7&utm_source=x#top",
        " https://example.com/news/storm?id=7\n",
        "news/storm",
        "STORM?ID",
    ],
)
def test_items_are_found_by_address_as_people_type_it(store: Store, typed: str) -> None:
    names = named(store)
    assert [row.id for row in store.find_items(typed)] == [names[address("news/storm?id=7")]]


@pytest.mark.parametrize("typed", ["data/résumé one.txt", "/data/résumé one.txt", "résumé one"])
def test_items_are_found_by_path_as_people_type_it(store: Store, typed: str) -> None:
    names = named(store)
    assert [row.id for row in store.find_items(typed)] == [names["data/résumé one.txt"]]


def test_items_are_found_by_id_and_newest_first(store: Store) -> None:
    names = named(store)
    number = names[address("news/other")]
    assert [row.id for row in store.find_items(str(number))] == [number]
    assert [row.id for row in store.find_items("news/")] == sorted(
        (names[address("news/other")], names[address("news/storm?id=7")]), reverse=True
    )
    assert [row.id for row in store.find_items("news/", limit=1)] == [number]


@pytest.mark.parametrize("typed", ["", "nothing like it", "99999999999999999999999", "a\0b", "\udcff", "%"])
def test_nothing_is_found_by_what_is_not_there(store: Store, typed: str) -> None:
    named(store)
    assert store.find_items(typed) == []


# -- failures and retry -------------------------------------------------------------------------

ELSEWHERE = "https://other.example/a"


def failed(store: Store) -> str:
    """A job with a stored item, a skipped one, and three failures at two hosts."""
    other = NewItem(key=ELSEWHERE, name=ELSEWHERE, source="samples", url=ELSEWHERE)
    results = [
        (handed("fine"), article("fine")),
        (linked("list"), NO_ARTICLE),
        (linked("one"), FINAL),
        (linked("two"), FINAL),
        (other, FINAL),
    ]
    job = run(store, results)[0].job
    store.end_jobs(NOW)
    return job


def test_failures_are_grouped_by_cause(store: Store) -> None:
    failed(store)
    ids = {row.name: row.id for row in store.items()}
    found = store.failures()
    at = {"stage": "store", "first_at": NOW, "last_at": NOW, "message": FINAL.message}
    assert found.groups == [
        FailureGroup(
            code="gone",
            host="example.com",
            count=2,
            example_item=ids[address("two")],
            example_name=address("two"),
            **at,
        ),
        FailureGroup(
            code="gone",
            host="other.example",
            count=1,
            example_item=ids[ELSEWHERE],
            example_name=ELSEWHERE,
            **at,
        ),
    ]
    assert (found.count, found.group_count, found.codes) == (3, 2, {"gone": 3})
    assert store.failures(Chosen(host="other.example")).groups == found.groups[1:]
    assert store.failures(Chosen(code="dns")).groups == []
    few = store.failures(limit=1)
    assert (few.groups, few.count, few.group_count) == (found.groups[:1], 3, 2)


def test_failures_say_in_which_stage_since_when_and_when_last(store: Store) -> None:
    for at, stage in ((NOW, "clean"), (NOW + 5, "clean"), (NOW + 9, "fetch")):
        (item,) = in_flight(store, linked(f"{stage}{at}"), now=at)
        met = Step(stage=stage, at=at, seconds=0.0, worker="w", result="gone")
        passed = Step(stage="store", at=at, seconds=0.0, worker="w", result="ok")
        store.finish([ending(item, FINAL, trace=[met, passed])], at)
    job_of(store, [NewItem(key="file:///missing", name="missing", source="missing", problem=FINAL)])
    told = [(one.stage, one.count, one.first_at, one.last_at) for one in store.failures().groups]
    assert sorted(told) == [
        ("clean", 2, NOW, NOW + 5),
        ("fetch", 1, NOW + 9, NOW + 9),
        ("read", 1, NOW, NOW),
    ]
    assert [one.stage for one in store.failures().groups if not one.can_retry] == ["read"]


@pytest.mark.parametrize(
    ("which", "number"),
    [
        (Chosen(), 3),
        (Chosen(code="gone"), 3),
        (Chosen(code="dns"), 0),
        (Chosen(host="example.com"), 2),
        (Chosen(host="example.com", code="gone"), 2),
        (Chosen(host=""), 0),
        (Chosen(stage="store"), 3),
        (Chosen(stage="clean"), 0),
        (Chosen(since=NOW), 3),
        (Chosen(since=NOW + 1), 0),
        (Chosen(before=NOW), 0),
        (Chosen(since=NOW - 1, before=NOW + 1, host="other.example"), 1),
    ],
)
def test_retry_takes_up_what_it_is_told(store: Store, which: Chosen, number: int) -> None:
    job = failed(store)
    assert store.retryable(which) == store.failures(which).count == number
    assert store.retry(NOW + 9, which) == number
    status = store.job_status(job)
    assert status
    assert (status.pending, status.outcomes.failed) == (number, 3 - number)
    assert (status.state, status.finished_at) == (("running", None) if number else ("done", NOW))
    assert len(store.admit(10, NOW + 9)) == number
    assert store.check() == []


def test_what_waits_to_be_tried_again_is_told_by_code_until_it_is_due(store: Store) -> None:
    first, second, third = in_flight(store, linked("a"), linked("b"), linked("c"))
    store.finish([ending(first, PASSING), ending(second, PASSING)], NOW)
    store.defer({third.id: NOW + 500})
    (waiting,) = store.waiting(NOW)
    assert (waiting.code, waiting.count, waiting.message) == (PASSING.code, 2, PASSING.message)
    assert waiting.next_at == min(row.due_at for row in store.items() if row.code)
    assert store.waiting(NOW, job=first.job) == [waiting]
    assert store.waiting(NOW, job="another") == []
    assert store.waiting(NOW + 86_400 * 2) == []


def test_retry_of_a_job_or_an_item(store: Store) -> None:
    job, other = failed(store), job_of(store, [])
    item = store.items(outcome="failed")[0].id
    assert store.retry(NOW, Chosen(job=other)) == 0
    assert store.retry(NOW, Chosen(item=item)) == 1
    assert store.retry(NOW, Chosen(item=item)) == 0
    assert store.retry(NOW, Chosen(job=job)) == 2


def test_a_retried_item_starts_afresh_and_keeps_its_trace(store: Store) -> None:
    (item,) = in_flight(store, linked("a"))
    store.finish([ending(item, PASSING)], NOW)
    store.admit(1, NOW + 100)
    store.finish([ending(item, FINAL)], NOW + 100)
    store.retry(NOW + 200, Chosen())
    (row,) = store.items()
    assert (row.state, row.attempts, row.outcome, row.code, row.due_at) == (
        "pending",
        0,
        None,
        None,
        NOW + 200,
    )
    store.admit(1, NOW + 200)
    (done,) = store.finish([ending(item, article("text"))], NOW + 200)
    assert done.outcome == "stored"
    assert store.end_jobs(NOW + 200) == [done.job]


def test_an_item_without_address_or_content_cannot_be_retried(store: Store) -> None:
    job_of(store, [NewItem(key="file:///missing", name="missing", source="missing", problem=FINAL)])
    assert store.retry(NOW, Chosen()) == 0
