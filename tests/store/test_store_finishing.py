"""What became of items: identity, near duplicates, retries, traces, in one transaction."""

from __future__ import annotations

from dataclasses import replace

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
    outcomes,
    run,
)  # fmt: skip

from pipeline.model import Contributor, Copyright, Counts, Dateline, Ending, Finished, Problem, Step
from pipeline.settings import Settings
from pipeline.store import Store, open_store


def test_an_article_comes_back_whole(store: Store) -> None:
    whole = article(
        "The text.\n\nSecond paragraph.",
        url=address("a?x"),
        canonical_url=address("a"),
        subtitles=["Standfirst"],
        authors=["A. Writer"],
        contributors=[Contributor(role="editing", name="E. Ditor")],
        agency="Wire",
        dateline=Dateline(place="ŁÓDŹ"),
        section="World",
        tags=["x", "y"],
        published_at="2026-01-02T03:04:05+01:00",
        modified_at="2026-01-02",
        language="en-GB",
        site_name="Example",
        description="About.",
        image_url=address("i.png"),
        copyright=Copyright(holder="Example", year=2026),
        markup="The *text*.",
        is_paywalled=False,
        provenance={"title": "json-ld"},
    )
    (done,) = run(store, [(handed("a"), whole)])
    stored = store.article(done.article or 0)
    assert stored == whole.to_dict() | {
        "id": done.article,
        "job": done.job,
        "fetched_at": "2023-11-14T22:13:20+00:00",
    }
    assert list(store.export()) == [stored]


def test_the_same_file_again_is_unchanged_and_a_changed_one_updated(store: Store) -> None:
    (first,) = run(store, [(handed("a", "page"), article("text"))])
    (again,) = run(store, [(handed("a", "page"), article("text"))], NOW + 1)
    (changed,) = run(store, [(handed("a", "new page"), article("new text"))], NOW + 2)
    assert outcomes([first, again, changed]) == ["stored", "unchanged", "updated"]
    assert first.article == again.article == changed.article
    (row,) = store.articles()
    assert (row.title, row.stored_at, row.job) == ("On new text", NOW + 2, changed.job)


def test_the_same_content_under_another_name_is_a_duplicate_that_says_of_what(store: Store) -> None:
    (first,) = run(store, [(handed("a"), article("text"))])
    (second,) = run(store, [(handed("b"), article("text"))])
    told = Finished(
        item=second.item, job=second.job, outcome="duplicate", article=first.article, host="example.com"
    )
    assert second == told
    (row,) = store.items(job=second.job)
    assert row.message == f"Same content as article {first.article}: On text"
    assert outcomes(run(store, [(handed("b"), article("text"))])) == ["unchanged"]
    assert len(store.articles()) == 1


def test_a_duplicate_that_changes_becomes_an_article(store: Store) -> None:
    run(store, [(handed("a"), article("text")), (handed("b"), article("text"))])
    (changed,) = run(store, [(handed("b", "new"), article("new text"))])
    assert changed.outcome == "stored"
    assert {row.key for row in store.articles()} == {address("a"), address("b")}


def test_order_inside_one_call_matters(store: Store) -> None:
    finished = run(
        store,
        [
            (handed("a"), article("text")),
            (handed("b"), article("text")),
            (handed("a"), article("text")),
            (handed("a", "later"), article("later text")),
            (handed("c", "other"), article("text")),
        ],
    )
    assert outcomes(finished) == ["stored", "duplicate", "unchanged", "updated", "stored"]
    assert {row.key: row.title for row in store.articles()} == {
        address("a"): "On later text",
        address("c"): "On text",
    }


def test_other_bytes_that_say_the_same_are_unchanged_and_remembered(store: Store) -> None:
    run(store, [(handed("a", "page"), article("text"))])
    better = article("text", extractor_version="2", provenance={"title": "h1"})
    assert outcomes(run(store, [(handed("a", "page with other ads"), better)])) == ["unchanged"]
    assert store.seen([address("a")])[address("a")].extractor_version == "2"
    (told,) = store.export()
    assert told["extractor_version"] == "2"


@pytest.mark.parametrize(
    ("difference", "near"),
    [(0, True), (1 << 63, True), (1 << 60 | 1 << 30 | 1, True), (1 << 60 | 1 << 40 | 1 << 20 | 1, False)],
    ids=["0 bits", "1 bit", "3 bits", "4 bits"],
)
def test_near_duplicates_are_found_among_all_articles(store: Store, difference: int, near: bool) -> None:
    simhash = 0xFEDC_BA98_7654_3210
    (original, _) = run(
        store,
        [
            (handed("a"), article("one", simhash=f"{simhash:016x}")),
            (handed("x"), article("far", simhash=f"{simhash ^ 0xFF:016x}")),
        ],
    )
    (done,) = run(store, [(handed("b"), article("two", simhash=f"{simhash ^ difference:016x}"))])
    told = store.article(done.article or 0)
    assert told
    assert told["near_duplicate_of"] == (original.article if near else None)


def test_near_duplicates_are_found_inside_one_call(store: Store) -> None:
    first, second = run(
        store,
        [
            (handed("a"), article("one", simhash="00000000000000ff")),
            (handed("b"), article("two", simhash="00000000000000fe")),
        ],
    )
    told = [store.article(one.article or 0) for one in (first, second)]
    assert [one and one["near_duplicate_of"] for one in told] == [None, first.article]


def test_a_rewritten_article_is_near_its_new_neighbours_only(store: Store) -> None:
    run(store, [(handed("a"), article("one", simhash="00000000000000ff"))])
    run(store, [(handed("a", "new"), article("new one", simhash="ffffffffffffff00"))])
    old, new = run(
        store,
        [
            (handed("b"), article("two", simhash="00000000000000fe")),
            (handed("c"), article("three", simhash="ffffffffffffff01")),
        ],
    )
    rewritten = next(row.id for row in store.articles() if row.key == address("a"))
    told = [store.article(one.article or 0) for one in (old, new)]
    assert [one and one["near_duplicate_of"] for one in told] == [None, rewritten]


# -- failures -----------------------------------------------------------------------------------


def test_a_failure_that_may_pass_goes_back_to_wait(store: Store) -> None:
    (item,) = in_flight(store, linked("a"))
    (waits,) = store.finish([ending(item, PASSING)], NOW)
    assert waits.outcome is None
    assert waits.due_at is not None
    assert NOW + 30 <= waits.due_at <= NOW + 30 * 1.25
    (row,) = store.items(job=item.job)
    assert (row.state, row.attempts, row.due_at, row.code) == ("pending", 1, waits.due_at, PASSING.code)
    status = store.job_status(item.job)
    assert status
    assert (status.pending, status.in_flight, status.outcomes) == (1, 0, Counts())
    assert store.admit(1, waits.due_at - 0.1) == []
    assert store.admit(1, waits.due_at) == [item.id]


def test_a_failure_is_final_after_the_last_attempt(store_settings: Settings) -> None:
    store = open_store(replace(store_settings, max_attempts=3, retry_seconds=0))
    (item,) = in_flight(store, linked("a"))
    for expected in (None, None, "failed"):
        (done,) = store.finish([ending(item, PASSING)], NOW)
        assert done.outcome == expected
        store.admit(1, NOW)
    (row,) = store.items(outcome="failed")
    assert (row.attempts, row.code, row.message, row.finished_at) == (3, PASSING.code, PASSING.message, NOW)
    store.close()


def test_our_own_outage_costs_no_item_an_attempt(store_settings: Settings) -> None:
    store = open_store(replace(store_settings, max_attempts=1, retry_seconds=30))
    (item,) = in_flight(store, linked("a"))
    outage = Problem(code="connect", message="No network.", ours=True)
    now = NOW
    for _ in range(3):
        (waits,) = store.finish([ending(item, outage)], now)
        assert waits.outcome is None
        assert waits.due_at
        assert now + 30 <= waits.due_at <= now + 30 * 1.25
        (row,) = store.items()
        assert (row.state, row.attempts, row.code, len(row.trace)) == ("pending", 0, "connect", 0)
        now = waits.due_at
        assert store.admit(1, now) == [item.id]
    assert outcomes(store.finish([ending(item, PASSING)], now)) == ["failed"]
    store.close()


@pytest.mark.parametrize(
    ("problem", "skipped", "outcome"),
    [(FINAL, False, "failed"), (FINAL, True, "skipped"), (NO_ARTICLE, False, "skipped")],
)
def test_other_failures_are_final_at_once(
    store: Store, problem: Problem, skipped: bool, outcome: str
) -> None:
    (item,) = in_flight(store, linked("a"))
    (done,) = store.finish([ending(item, problem, skipped=skipped)], NOW)
    assert done.outcome == outcome


def test_an_ending_that_says_nothing_is_a_failure(store: Store) -> None:
    (item,) = in_flight(store, linked("a"))
    (done,) = store.finish([Ending(item=item.id)], NOW)
    assert done.outcome == "failed"
    assert store.items()[0].code == "internal"


# -- once and for all ---------------------------------------------------------------------------


def test_the_same_ending_twice_gives_nothing_the_second_time(store: Store) -> None:
    (item,) = in_flight(store, handed("a"))
    one = ending(item, article("text"))
    assert outcomes(store.finish([one, one], NOW)) == ["stored"]
    assert store.finish([one], NOW) == []
    assert store.finish([], NOW) == []
    assert store.totals().outcomes == Counts(stored=1)


def test_items_that_are_not_in_flight_are_left_out(store: Store) -> None:
    job = job_of(store, [handed("a")])
    (pending,) = store.items(job=job)
    assert (
        store.finish([Ending(item=pending.id, article=article("a")), Ending(item=99, unchanged=True)], NOW)
        == []
    )
    assert store.articles() == []


def test_one_call_ends_items_of_several_jobs(store: Store) -> None:
    items = [*in_flight(store, handed("a"), handed("b")), *in_flight(store, handed("c"))]
    store.finish([ending(item, article(item.name)) for item in items], NOW)
    assert sorted(store.end_jobs(NOW)) == sorted({item.job for item in items})
    assert store.check() == []


def test_the_trace_grows_over_attempts(store: Store) -> None:
    first = Step(stage="fetch", at=NOW, seconds=0.5, worker="w1", result="connect", message="No\0 connection")
    second = Step(stage="store", at=NOW + 99, seconds=0.1, worker="w2", result="stored", lost=1)
    (item,) = in_flight(store, linked("a"))
    store.finish([ending(item, PASSING, trace=[first])], NOW)
    store.admit(1, NOW + 99)
    store.finish([ending(item, article("text"), trace=[second])], NOW + 99)
    (row,) = store.items()
    assert row.trace == [
        Step(stage="fetch", at=NOW, seconds=0.5, worker="w1", result="connect", message="No connection"),
        second,
    ]


def test_an_article_with_texts_that_a_database_refuses_is_mended(store: Store) -> None:
    bad = article("te\0xt \udcff", title="T\0itle", provenance={"a\0": "b\udcff"}, authors=["N\0ame"])
    (done,) = run(store, [(handed("a"), bad)])
    told = store.article(done.article or 0)
    assert told
    assert (told["text"], told["title"], told["authors"], told["provenance"]) == (
        "text \\udcff",
        "Title",
        ["Name"],
        {"a": "b\\udcff"},
    )
