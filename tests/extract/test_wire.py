"""Datelines: what opens a wire story, and what only looks like it."""

from __future__ import annotations

import pytest

from pipeline.extract.wire.datelines import read_opening, resolve_date, take_dateline
from pipeline.model import Block, Dateline

REST = "The ferry sails again after the storm."

DATELINES = [
    ("CAPRI (Reuters) – ", "CAPRI", "Reuters", ""),
    ("PORT ELLERY, March 12 (Reuters) - ", "PORT ELLERY", "Reuters", "March 12"),
    ("WASHINGTON, April 19 (AP) — ", "WASHINGTON", "AP", "April 19"),
    ("TARN VALLEY, Kestria (AP) — ", "TARN VALLEY, Kestria", "AP", ""),
    ("WASHINGTON/LONDON, Sept 3 (Reuters) - ", "WASHINGTON/LONDON", "Reuters", "Sept 3"),
    ("BEIJING, Oct. 2 (Xinhua) -- ", "BEIJING", "Xinhua", "Oct. 2"),
    ("TOKYO, Dec 30 (Kyodo) — ", "TOKYO", "Kyodo", "Dec 30"),
    ("Berlin (dpa) - ", "Berlin", "dpa", ""),
    ("Frankfurt/Main (dpa-AFX) - ", "Frankfurt/Main", "dpa", ""),
    ("Karmstadt (dpa/tmn) – ", "Karmstadt", "dpa", ""),
    ("Wien (APA) - ", "Wien", "APA", ""),
    ("PARIS, 3 mars (AFP) - ", "PARIS", "AFP", "3 mars"),
    ("Saint-Orvan (AFP) – ", "Saint-Orvan", "AFP", ""),
    ("SAINT-ORVAN, 7 mai 2024 (AFP) - ", "SAINT-ORVAN", "AFP", "7 mai 2024"),
    ("Madrid, 3 mar (EFE).- ", "Madrid", "EFE", "3 mar"),
    ("(ANSA) - ROMA, 03 MAR - ", "ROMA", "ANSA", "03 MAR"),
    ("(Reuters) - ", None, "Reuters", ""),
    ("LONDON — ", "LONDON", None, ""),
    ("NORDHAVN (Harbour Wire) - ", "NORDHAVN", "Harbour Wire", ""),
]


@pytest.mark.parametrize(("opening", "place", "agency", "date"), DATELINES)
def test_a_dateline_is_read_and_the_story_starts_behind_it(
    opening: str, place: str | None, agency: str | None, date: str
) -> None:
    found = read_opening(opening + REST)
    assert found is not None
    assert (found.dateline, found.date_text) == (Dateline(place=place, agency=agency), date)
    assert (opening + REST)[found.length :] == REST


NO_DATELINES = [
    "The minister told the agency (Reuters) on Monday that the ferry would sail.",
    "Smith (Labour) - who won the seat in May - said that she would not resign.",
    "He said (AFP) had quoted him wrongly, and asked for a correction.",
    "In Berlin, the agency (dpa) was founded in 1949 by the newspapers of the west.",
    "The Association of Ports (AP) said that it would wait for the vote.",
    "NATO said on Monday that it would send ships.",
    "The Dow (up 3%) - its best day in May - closed higher.",
    "Port Ellery – The ferry",
    "IBM - the company that made the machine - has closed its works.",
    "(Reuters)",
    "",
]


@pytest.mark.parametrize("text", NO_DATELINES)
def test_what_only_looks_like_a_dateline_is_left_alone(text: str) -> None:
    assert read_opening(text) is None


@pytest.mark.parametrize(
    ("date", "published", "year", "expected"),
    [
        ("March 12", "2024-03-13T08:00:00+00:00", None, "2024-03-12"),
        ("Dec 30", "2025-01-02", None, "2024-12-30"),  # the nearest 30 December, not the one to come
        ("3 mars", None, 2024, "2024-03-03"),
        ("7 mai 2024", None, None, "2024-05-07"),
        ("March 12", None, None, None),
        ("Feb 30", "2024-03-01", None, None),
        ("", "2024-03-01", 2024, None),
    ],
)
def test_its_date_takes_its_year_from_the_publication(
    date: str, published: str | None, year: int | None, expected: str | None
) -> None:
    opening = read_opening(f"PORT ELLERY, {date} (Reuters) - {REST}")
    assert opening is not None
    assert resolve_date(opening, published, year).date == expected


def paragraph(text: str, markup: str | None = None) -> Block:
    return Block(kind="paragraph", text=text, markup=markup or text)


def test_text_and_markdown_lose_the_dateline() -> None:
    blocks = [
        paragraph(
            "Berlin (dpa) - Die Züge fahren wieder.",
            "**Berlin (dpa)** - Die [Züge](https://a.example/) fahren wieder.",
        )
    ]
    opening, rest = take_dateline(blocks)
    assert opening is not None
    assert rest == [paragraph("Die Züge fahren wieder.", "Die [Züge](https://a.example/) fahren wieder.")]


def test_a_dateline_below_the_top_is_part_of_the_story() -> None:
    blocks = [paragraph(REST) for _ in range(4)] + [paragraph("CAPRI (Reuters) – " + REST)]
    assert take_dateline(blocks) == (None, blocks)
