"""What is computed along lines, against the plainest reading of what it says; marks of many lines at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean import characters as line_characters
from pipeline.clean.lines.marks import mark_all
from pipeline.clean.lines.model import Judged
from pipeline.clean.lines.reading import take_apart
from pipeline.clean.lines.series import runs, shifted, since

FLAGS = st.lists(st.booleans(), min_size=1, max_size=90)
VALUES = st.lists(st.integers(-20, 20), min_size=1, max_size=30)
PHRASES = [
    "Leave a Reply", "RELATED ARTICLES", "By Ada Lindqvist", "March 3, 2024",
    "Home | World | Sport | Weather",
    "© 2024 Example Press", "Copyright 2024 Example Press", "(Reporting by Ada Lindqvist)", "(c) Example",
    "PORT ELLERY (Reuters) - Ships waited.", "12 comments", "Sign up for our newsletter", "—",
    "１２ Kommentare",
    "Die Schiffe warteten vor dem Hafen.", "«À lire aussi»", "Home › News › Harbour", "İstanbul",
]  # fmt: skip
LINES = st.lists(
    st.one_of(st.sampled_from(PHRASES), st.text(st.characters(exclude_characters="\n"), min_size=1)),
    min_size=1,
    max_size=12,
)


@given(FLAGS)
def test_since_counts_lines_from_the_last_flagged_one(flags: list[bool]) -> None:
    found = since(np.array([flags]))[0].tolist()
    for at in range(len(flags)):
        last = max((other for other in range(at) if flags[other]), default=-100)
        assert found[at] == min(60, at - last)


@given(VALUES)
def test_a_run_has_the_largest_sum_of_any_stretch(values: list[int]) -> None:
    ((start, end, share),) = runs(np.array([values]))
    best = max(sum(values[a:b]) for a in range(len(values)) for b in range(a + 1, len(values) + 1))
    assert sum(values[start : end + 1]) == best
    above = sum(value for value in values if value > 0)
    assert share == (best / above if above else 0)


def test_neighbours_stand_beside_their_line() -> None:
    found = shifted(np.array([[1.0, 2.0, 3.0]]), (-1, 1))
    assert found.tolist() == [[-5.0, 1.0, 2.0], [2.0, 3.0, -5.0]]


@given(LINES)
def test_lines_are_marked_together_as_each_is_alone(lines: list[str]) -> None:
    alone = [mark_all([line], line_characters.read([line])) for line in lines]
    assert mark_all(lines, line_characters.read(lines)) == [mark for marks in alone for mark in marks]


def _judged(lines: list[str], chances: list[float]) -> Judged:
    numbers = line_characters.read(lines)
    return Judged(lines, np.array(chances, np.float32), numbers.words, mark_all(lines, numbers))


def _sentence(about: str) -> str:
    return f"The crew of the {about} waited for the pilot, and nobody on the quay could say when he came."


def test_a_paragraph_that_was_put_there_twice_is_kept_once() -> None:
    lines = [_sentence(name) for name in ("Alma", "Berta", "Clara", "Dora", "Emil", "Alma")]
    assert take_apart(_judged(lines, [0.95] * 6)).body == lines[:5]


def test_a_text_that_repeats_itself_throughout_keeps_its_refrains() -> None:
    lines = [_sentence("Alma"), _sentence("Berta")] * 2
    assert take_apart(_judged(lines, [0.95] * 4)).body == lines


def test_a_long_list_above_the_first_paragraph_is_no_head() -> None:
    lines = [f"Lamp number {number} with a green shade" for number in range(20)] + [_sentence("Alma")]
    assert take_apart(_judged(lines, [0.9] * 21)).body == lines
