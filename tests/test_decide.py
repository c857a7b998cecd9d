"""Judgement as tables: what is what, when to try again, and how to share."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import decide
from pipeline.decide import Candidate, GiveUp, Held, Name, RetryAt
from pipeline.model import Article, Problem
from pipeline.settings import Settings

NOW = 1_000_000.0
DAY = 86_400.0


def candidate(key: str = "a", page: str = "page1", content: str = "text1", **other: str) -> Candidate:
    told = {"fingerprint": "fields1", "extractor_version": "1", "label": f"title of {key}", **other}
    return Candidate(key=key, page_digest=page, content_hash=content, **told)


def held(article: int = 7, key: str = "a", content: str = "text1", fingerprint: str = "fields1") -> Held:
    return Held(
        article=article, key=key, content_hash=content, fingerprint=fingerprint, label=f"title of {key}"
    )


def name(article: int = 7, page: str = "page1", content: str = "text1", version: str = "1") -> Name:
    return Name(article=article, page_digest=page, content_hash=content, extractor_version=version)


def judged(one: Candidate, names: dict[str, Name], articles: list[Held]) -> tuple[str, int]:
    (verdict,) = decide.identify([one], names, articles, next_article=100)
    return verdict.outcome, verdict.article


# -- identity -----------------------------------------------------------------------------------


def test_an_article_never_seen_is_stored() -> None:
    assert judged(candidate(), {}, []) == ("stored", 100)


def test_the_same_page_under_the_same_name_is_unchanged() -> None:
    assert judged(candidate(), {"a": name()}, [held()]) == ("unchanged", 7)


@pytest.mark.parametrize(
    "again",
    [
        candidate(page="page2", content="text2"),
        candidate(page="page2", fingerprint="fields2"),
        candidate(extractor_version="2", content="text2"),
        candidate(extractor_version="2", fingerprint="fields2"),
    ],
    ids=["other text", "other fields", "better extractor, other text", "better extractor, other fields"],
)
def test_an_article_that_says_something_else_is_updated(again: Candidate) -> None:
    assert judged(again, {"a": name()}, [held()]) == ("updated", 7)


@pytest.mark.parametrize(
    "again",
    [candidate(page="page2"), candidate(extractor_version="2"), candidate(page="")],
    ids=["other bytes", "other extractor", "unknown bytes"],
)
def test_other_bytes_that_say_the_same_are_unchanged(again: Candidate) -> None:
    assert judged(again, {"a": name()}, [held()]) == ("unchanged", 7)


def test_the_same_content_under_a_new_name_is_a_duplicate_and_says_of_what() -> None:
    (found,) = decide.identify([candidate("b")], {}, [held()], next_article=100)
    assert (found.outcome, found.article) == ("duplicate", 7)
    assert found.message == "Same content as article 7: title of a"
    assert found.name == name(7)


def test_the_oldest_of_several_with_the_same_content_is_the_one_repeated() -> None:
    assert judged(candidate("c"), {}, [held(9, "b"), held(7, "a")]) == ("duplicate", 7)


def test_articles_without_a_content_hash_repeat_nothing() -> None:
    assert judged(candidate("b", content=""), {}, [held(content="")]) == ("stored", 100)


def test_a_duplicate_read_again_is_unchanged() -> None:
    assert judged(candidate("b"), {"b": name()}, [held()]) == ("unchanged", 7)


def test_a_duplicate_read_again_with_other_fields_is_unchanged() -> None:
    again = candidate("b", page="page2", fingerprint="fields2")
    assert judged(again, {"b": name()}, [held()]) == ("unchanged", 7)


def test_a_duplicate_that_goes_its_own_way_becomes_an_article_of_its_own() -> None:
    again = candidate("b", page="page2", content="text2")
    assert judged(again, {"b": name()}, [held()]) == ("stored", 100)


def test_a_duplicate_whose_original_went_its_own_way_becomes_an_article_of_its_own() -> None:
    assert judged(candidate("b"), {"b": name()}, [held(content="text2")]) == ("stored", 100)


def test_a_duplicate_that_goes_over_to_a_third_article_is_a_duplicate_of_that() -> None:
    again = candidate("b", page="page2", content="text3")
    assert judged(again, {"b": name()}, [held(), held(8, "c", "text3")]) == ("duplicate", 8)


def test_each_candidate_sees_what_those_before_it_became() -> None:
    batch = [
        candidate("a"),
        candidate("b"),
        candidate("a"),
        candidate("a", page="page2", content="text2"),
        candidate("c"),
        candidate("d", content="text2"),
    ]
    found = decide.identify(batch, {}, [], next_article=100)
    assert [(one.outcome, one.article) for one in found] == [
        ("stored", 100),
        ("duplicate", 100),
        ("unchanged", 100),
        ("updated", 100),
        ("stored", 101),
        ("duplicate", 100),
    ]


keys = st.sampled_from("abcd")
candidates = st.lists(
    st.builds(candidate, keys, page=st.sampled_from(["p", "q"]), content=st.sampled_from(["x", "y", "z"])),
    max_size=12,
)


@given(candidates)
def test_a_batch_is_judged_as_its_items_one_by_one(batch: list[Candidate]) -> None:
    together = decide.identify(batch, {}, [], next_article=1)
    names: dict[str, Name] = {}
    articles: dict[int, Held] = {}
    for one, expected in zip(batch, together, strict=True):
        (verdict,) = decide.identify([one], names, articles.values(), len(articles) + 1)
        assert (verdict.outcome, verdict.article) == (expected.outcome, expected.article)
        if verdict.outcome in ("stored", "updated"):
            articles[verdict.article] = held(verdict.article, one.key, one.content_hash, one.fingerprint)
        assert verdict.name is not None
        names[one.key] = verdict.name


@given(candidates)
def test_a_batch_judged_twice_changes_nothing_the_second_time(batch: list[Candidate]) -> None:
    last = {one.key: one for one in batch}.values()
    again = decide.identify([*batch, *last], {}, [], next_article=1)[len(batch) :]
    # A duplicate whose original was rewritten meanwhile has to become an article of its own.
    assert {one.outcome for one in again} <= {"unchanged", "stored", "duplicate"}
    twice = decide.identify([*batch, *last, *last], {}, [], next_article=1)[len(batch) + len(last) :]
    assert {one.outcome for one in twice} <= {"unchanged"}


def test_how_an_article_was_made_is_not_what_it_says() -> None:
    article = Article(title="A", authors=["B"], text="x", content_hash="h", markup="x")
    made_otherwise = Article(
        title="A", authors=["B"], text="x", content_hash="h", markup="x",
        simhash="f" * 16, near_duplicate_of=3, provenance={"title": "json-ld"}, extractor_version="9",
    )  # fmt: skip
    assert decide.fingerprint(article) == decide.fingerprint(made_otherwise)
    assert decide.fingerprint(article) != decide.fingerprint(Article(title="A", text="x", markup="x"))


# -- near duplicates ----------------------------------------------------------------------------

hashes = st.integers(0, 2**64 - 1)


@given(hashes, st.sets(st.integers(0, 63), max_size=3))
def test_hashes_that_differ_in_three_bits_share_a_band(simhash: int, bits: set[int]) -> None:
    other = simhash
    for bit in bits:
        other ^= 1 << bit
    assert set(decide.bands(simhash)) & set(decide.bands(other))
    assert decide.near_duplicate(simhash, {5: other}) == 5


@given(hashes, st.sets(st.integers(0, 63), min_size=4))
def test_hashes_that_differ_in_more_bits_are_not_near(simhash: int, bits: set[int]) -> None:
    other = simhash
    for bit in bits:
        other ^= 1 << bit
    assert decide.near_duplicate(simhash, {5: other}) is None


def test_the_nearest_article_is_named_and_of_equals_the_oldest() -> None:
    assert decide.near_duplicate(0b0, {4: 0b111, 5: 0b1, 6: 0b10}) == 5
    assert decide.near_duplicate(0, {}) is None


# -- retry or give up ---------------------------------------------------------------------------


class Middle(Random):
    """Randomness that always says the same."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self.value = value

    def random(self) -> float:
        return self.value


PASSING = Problem(code="connect", message="No connection.", retry_helps=True)
SETTINGS = Settings(retry_seconds=30, max_attempts=4)


@pytest.mark.parametrize(
    ("problem", "attempts", "chance", "expected"),
    [
        (PASSING, 1, 0.0, RetryAt(due_at=NOW + 30)),
        (PASSING, 2, 0.0, RetryAt(due_at=NOW + 30 * 2)),
        (PASSING, 3, 0.0, RetryAt(due_at=NOW + 30 * 2 * 2)),
        (PASSING, 3, 1.0, RetryAt(due_at=NOW + 30 * 2 * 2 * 1.25)),
        (PASSING, 4, 0.0, GiveUp()),
        (Problem(code="gone", message="Gone."), 1, 0.0, GiveUp()),
        (
            Problem(code="throttled", message="Slow.", retry_helps=True, retry_after=600),
            1,
            0.0,
            RetryAt(due_at=NOW + 600),
        ),
        (
            Problem(code="throttled", message="Slow.", retry_helps=True, retry_after=5),
            1,
            0.0,
            RetryAt(due_at=NOW + 30),
        ),
        (
            Problem(code="throttled", message="Slow.", retry_helps=True, retry_after=10 * DAY),
            1,
            0.0,
            RetryAt(due_at=NOW + DAY),
        ),
    ],
)
def test_retries_wait_twice_as_long_each_time_and_end(
    problem: Problem, attempts: int, chance: float, expected: RetryAt | GiveUp
) -> None:
    assert decide.after_failure(problem, attempts, NOW, SETTINGS, Middle(chance)) == expected


@given(
    attempts=st.integers(1, 10_000),
    retry_after=st.none() | st.floats(-1e9, 1e12),
    seconds=st.floats(0, 1e9),
    seed=st.integers(),
)
def test_a_retry_is_never_before_now_nor_after_a_day(
    attempts: int, retry_after: float | None, seconds: float, seed: int
) -> None:
    settings = Settings(retry_seconds=seconds, max_attempts=100_000)
    problem = Problem(code="throttled", message="Slow.", retry_helps=True, retry_after=retry_after)
    decision = decide.after_failure(problem, attempts, NOW, settings, Random(seed))
    assert isinstance(decision, RetryAt)
    assert NOW <= decision.due_at <= NOW + DAY


# -- the window ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "waiting", "expected"),
    [
        (100, [1, 1_000_000], [1, 99]),
        (100, [70, 70], [50, 50]),
        (100, [10, 70, 70], [10, 45, 45]),
        (2, [5, 5, 5], [1, 1, 0]),
        (100, [3], [3]),
        (100, [], []),
        (0, [5], [0]),
    ],
)
def test_small_jobs_get_their_share_and_large_ones_the_rest(
    limit: int, waiting: list[int], expected: list[int]
) -> None:
    assert decide.shares(limit, waiting) == expected


@given(st.integers(0, 5000), st.lists(st.integers(1, 3000), max_size=20))
def test_the_window_is_filled_and_never_overfilled(limit: int, waiting: list[int]) -> None:
    given_out = decide.shares(limit, sorted(waiting))
    assert sum(given_out) == min(limit, sum(waiting))
    assert all(share <= count for share, count in zip(given_out, sorted(waiting), strict=True))
