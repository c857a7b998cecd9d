"""People out of bylines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.agencies import agency_named
from pipeline.extract.names import people, person


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
        ("By Abu-Bakr al-Rashid and Ann Lee", ["Abu-Bakr al-Rashid", "Ann Lee"]),
        ("渡辺洋介", ["渡辺洋介"]),
        ("김철수 기자", ["김철수"]),
        ("Ada Thorn, ADA THORN", ["Ada Thorn"]),
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
    ],
)
def test_what_is_nobody_is_left_out(byline: str) -> None:
    assert people(byline, site="The Harbour Post") == []


def test_one_word_is_a_name_only_where_a_person_must_stand() -> None:
    assert people("Maddy") == []
    assert person("Maddy") == "Maddy"
    assert person("Reuters") is None
    assert person("Post", site="Post") is None


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
