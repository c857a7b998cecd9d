"""Copyright lines."""

from __future__ import annotations

import pytest

from pipeline.extract.wire.copyrights import read_copyright, take_copyright
from pipeline.model import Block, Copyright


@pytest.mark.parametrize(
    ("line", "holder", "year"),
    [
        ("Copyright 2024 Thomson Reuters.", "Thomson Reuters", 2024),
        ("© 2024 Deutsche Presse-Agentur", "Deutsche Presse-Agentur", 2024),
        ("(c) 2023 Harbour Post Ltd. All rights reserved.", "Harbour Post Ltd.", 2023),
        ("Copyright © 1998-2025 Harbour Post", "Harbour Post", 2025),
        ("Harbour Post © 2025", None, None),
        ("© Harbour Post | Imprint | Privacy", "Harbour Post", None),
        ("Copyright 2025 The Associated Press. All rights reserved. This material may not be "
         "published.", "The Associated Press", 2025),
        ("Copyright law was changed on Monday, and nobody in the harbour noticed it until the fair in "
         "May, when " * 4, None, None),
    ],
)  # fmt: skip
def test_holder_and_year_are_read(line: str, holder: str | None, year: int | None) -> None:
    expected = Copyright(holder=holder, year=year) if holder or year else None
    assert read_copyright(line) == expected


def test_a_copyright_line_leaves_the_story() -> None:
    story = Block(kind="paragraph", text="It sails.", markup="It sails.")
    line = Block(kind="paragraph", text="© 2024 Post", markup="© 2024 Post")
    assert take_copyright([story, line], []) == (Copyright(holder="Post", year=2024), [story])
    assert take_copyright([story], ["© 2024 Post"]) == (Copyright(holder="Post", year=2024), [story])
