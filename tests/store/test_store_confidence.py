"""How sure the cut of an article is: stored, found by, and never a reason for another revision."""

from __future__ import annotations

import pytest
from store_line import NOW, article, handed, outcomes, run

from pipeline.store import Store
from pipeline.store.contract import ArticleFilter

SURE = article("text", confidence=0.931)


def confidences(store: Store) -> list[float | None]:
    return [told["confidence"] for told in store.export()]


def test_confidence_is_told_in_lists_and_of_the_whole_article(store: Store) -> None:
    (done,) = run(store, [(handed("a"), SURE)])
    told = store.article(done.article or 0)
    assert told
    assert told["confidence"] == 0.931
    assert [row.confidence for row in store.articles()] == [0.931]


def test_another_confidence_is_no_revision_but_is_remembered(store: Store) -> None:
    run(store, [(handed("a", "page"), article("text", confidence=0.5))])
    assert outcomes(run(store, [(handed("a", "page with other ads"), SURE)], NOW + 5)) == ["unchanged"]
    assert confidences(store) == [0.931]
    assert [row.stored_at for row in store.articles()] == [NOW]


def test_what_is_not_known_replaces_no_number(store: Store) -> None:
    run(store, [(handed("a", "page"), SURE)])
    assert outcomes(run(store, [(handed("a", "page with other ads"), article("text"))])) == ["unchanged"]
    assert confidences(store) == [0.931]


def test_an_article_from_before_there_was_a_confidence_gets_one(store: Store) -> None:
    run(store, [(handed("a", "page"), article("text"))])
    assert confidences(store) == [None]
    assert outcomes(run(store, [(handed("a", "page with other ads"), SURE)])) == ["unchanged"]
    assert confidences(store) == [0.931]


def test_a_revision_and_a_duplicate_keep_to_their_own(store: Store) -> None:
    run(store, [(handed("a", "page"), SURE)])
    other = article("other", confidence=0.6)
    assert outcomes(run(store, [(handed("a", "later"), other)])) == ["updated"]
    copy = article("other", confidence=0.2)
    assert outcomes(run(store, [(handed("b"), copy)])) == ["duplicate"]
    assert confidences(store) == [0.6]


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ({}, ["a", "b", "c", "d"]),
        ({"min_confidence": 0.7}, ["b", "c"]),
        ({"max_confidence": 0.7}, ["a"]),
        ({"min_confidence": 0.7, "max_confidence": 0.9}, ["b"]),
        ({"min_confidence": 0.0}, ["a", "b", "c"]),
    ],
    ids=["none", "least", "below", "both", "known"],
)
def test_articles_are_found_by_their_confidence(
    store: Store, bounds: dict[str, float], found: list[str]
) -> None:
    known = {"a": 0.69, "b": 0.7, "c": 0.931, "d": None}
    run(store, [(handed(name), article(name, confidence=sure)) for name, sure in known.items()])
    rows = store.articles(wanted=ArticleFilter(**bounds))
    assert sorted(row.title or "" for row in rows) == [f"On {name}" for name in found]
