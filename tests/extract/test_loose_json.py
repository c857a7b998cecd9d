"""JSON with the faults that pages have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.loose_json import read_json


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('[{"a": 1}, {"b": 2}]', [[{"a": 1}, {"b": 2}]]),
        ('{"a": [1, 2,],}', [{"a": [1, 2]}]),
        ('{"a": 1} {"b": 2}', [{"a": 1}, {"b": 2}]),
        ('{"a": 1};', [{"a": 1}]),
        ('<!-- {"a": 1} -->', [{"a": 1}]),
        ('//<![CDATA[\n{"a": 1}\n//]]>', [{"a": 1}]),
        ('/* about */ {"a": "http://x.example/" // where\n}', [{"a": "http://x.example/"}]),
        ('{"a": "two\nlines\tand a tab"}', [{"a": "two\nlines\tand a tab"}]),
        ("{&quot;a&quot;: 1}", [{"a": 1}]),
        ("nonsense", []),
        ("", []),
        ("[" * 100_000, []),
    ],
)
def test_values_are_read(text: str, values: list[object]) -> None:
    assert read_json(text) == values


@given(st.text(alphabet='{}[]",:a1 \\/*\n', max_size=80))
def test_reading_never_fails(text: str) -> None:
    read_json(text)
