"""What can be a place in a dateline."""

from __future__ import annotations

import pytest

from pipeline.extract.wire.places import is_city, is_shouted, may_be_place


@pytest.mark.parametrize(
    "text",
    [
        "CAPRI", "Frankfurt/Main", "Frankfurt a.M.", "ST. PETERSBURG, Fla.", "São Paulo", "Rio de Janeiro",
        "JERUSALEM/CAIRO", "THE HAGUE", "La Paz", "Saint-Orvan", "МОСКВА", "Den Haag",
        "ABOARD THE NIGHT FERRY",
    ],
)  # fmt: skip
def test_names_of_places_begin_in_capitals(text: str) -> None:
    assert may_be_place(text)


@pytest.mark.parametrize(
    "text",
    [
        "He said", "Die Agentur", "The Association of Ports", "L'AFP", "the city", "ROVERS 3", "Who? Me", "",
        "THE TIMES", "Nach Angaben der Polizei sind in der Nacht drei Menschen",
    ],
)  # fmt: skip
def test_beginnings_of_sentences_are_none(text: str) -> None:
    assert not may_be_place(text)


def test_well_known_cities_are_known_alone_in_pairs_and_with_their_country() -> None:
    assert all(
        map(is_city, ("Hamburg", "Köln/Berlin", "PARIS", "Paris, France", "Frankfurt/Main", "New York"))
    )
    assert not any(map(is_city, ("Port Ellery", "IBM", "")))


@pytest.mark.parametrize("text", ["BREAKING", "NASA", "WHO", "IBM", "EILMELDUNG", "MANCHESTER UNITED"])
def test_capitals_that_shout_are_no_places(text: str) -> None:
    assert is_shouted(text)


@pytest.mark.parametrize("text", ["ROME", "OSLO", "NEW YORK", "HALIFAX", "PORT ELLERY"])
def test_capitals_of_cities_are(text: str) -> None:
    assert not is_shouted(text)
