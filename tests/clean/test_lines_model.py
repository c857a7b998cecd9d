"""The learned judgement of lines: what it refuses, and what it says of samples."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean import characters as line_characters
from pipeline.clean.lines import features as line_features
from pipeline.clean.lines.marks import BYLINE, CREDIT, DATE, DATELINE, END, LEFTOVER, NOTICE, mark_all
from pipeline.clean.lines.model import model
from pipeline.clean.lines.words import LineWords
from pipeline.clean.lines.wrapping import paragraphs
from pipeline.clean.scoring import trees
from pipeline.words import count_words

STORIES = sorted((Path(__file__).parent.parent.parent / "seeds" / "stories").glob("*.txt"))
LINES = st.lists(
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1), min_size=1
).map(lambda lines: [" ".join(line.split()) or "x" for line in lines])


def test_a_model_of_other_features_is_refused() -> None:
    with pytest.raises(ValueError, match="other features"):
        trees.load("text", [*line_features.names(), "one more"])
    with pytest.raises(ValueError, match="other features"):
        trees.load("text", line_features.names()[::-1])


def test_a_table_of_words_of_another_size_is_refused() -> None:
    file = io.BytesIO()
    np.savez(file, weights=np.zeros(8, np.int8), scale=np.float32(1), bias=np.float32(0))
    file.seek(0)
    with pytest.raises(ValueError, match="8 entries"):
        LineWords(file)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_paragraphs_of_the_samples_are_likelier_than_their_leftovers(path: Path) -> None:
    judged = model().judge(paragraphs(path.read_text()))
    leftover = np.array([bool(marks & (NOTICE | LEFTOVER | CREDIT)) for marks in judged.marks])
    story = (judged.words >= 20) & ~leftover
    assert judged.probabilities[story].min() > 0.9
    assert judged.probabilities[leftover].max() < judged.probabilities[story].min()


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_every_line_gets_a_probability(lines: list[str]) -> None:
    judged = model().judge(lines)
    assert len(judged.probabilities) == len(judged.words) == len(judged.marks) == len(lines)
    assert ((judged.probabilities >= 0) & (judged.probabilities <= 1)).all()


@pytest.mark.parametrize(
    "line",
    [
        "The mayor walks across the old bridge every morning.",
        "老渡口重新开放，村民免费过河",
        "เปิดให้บริการอีกครั้งเมื่อวันเสาร์",
        "Это первая строка — и она короткая.",
        "한국어는 띄어쓰기를 합니다",
    ],
)
def test_words_are_counted_like_everywhere(line: str) -> None:
    found = float(line_characters.read([line]).words[0])
    assert abs(found - count_words(line)) <= 1


def test_case_and_numbers_do_not_tell_lines_apart() -> None:
    hashes = line_characters.read(["Posted 12 hours ago", "POSTED 47 hours ago", "Posted 12 days ago"]).hashes
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("PORT ELLERY (Reuters) – Dock workers said on Tuesday that they would strike.", DATELINE),
        ("By Ada Thorn", BYLINE),
        ("3. April 2025", DATE),
        ("(Reporting by Ilse Hartnagel; Editing by Carla Munro)", CREDIT),
        ("© 2024 Harbour Post", NOTICE),
        ("Leave a Reply", END),
        ("Home | News | Sport", LEFTOVER),
        ("Teilen", LEFTOVER),
    ],
)
def test_lines_are_known_by_their_wording(line: str, kind: int) -> None:
    assert mark_all([line], line_characters.read([line]))[0] & kind
