"""Settings that contradict each other, and names that nobody knows."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from pipeline.settings import PREFIX, Settings, unknown_variables
from workers.doctor.settings import examine


def test_the_defaults_fit_each_other() -> None:
    assert not list(examine(Settings(), {}))


@pytest.mark.parametrize(
    ("changed", "is_problem"),
    [
        ({"fetch_seconds": 90.0}, True),
        ({"poll_least": 7200.0, "poll_most": 3600.0}, True),
        ({"max_page_bytes": 100_000_000}, True),
        ({"first_byte_seconds": 40.0}, False),
        ({"lease_seconds": 1.0}, False),
        ({"retry_seconds": 86_400.0, "max_attempts": 6}, False),
    ],
)
def test_a_contradiction_names_its_settings_and_the_way_out(
    changed: dict[str, float], is_problem: bool
) -> None:
    (found,) = examine(replace(Settings(), **changed), {})  # type: ignore[arg-type]
    assert found.ok is not is_problem
    assert all(PREFIX + name.upper() in found.says for name in changed)
    assert found.cure


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("FEEDMILL_FETCHSECONDS", "FEEDMILL_FETCH_SECONDS"), ("FEEDMILL_REDISURL", "FEEDMILL_REDIS_URL")],
)
def test_a_typing_error_is_named_with_what_was_meant(typed: str, meant: str) -> None:
    (found,) = examine(Settings(), {typed: "5"})
    assert found.warning
    assert typed in found.says
    assert meant in found.cure


def test_a_name_like_no_other_is_named_too() -> None:
    (found,) = examine(Settings(), {"FEEDMILL_ZZZ": "5"})
    assert "FEEDMILL_ZZZ" in found.says


def test_known_variables_empty_ones_and_those_of_others_are_passed_over() -> None:
    known = {PREFIX + one.name.upper(): "x" for one in fields(Settings)}
    others = {"FEEDMILL_API_TOKEN_FILE": "/run/x", "FEEDMILL_TYPO": "", "PATH": "/bin"}
    assert not unknown_variables(known | others | {"FEEDMILL_TEST_POSTGRES_URL": "x"})
