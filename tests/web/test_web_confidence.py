"""How sure a cut is, as pages and the API tell it."""

from __future__ import annotations

import pytest
from web_site import Site, article, new_item

from pipeline.model import Ending, Problem, Step


@pytest.fixture
def three(site: Site) -> Site:
    """Articles whose cut is sure, doubtful, and of unknown confidence."""
    site.job([new_item("a"), new_item("b"), new_item("c")])
    site.finish(
        {
            "a": article("Sure", "One.", confidence=0.93),
            "b": article("Doubtful", "Two.", confidence=0.43),
            "c": article("Unknown", "Three."),
        }
    )
    return site


def titles(site: Site, query: str) -> set[str]:
    return {row["title"] for row in site.api.get(f"/api/articles?{query}").json()["articles"]}


def test_the_api_tells_and_filters(three: Site) -> None:
    listed = three.api.get("/api/articles").json()["articles"]
    assert {row["title"]: row["confidence"] for row in listed} == {
        "Sure": 0.93,
        "Doubtful": 0.43,
        "Unknown": None,
    }
    assert titles(three, "min_confidence=0.7") == {"Sure"}
    assert titles(three, "max_confidence=0.7") == {"Doubtful"}
    assert titles(three, "min_confidence=0.43&max_confidence=0.93") == {"Doubtful"}
    (found,) = [row["id"] for row in listed if row["title"] == "Doubtful"]
    assert three.api.get(f"/api/articles/{found}").json()["confidence"] == 0.43


@pytest.mark.parametrize("query", ["min_confidence=70", "max_confidence=-1", "min_confidence=x"])
def test_a_bound_that_is_none_is_refused(site: Site, query: str) -> None:
    assert site.api.get(f"/api/articles?{query}").status_code == 422


def test_the_list_marks_doubtful_cuts_only(three: Site) -> None:
    shown = three.read("/articles")
    assert shown.count("doubtful cut,") == 1
    assert "1 word · doubtful cut, 0.43" in shown
    narrowed = three.read("/articles?doubtful=1")
    assert "Two" not in narrowed
    assert "Sure" not in narrowed
    assert "doubtful cut, 0.43" in narrowed
    assert "No article matches." in three.read("/articles?doubtful=1&q=one")


def test_the_article_page_marks_a_doubtful_cut(three: Site) -> None:
    shown = {row.title: three.read(f"/articles/{row.id}") for row in three.store.articles()}
    assert "doubtful cut, 0.43" in shown["Doubtful"]
    assert "confidence 0.93" in shown["Sure"]
    assert "doubtful" not in shown["Sure"] + shown["Unknown"]
    assert "confidence" not in shown["Unknown"]


def test_the_passport_tells_whether_there_may_be_an_article(site: Site) -> None:
    job = site.job([new_item("a")])
    (item,) = site.store.load(site.store.admit(1, 1_001.0))
    problem = Problem(code="no_article", message="A list of links.")
    step = Step(stage="clean", at=1_001.0, seconds=0.1, worker="w", result="no_article", confidence=0.127)
    site.store.finish([Ending(item=item.id, problem=problem, trace=[step])], 1_002.0)
    assert "Confidence 0.12 that there is an article after all" in site.read(f"/items/{item.id}")
    assert [one.confidence for one in site.store.items(job=job)] == [0.127]
