"""Whole stories with wire conventions in them, and ones that only look like it: see the folder ``wire``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# benchmarks/ is not installed, and `pytest` does not look in the folder it runs in.
sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from benchmarks.metadata.wire import CASES, Case, cases, found_in, read

EVERY = cases()


def marked(case: Case) -> object:
    known = pytest.mark.xfail(reason=case.known_failure, strict=True) if case.known_failure else ()
    return pytest.param(case, id=case.name, marks=known)


@pytest.mark.parametrize("case", [marked(case) for case in EVERY])
def test_a_story_gives_what_its_case_states_and_nothing_else(case: Case) -> None:
    article = read(case)
    assert article is not None
    assert found_in(article) == case.expected
    assert case.authors is None or article.authors == case.authors
    assert article.text.startswith(case.first_words)


def test_the_cases_are_many_in_many_languages_and_a_quarter_only_look_like_it() -> None:
    assert len(EVERY) >= 200
    assert len(list(CASES.glob("*.toml"))) >= 6
    assert sum(case.negative for case in EVERY) >= len(EVERY) / 4
    assert len({case.name for case in EVERY}) == len(EVERY)
    assert sum(bool(case.known_failure) for case in EVERY) <= len(EVERY) / 50
