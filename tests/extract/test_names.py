"""People out of bylines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.people.names import named, people, person
from pipeline.extract.wire.agencies import agency_named


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ada Thorn", ["Ada Thorn"]),
        ("By Ada Thorn and Bo Marsh", ["Ada Thorn", "Bo Marsh"]),
        ("by ADA THORN", ["Ada Thorn"]),
        ("Ada Thorn, Bo Marsh & Cy O’Wren", ["Ada Thorn", "Bo Marsh", "Cy O’Wren"]),
        ("By Ada Thorn, Staff Writer", ["Ada Thorn"]),
        ("By Ada Thorn in Port Ellery", ["Ada Thorn"]),
        ("By Ada Thorn, Reuters", ["Ada Thorn"]),
        ("Written by Ada Thorn | Updated March 3", ["Ada Thorn"]),
        ("Ada Thorn (ada@post.example) @adathorn", ["Ada Thorn"]),
        ("Von Veronika Stadler", ["Veronika Stadler"]),
        ("Von Veronika Stadler und Jan van der Berg", ["Veronika Stadler", "Jan van der Berg"]),
        ("Par Hélène Garrigue et Paul Noyer", ["Hélène Garrigue", "Paul Noyer"]),
        ("Por Ana Sol y Luis de la Mar", ["Ana Sol", "Luis de la Mar"]),
        ("J. K. Thorn", ["J. K. Thorn"]),
        ("Jean-Luc d’Arc", ["Jean-Luc d’Arc"]),
        ("渡辺洋介", ["渡辺洋介"]),
        ("김철수 기자", ["김철수"]),
        ("Ada Thorn, ADA THORN", ["Ada Thorn"]),
        ("Ada Thorn, Bo Marsh und Cy Wren", ["Ada Thorn", "Bo Marsh", "Cy Wren"]),
        ("Von Ada Thorn, Bo Marsh", ["Ada Thorn", "Bo Marsh"]),
        ("par Hélène Garrigue avec AFP", ["Hélène Garrigue"]),
        ("Por Ana Sol, enviada especial", ["Ana Sol"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Ada Thorn/Bo Marsh", ["Ada Thorn", "Bo Marsh"]),
        ("Ada Thorn, Special to The Post", ["Ada Thorn"]),
        ("By Ada Thorn And Bo Marsh For The Harbour Post", ["Ada Thorn", "Bo Marsh"]),
        ("Staff Writer Ada Thorn", ["Ada Thorn"]),
        ("Ada Thorn Trending Editor", ["Ada Thorn"]),
        ("Dr. Ada Thorn, PhD, RD", ["Ada Thorn"]),
        ("Prof. Dr. Jan van der Berg", ["Jan van der Berg"]),
        ("Ada Thorn, M.D. FACP", ["Ada Thorn"]),
        ("Ada Thorn Jr.", ["Ada Thorn Jr."]),
        ("Ada Thorn, Jr.", ["Ada Thorn Jr."]),
        ("Yo-Yo Ma", ["Yo-Yo Ma"]),
        ("Joe S.", ["Joe S."]),
        ("Thorn, Ada", ["Ada Thorn"]),
        ("Thorn, A.", ["A. Thorn"]),
        ("April Thorn", ["April Thorn"]),
        ("Jörg Staff", ["Jörg Staff"]),
        ("Ada THORN", ["Ada Thorn"]),
        ("Ada Thorn2024-12-07T10:10:52", ["Ada Thorn"]),
        ("Ada ThornStaff Writer", ["Ada Thorn"]),
        ("Ada DiMarco", ["Ada DiMarco"]),
        ("Ada Thorn | Published 3 hours ago", ["Ada Thorn"]),
        ("Автор: Иван Петров и Анна Седых", ["Иван Петров", "Анна Седых"]),
        ("김철수·이영희 기자", ["김철수", "이영희"]),
        ("记者 张三", ["张三"]),
        ("文/李四", ["李四"]),
        ("作者：王五", ["王五"]),
        ("بقلم: أحمد علي", ["أحمد علي"]),
    ],
)
def test_names_are_found(byline: str, names: list[str]) -> None:
    assert people(byline) == names


@pytest.mark.parametrize(
    "byline",
    [
        "Staff",
        "By Staff Reporter",
        "Reuters",
        "The Associated Press",
        "Harbour Post",
        "https://post.example/ada",
        "admin",
        "Updated March 3, 2024",
        "5 min read",
        "",
        "By",
        "News Desk",
        "12 34",
        "Naturstrom AG",
        "Deutsches Rotes Kreuz",
        "Die Furche",
        "The Ritualist",
        "NBC News",
        "PhD FACLM",
        "東京新聞デジタル",
        "연합뉴스",
        "Special to The Post",
        "Show all articles",
    ],
)
def test_what_is_nobody_is_left_out(byline: str) -> None:
    assert people(byline, site="The Harbour Post") == []


def test_one_word_is_a_name_only_where_a_person_must_stand() -> None:
    assert people("Maddy") == []
    assert person("Maddy") == "Maddy"
    assert person("Reuters") is None
    assert person("Post", site="Post") is None


def test_sources_that_hold_nothing_but_authors_may_give_pseudonyms() -> None:
    assert named("seabird7") == ["seabird7"]
    assert named("Linny and Peter") == ["Linny", "Peter"]
    assert named("Ada Thorn, Peter") == ["Ada Thorn"]
    for nobody in (
        "web-admin",
        "post.example.com",
        "NDR",
        "newsroom",
        "2024",
        "Sea Trade AG",
        "the sea birds",
    ):
        assert named(nobody) == []


def test_what_may_be_a_role_counts_as_a_name_only_when_it_begins_like_one() -> None:
    assert people("Ada Thorn, Master Gardener", doubted=True) == ["Ada Thorn"]
    assert people("Ada Thorn, Bo Marsh", doubted=True) == ["Ada Thorn", "Bo Marsh"]
    assert people("Ada Thorn and Zinachi Okwu", doubted=True) == ["Ada Thorn", "Zinachi Okwu"]


@pytest.mark.parametrize(
    ("name", "agency"),
    [("Reuters", "Reuters"), ("Thomson Reuters", "Reuters"), ("The Associated Press", "AP"), ("AP", "AP"),
    ("dpa/AFP", "dpa"),
     ("Agence France-Presse", "AFP"), ("Ada Thorn", None), ("ap", None), ("pa", None), ("", None)],
)  # fmt: skip
def test_agencies_are_known_by_their_names(name: str, agency: str | None) -> None:
    assert agency_named(name) == agency


@given(st.text(max_size=200))
def test_reading_names_never_fails(text: str) -> None:
    assert all(people(text))
