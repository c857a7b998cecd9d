"""What lines are by their wording, and that looking at first words first misses nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.clean import characters, phrases
from pipeline.clean.lines.marks import ASIDE, DATELINE, END, LEFTOVER, mark_all

PATTERNS = {"end": phrases.END, "aside": phrases.ASIDE, "line": phrases.LINE, "prompt": phrases.PROMPT}


def mark(line: str) -> int:
    return mark_all([line], characters.read([line]))[0]


@pytest.mark.parametrize("kind", PATTERNS)
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_a_pattern_matches_begins_with_a_word_of_its_kind(kind: str, data: st.DataObject) -> None:
    line = data.draw(st.from_regex(PATTERNS[kind], alphabet=st.characters(codec="utf-8"))).lower()
    assert phrases.may_be(kind, phrases.first_word(line)) or not PATTERNS[kind].match(line)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("▶️ Share this article", LEFTOVER),
        ("— Related stories —", ASIDE),
        ("12 Comments", END),
        ("Home › News › Harbour", LEFTOVER),
    ],
)
def test_signs_before_a_phrase_do_not_hide_it(line: str, kind: int) -> None:
    assert mark(line) & kind


@pytest.mark.parametrize(
    "line",
    [
        "Read the whole page of results (RPs): look at what comes first, and ask who wrote it.",
        "1. Snake plant (Sansevieria trifasciata): one of the hardiest there is.",
        "the so-called old bridge (built in 1911) – and nobody knows by whom – was closed again.",
    ],
)
def test_a_bracket_in_a_sentence_is_no_dateline(line: str) -> None:
    assert not mark(line) & DATELINE


@pytest.mark.parametrize(
    "line",
    [
        "PORT ELLERY (Reuters) – Dock workers said on Tuesday that they would strike.",
        "Hallenbrück (dpa/tmn) - Die Stadtbücherei bleibt offen.",
        "NORTH SKARN (AP): The keeper left the island on Friday.",
        "西安（新华社）— 记者获悉。",
    ],
)
def test_a_place_with_its_agency_is_a_dateline(line: str) -> None:
    expected = "（" not in line
    assert bool(mark(line) & DATELINE) is expected


def test_dots_within_a_name_make_no_navigation() -> None:
    assert not mark("研究中心主任哈立德·泰穆尔·阿克拉姆指出，会晤带来希望。")
