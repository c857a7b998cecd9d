"""What is made of judged lines: where a story begins and ends, and what stays inside it."""

from __future__ import annotations

import numpy as np

from pipeline.clean import characters
from pipeline.clean.lines.marks import mark_all
from pipeline.clean.lines.model import Judged
from pipeline.clean.lines.reading import Story, take_apart

SHIPS = ("Alma", "Berta", "Clara", "Dora", "Emil")


def paragraph(ship: str) -> str:
    return f"The crew of the {ship} waited for the pilot, and nobody on the quay could say when he came."


STORY = [paragraph(ship) for ship in SHIPS]


def read(*lines: tuple[str, float]) -> Story:
    texts = [line for line, _ in lines]
    numbers = characters.read(texts)
    chances = np.array([chance for _, chance in lines], np.float32)
    return take_apart(Judged(texts, chances, numbers.words, mark_all(texts, numbers)))


def likely(*lines: str) -> list[tuple[str, float]]:
    return [(line, 0.97) for line in lines]


def test_a_short_sentence_that_is_likely_opens_the_story() -> None:
    first = "The lamp went out at nine."
    assert read(*likely(first, *STORY)).body == [first, *STORY]


def test_a_headline_is_no_sentence_however_likely() -> None:
    story = read(*likely("Lamp goes out at nine", *STORY))
    assert story.body == STORY
    assert story.head["headlines"] == ["Lamp goes out at nine"]


def test_verses_do_not_begin_at_their_first_full_stop() -> None:
    verses = ["The tide came in at half past four", "And took the chairs along the shore,",
              "The dog, the kite, the picnic tin,", "And then it brought the letters in.",
              "I read them on the harbour wall"]  # fmt: skip
    assert read(*likely(*verses)).body[:3] == verses[1:4]


def test_a_date_below_two_paragraphs_opens_nothing() -> None:
    lines = [paragraph(ship) + " " + paragraph("Frieda") for ship in SHIPS]
    assert read(*likely(*lines[:2], "3 April 2025", *lines[2:])).body[:2] == lines[:2]


def test_a_date_below_a_standfirst_opens_the_story() -> None:
    story = read(*likely(STORY[0], "3 April 2025", *STORY[1:]))
    assert story.body == STORY[1:]
    assert story.head["headlines"] == STORY[:1]


def test_a_last_line_without_a_full_stop_stays_when_it_is_likely() -> None:
    assert (
        read(*likely(*STORY, "Tickets: harbour.example/ferry")).body[-1] == "Tickets: harbour.example/ferry"
    )
    assert read(*likely(*STORY), ("Tickets: harbour.example/ferry", 0.8)).body == STORY


def test_short_lines_inside_a_text_that_is_all_story_stay() -> None:
    lines = [*likely(*STORY[:3]), ("350 g of flour", 0.3), *likely(*STORY[3:])]
    assert "350 g of flour" in read(*lines).body


def test_short_lines_inside_the_story_of_a_page_go() -> None:
    around = [(f"Lamp number {number} with a green shade", 0.02) for number in range(20)]
    lines = [*likely(*STORY[:3]), ("350 g of flour", 0.3), *likely(*STORY[3:]), *around]
    assert "350 g of flour" not in read(*lines).body


def test_a_leftover_inside_a_text_that_is_all_story_goes() -> None:
    lines = [*likely(*STORY[:3]), ("Share on Facebook", 0.3), *likely(*STORY[3:])]
    assert read(*lines).body == STORY
