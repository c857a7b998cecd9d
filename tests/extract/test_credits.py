"""Credit lines: who did what."""

from __future__ import annotations

import pytest

from pipeline.extract.wire.credits import read_credits, take_credits
from pipeline.model import Block

CREDITS = [
    ("(Reporting by Ann Lee)", ["reporting: Ann Lee"]),
    (
        "(Reporting by Ann Lee and Bo Marsh; additional reporting by Cy Wren; Writing by Bo Marsh, "
        "Editing by Di Frost)",
        [
            "reporting: Ann Lee",
            "reporting: Bo Marsh",
            "additional_reporting: Cy Wren",
            "writing: Bo Marsh",
            "editing: Di Frost",
        ],
    ),
    (
        "Reporting by Ann Lee in Oslo, Bo Marsh in Rome; Editing by Di Frost.",
        ["reporting: Ann Lee", "reporting: Bo Marsh", "editing: Di Frost"],
    ),
    (
        "(Reporting and writing by Ann Lee; editing by Di Frost)",
        ["reporting: Ann Lee", "writing: Ann Lee", "editing: Di Frost"],
    ),
    ("(Writing by Ann Lee. Editing by Di Frost)", ["writing: Ann Lee", "editing: Di Frost"]),
    ("(Compiled by Ann Lee; photos by Bo Marsh)", ["compiling: Ann Lee", "photography: Bo Marsh"]),
    ("(Reporting by Ann Lee; Translated by Bo Marsh)", ["reporting: Ann Lee", "translation: Bo Marsh"]),
    (
        "Associated Press writers Ann Lee in Oslo and Bo Marsh in Rome contributed to this report.",
        ["additional_reporting: Ann Lee", "additional_reporting: Bo Marsh"],
    ),
    (
        "(Berichterstattung: Jonas Wiegand, Mira Tolk; Redaktion: Peter Ahrend)",
        ["reporting: Jonas Wiegand", "reporting: Mira Tolk", "editing: Peter Ahrend"],
    ),
    ("(geschrieben von Ann Lee, redigiert von Bo Marsh)", ["writing: Ann Lee", "editing: Bo Marsh"]),
    (
        "(Reportage de Lucie Marchand et Hugo Terrasse; rédigé par Ann Lee; édité par Paul Noyer)",
        ["reporting: Lucie Marchand", "reporting: Hugo Terrasse", "writing: Ann Lee", "editing: Paul Noyer"],
    ),
    (
        "(Version française Lucie Marchand, édité par Paul Noyer)",
        ["translation: Lucie Marchand", "editing: Paul Noyer"],
    ),
    (
        "(Reporte de Ana Sol y Luis Mar; editado por Eva Paz)",
        ["reporting: Ana Sol", "reporting: Luis Mar", "editing: Eva Paz"],
    ),
    ("(Reportagem de Ana Sol; Edição de Eva Paz)", ["reporting: Ana Sol", "editing: Eva Paz"]),
    ("(Scritto da Ada Riva, a cura di Enzo Poli)", ["writing: Ada Riva", "editing: Enzo Poli"]),
]


def told(text: str) -> list[str]:
    return [f"{one.role}: {one.name}" for one in read_credits(text)]


@pytest.mark.parametrize(("line", "expected"), CREDITS)
def test_a_credit_line_names_roles_and_people(line: str, expected: list[str]) -> None:
    assert told(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Reporting by the ministry showed that the ferry had been late on every day of the month.",
        "The book was written by Ann Lee.",
        "“Editing by hand takes time,” said Ann Lee.",
        "Fotos von der Feier zeigen, wie die Brücke geöffnet wurde.",
        "",
    ],
)
def test_a_sentence_is_no_credit_line(line: str) -> None:
    assert told(line) == []


def paragraph(text: str) -> Block:
    return Block(kind="paragraph", text=text, markup=text)


def test_credit_lines_leave_the_story() -> None:
    story = [paragraph("The ferry sails again."), paragraph("It sails at noon.")]
    credits = [paragraph("(Reporting by Ann Lee)"), paragraph("(Editing by Di Frost)")]
    found, kept = take_credits(story + credits, [])
    assert kept == story
    assert [f"{one.role}: {one.name}" for one in found] == ["reporting: Ann Lee", "editing: Di Frost"]


def test_a_credit_of_an_office_leaves_the_story_without_a_name() -> None:
    assert take_credits([paragraph("It sails."), paragraph("(Reporting by Oslo newsroom)")], []) == (
        [],
        [paragraph("It sails.")],
    )


def test_credits_below_the_story_count_when_it_has_none() -> None:
    found, _ = take_credits([paragraph("It sails.")], ["(Reporting by Ann Lee)"])
    assert [one.name for one in found] == ["Ann Lee"]
