"""Agencies: their names, and the lines around stories that name them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.wire.agencies import agencies_only, agency_named, may_name
from pipeline.extract.wire.sources import byline_agency, closing_sign, end_of_story


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("dpa/AFP", "dpa"), ("AP/dpa", "AP"), ("vst/dpa", "dpa"), ("APA/dpa", "APA"), ("dpa/tmn", "dpa"),
        ("Reuters Staff", "Reuters"), ("Agence France-Presse (AFP)", "AFP"), ("AFP et Reuters", "AFP"),
        ("Deutsche Presse-Agentur GmbH", "dpa"), ("Agencia EFE", "EFE"), ("sda", "Keystone-SDA"),
        ("ТАСС", "TASS"), ("新华社", "Xinhua"), ("연합뉴스", "Yonhap"),
        ("vst", None), ("SPD", None), ("Reuters, Ministry of Farming", None), ("Ann Lee, Reuters", None),
        ("Harbour Post", None), ("press", None), ("", None),
    ],
)  # fmt: skip
def test_a_text_of_agencies_and_initials_alone_gives_the_first(text: str, agency: str | None) -> None:
    assert agencies_only(text) == agency


@pytest.mark.parametrize("menu", ["AA", "MAP", "APP", "PL", "map", "pa", "uni", "sid"])
def test_names_that_are_words_elsewhere_make_no_agency_alone(menu: str) -> None:
    assert agency_named(menu) is None
    assert agency_named(menu, certain=True) is not None


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("Quelle: dpa", "dpa"), ("(Source: Reuters)", "Reuters"), ("Fuente: EFE", "EFE"),
        ("Bron: ANP", "ANP"),
        ("Источник: ТАСС", "TASS"), ("Mit Material von dpa und AFP", "dpa"), ("(avec AFP)", "AFP"),
        ("Con información de EFE", "EFE"), ("*Com informações da Reuters", "Reuters"),
        ("The Associated Press contributed to this report.", "AP"), ("(APA/dpa)", "APA"),
        ("/ritzau/", "Ritzau"), ("--IANS", "IANS"), ("Erik Lind/TT", "TT"),
        ("Quelle: post.example, vst/dpa", "dpa"),
        ("This report by The Canadian Press was first published March 12, 2024.", "The Canadian Press"),
    ],
)  # fmt: skip
def test_a_line_that_closes_a_story_names_its_agency(line: str, agency: str) -> None:
    sign = closing_sign(line)
    assert sign is not None
    assert sign.agency == agency


@pytest.mark.parametrize(
    "line",
    [
        "Foto: dpa", "Photos: AFP", "(AP Photo/Ann Lee)", "© Ann Lee / AFP", "Source: Ministry of Farming",
        "Sources: Reuters, Ministry of Farming", "Reuters won the prize.", "Follow AP for more stories",
        "The Associated Press contributed $3 million to the fund", "(vst)", "",
    ],
)  # fmt: skip
def test_other_lines_name_none(line: str) -> None:
    assert closing_sign(line) is None


def test_agencies_that_are_not_named_are_none() -> None:
    sign = closing_sign("(mit Agenturmaterial)")
    assert sign is not None
    assert sign.agency is None


def test_below_the_story_of_a_page_a_name_alone_may_be_a_tag() -> None:
    assert closing_sign("Reuters", bare=False) is None
    assert closing_sign("(Reuters)", bare=False) is not None


@pytest.mark.parametrize(
    ("paragraph", "agency", "rest"),
    [
        ("Er sagte ab. (dpa)", "dpa", "Er sagte ab."),
        ("«Nein», sagte er. (vst/dpa)", "dpa", "«Nein», sagte er."),
        ("No dio cifras. EFE", "EFE", "No dio cifras."),
        ("Er kommt. (mit Agenturen)", None, "Er kommt."),
    ],
)
def test_the_last_sentence_is_signed_behind_its_full_stop(
    paragraph: str, agency: str | None, rest: str
) -> None:
    signed = end_of_story(paragraph)
    assert signed is not None
    assert (signed[0].agency, paragraph[: signed[1]]) == (agency, rest)


@pytest.mark.parametrize(
    "paragraph",
    ["He told the agency (dpa).", "She sat the exam (AP).", "Er kommt. (vst)", "I saw it on TV. OK", ""],
)
def test_brackets_within_the_sentence_sign_nothing(paragraph: str) -> None:
    assert end_of_story(paragraph) is None


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("By JANE DORSET, Associated Press", "AP"), ("By Reuters Staff", "Reuters"), ("Von dpa/afp", "dpa"),
        ("Par Le Courrier du Port avec AFP", "AFP"), ("JANE DORSET Associated Press", "AP"),
        ("Ann Lee | AAP", "AAP"), ("By Ann Lee, PA", "PA"), ("EFE | Madrid", "EFE"),
        ("By Ann Lee", None), ("Photo: REUTERS/Ann Lee", None), ("By Anita Reuter", None),
    ],
)  # fmt: skip
def test_a_byline_names_its_agency(line: str, agency: str | None) -> None:
    assert byline_agency(line, certain=True) == agency


def test_what_may_be_no_byline_needs_a_word_that_makes_it_one() -> None:
    assert byline_agency("AFP") is None
    assert byline_agency("Quelle: AFP") is None
    assert byline_agency("Von AFP") == "AFP"


@given(st.text(max_size=120))
def test_whatever_names_an_agency_may_name_one(text: str) -> None:
    for read in (agency_named, agencies_only, byline_agency, closing_sign):
        assert read(text) is None or may_name(text) or "gen" in text.lower()
