"""Judgement as tables: what is what, when to try again, and how to share."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import decide
from pipeline.decide import Buried, Candidate, GiveUp, Held, Name, RetryAt, Verdict
from pipeline.model import Article, Contributor, Dateline, Problem
from pipeline.settings import Settings

NOW = 1_000_000.0
DAY = 86_400.0


def candidate(key: str = "a", page: str = "page1", content: str = "text1", **other: Any) -> Candidate:
    told = {"fingerprint": "fields1", "extractor_version": "1", "label": f"title of {key}", **other}
    return Candidate(key=key, page_digest=page, content_hash=content, **told)


def held(
    article: int = 7, key: str = "a", content: str = "text1", fingerprint: str = "fields1", alias: str = ""
) -> Held:
    return Held(
        article=article,
        key=key,
        alias=alias,
        content_hash=content,
        fingerprint=fingerprint,
        label=f"title of {key}",
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


# -- one page under several addresses ---------------------------------------------------------


def test_an_article_is_known_by_the_address_to_which_its_own_led() -> None:
    (found,) = decide.identify([candidate("short", alias="long")], {}, [], next_article=100)
    assert (found.outcome, found.keys, found.alias) == ("stored", ("short", "long"), "long")


def known_by_alias() -> tuple[dict[str, Name], list[Held]]:
    """Article 7 has the key `short`, which leads to `long`."""
    return {"short": name(), "long": name()}, [held(key="short", alias="long")]


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        (candidate("other", alias="long"), "unchanged"),
        (candidate("other", alias="long", page="page2"), "unchanged"),
        (candidate("other", alias="long", page="page2", fingerprint="fields2"), "unchanged"),
        (candidate("other", alias="long", page="page2", content="text2"), "updated"),
        (candidate("long", alias=""), "unchanged"),
        (candidate("long", alias="", page="page2", fingerprint="fields2"), "updated"),
        (candidate("long", alias="", page="page2", content="text2"), "updated"),
        (candidate("long", page="page2", content="text2"), "updated"),
    ],
    ids=[
        "another link to the page", "with other bytes", "with other fields", "with another text",
        "the page itself", "itself with other fields", "itself with another text", "itself, handed over",
    ],
)  # fmt: skip
def test_two_addresses_of_one_page_are_one_article(again: Candidate, expected: str) -> None:
    assert judged(again, *known_by_alias()) == (expected, 7)


def test_another_link_to_a_known_page_says_where_it_leads() -> None:
    (found,) = decide.identify([candidate("other", alias="long")], *known_by_alias(), next_article=100)
    assert found.message == "Leads to the page of article 7: title of short"
    assert found.keys == ("other", "long")
    assert found.alias == "long"


def test_of_two_articles_it_is_the_one_where_the_redirects_ended() -> None:
    names = {"a": name(7), "b": name(8, content="text2")}
    articles = [held(7, "a"), held(8, "b", "text2")]
    moved = candidate("a", page="page3", content="text3", alias="b")
    (found,) = decide.identify([moved], names, articles, next_article=100)
    assert (found.outcome, found.article) == ("updated", 8)
    # `a` stays the key of article 7, which was there before the address led elsewhere.
    assert found.keys == ("b",)


def test_an_address_that_led_to_a_page_once_says_nothing_of_it_later() -> None:
    # Both led to a log-in page; the first leads to its article now.
    names = {"a": name(content="text1"), "login": name(), "b": name()}
    articles = [held(key="a", content="text1")]
    again = candidate("b", alias="login", page="page2", content="log in")
    assert judged(again, names, articles) == ("stored", 100)


def test_a_page_that_moved_on_is_still_the_same_article() -> None:
    moved = candidate("short", alias="longer", page="page2", content="text2")
    (found,) = decide.identify([moved], *known_by_alias(), next_article=100)
    assert (found.outcome, found.article, found.keys, found.alias) == (
        "updated",
        7,
        ("short", "longer"),
        "longer",
    )


def test_an_article_whose_address_leads_to_itself_again_gives_up_the_other() -> None:
    (found,) = decide.identify([candidate("short", alias="")], *known_by_alias(), next_article=100)
    assert (found.outcome, found.alias) == ("unchanged", "")


def test_a_text_that_was_handed_over_leaves_the_address_as_it_is() -> None:
    (found,) = decide.identify([candidate("short")], *known_by_alias(), next_article=100)
    assert (found.outcome, found.alias) == ("unchanged", "long")


@pytest.mark.parametrize(
    ("final", "expected"),
    [
        ("https://example.com/a", ""),
        ("HTTPS://EXAMPLE.COM:443/a?utm_source=x#top", ""),
        ("https://example.com/b?utm_source=x", "https://example.com/b"),
        ("http://example.com/a", "http://example.com/a"),
        ("https://example.com/", ""),
        ("https://example.com", ""),
        ("https://example.com/?p=12", "https://example.com/?p=12"),
        ("about:blank", ""),
    ],
)
def test_a_final_address_is_an_alias_in_canonical_form_and_never_a_home_page(
    final: str, expected: str
) -> None:
    assert decide.alias_of("https://example.com/a", final) == expected


# -- what was deleted ---------------------------------------------------------------------------

GONE = Buried(keys={"a": NOW}, contents={"text1": NOW})
STAYS = Verdict(
    outcome="skipped",
    article=None,
    message="The article was deleted here on 1970-01-12 13:46 UTC and stays deleted.",
)


@pytest.mark.parametrize(
    "again",
    [
        candidate("a"),
        candidate("a", content="text2"),
        candidate("b"),
        candidate("b", content="text2", alias="a"),
    ],
    ids=["the same", "its key with another text", "its text under another key", "a link to it"],
)
def test_what_was_deleted_stays_deleted(again: Candidate) -> None:
    assert decide.identify([again], {}, [], 100, GONE) == [STAYS]


def test_a_known_article_that_takes_over_a_deleted_text_stays_as_it_is() -> None:
    again = candidate("b", page="page2")
    known = [held(key="b", content="text2")]
    assert decide.identify([again], {"b": name(content="text2")}, known, 100, GONE) == [STAYS]


def test_an_article_that_is_there_is_not_touched_by_the_deletion_of_its_like() -> None:
    found = decide.identify([candidate("b"), candidate("c")], {"b": name()}, [held(key="b")], 100, GONE)
    assert [one.outcome for one in found] == ["unchanged", "duplicate"]


def test_others_are_stored_beside_what_was_deleted() -> None:
    found = decide.identify([candidate("a"), candidate("b", content="text2")], {}, [], 100, GONE)
    assert [(one.outcome, one.article) for one in found] == [("skipped", None), ("stored", 100)]


def test_an_ending_without_change_is_of_the_article_that_is_known_unless_it_was_deleted() -> None:
    assert decide.unchanged("b", {"b": name()}, GONE) == Verdict(outcome="unchanged", article=7)
    assert decide.unchanged("a", {}, GONE) == STAYS
    assert decide.unchanged("c", {}, GONE) == Verdict(outcome="unchanged", article=None)


# -- laws ---------------------------------------------------------------------------------------

keys = st.sampled_from("abcd")
candidates = st.lists(
    st.builds(
        candidate,
        keys,
        page=st.sampled_from(["p", "q"]),
        content=st.sampled_from(["x", "y", "z"]),
        alias=st.sampled_from([None, "", "a", "b", "e"]),
    ),
    max_size=12,
)
graves = st.builds(
    Buried,
    keys=st.dictionaries(keys, st.just(NOW), max_size=1),
    contents=st.dictionaries(st.sampled_from("xyz"), st.just(NOW), max_size=1),
)


@given(candidates, graves)
def test_a_batch_is_judged_as_its_items_one_by_one(batch: list[Candidate], buried: Buried) -> None:
    together = decide.identify(batch, {}, [], 1, buried)
    names: dict[str, Name] = {}
    articles: dict[int, Held] = {}
    for one, expected in zip(batch, together, strict=True):
        (verdict,) = decide.identify([one], names, articles.values(), len(articles) + 1, buried)
        assert verdict == expected
        if verdict.article is None:
            continue
        before = articles.get(verdict.article)
        if verdict.outcome in ("stored", "updated"):
            key = before.key if before else one.key
            articles[verdict.article] = Held(
                article=verdict.article,
                key=key,
                content_hash=one.content_hash,
                fingerprint=one.fingerprint,
                label=one.label,
            )
        # What storage writes: the alias of an article that an unchanged item confirms by its own key.
        now = articles[verdict.article]
        if verdict.outcome in ("stored", "updated") or one.key == now.key:
            articles[verdict.article] = msgspec.structs.replace(now, alias=verdict.alias)
        assert verdict.name is not None
        names.update(dict.fromkeys(verdict.keys, verdict.name))
    assert len({one.key for one in articles.values()}) == len(articles)
    assert all(names[one.key].article == one.article for one in articles.values())


#: a web: where each address leads (to itself in the end), and what it shows
Web = dict[str, tuple[str, str]]
webs = st.fixed_dictionaries(
    dict.fromkeys("abcdef", st.tuples(st.sampled_from("abcdef"), st.sampled_from("xyz")))
)


def end_of(web: Web, key: str) -> str:
    """Where redirects end; an address in a circle of them is taken for a page of its own."""
    passed = [key]
    while web[passed[-1]][0] not in passed:
        passed.append(web[passed[-1]][0])
    return passed[-1] if web[passed[-1]][0] == passed[-1] else key


def visited(web: Web, key: str) -> Candidate:
    final = end_of(web, key)
    content = web[final][1]
    return candidate(key, page=content, content=content, alias="" if final == key else final)


@given(st.lists(st.tuples(webs, st.lists(st.sampled_from("abcdef"), max_size=6)), max_size=3), webs)
def test_a_web_that_stands_still_gives_nothing_new_in_the_end(
    past: list[tuple[Web, list[str]]], web: Web
) -> None:
    history = [visited(before, key) for before, keys in past for key in keys]
    round_trip = [visited(web, key) for key in web]
    # A page that others repeated and that goes its own way makes those articles, one after the other.
    found = decide.identify([*history, *round_trip * 6], {}, [], next_article=1)
    assert {one.outcome for one in found[-len(web) :]} == {"unchanged"}


@given(webs, st.permutations("abcdef"))
def test_no_page_is_stored_twice_however_many_links_lead_to_it(web: Web, order: list[str]) -> None:
    found = decide.identify([visited(web, key) for key in order], {}, [], next_article=1)
    pages = {end_of(web, key) for key in order}
    assert sum(one.outcome == "stored" for one in found) <= len(pages)
    led: dict[str, set[int | None]] = {}
    for key, one in zip(order, found, strict=True):
        led.setdefault(end_of(web, key), set()).add(one.article)
    assert all(len(articles) == 1 for articles in led.values())


def test_how_an_article_was_made_is_not_what_it_says() -> None:
    article = Article(title="A", authors=["B"], text="x", content_hash="h", markup="x")
    made_otherwise = Article(
        title="A", authors=["B"], text="x", content_hash="h", markup="x",
        simhash="f" * 16, near_duplicate_of=3, provenance={"title": "json-ld"}, extractor_version="9",
        confidence=0.4,
    )  # fmt: skip
    assert decide.fingerprint(article) == decide.fingerprint(made_otherwise)
    assert decide.fingerprint(article) != decide.fingerprint(Article(title="A", text="x", markup="x"))


def test_a_fingerprint_that_is_stored_already_stays_what_it_is() -> None:
    article = Article(
        url="https://post.example/a", title="A", authors=["B"], tags=["x"], text="x", markup="x",
        word_count=1, contributors=[Contributor(role="editing", name="E")], dateline=Dateline(place="OSLO"),
        content_hash="h", is_paywalled=False, confidence=0.4,
    )  # fmt: skip
    assert decide.fingerprint(article) == "4c73df000143201fe93aa8e7eda1d6dc"


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


@given(attempts=st.integers(1, 10_000), retry_helps=st.booleans(), seed=st.integers())
def test_our_own_outage_is_no_attempt_and_never_the_end(attempts: int, retry_helps: bool, seed: int) -> None:
    problem = Problem(code="connect", message="No network.", retry_helps=retry_helps, ours=True)
    decision = decide.after_failure(problem, attempts, NOW, SETTINGS, Random(seed))
    assert isinstance(decision, RetryAt)
    assert not decision.counts
    assert NOW + 30 <= decision.due_at <= NOW + 30 * 1.25


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
