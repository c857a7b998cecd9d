import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.cli.output import json_text
from workers.wording import count, line, paragraphs, published, span


@given(st.text())
def test_nothing_but_printable_characters_reaches_the_terminal(text):
    assert line(text).isprintable()
    assert all(part.isprintable() for part in paragraphs(text).split("\n"))


def test_an_escape_sequence_is_shown_not_obeyed():
    assert line("a\x1b[31mred\x9b0m") == "a\\x1b[31mred\\x9b0m"


def test_spaces_of_all_kinds_become_one_and_invisible_marks_go():
    assert line(" a\u00a0b\t\n c\u200b\u00add ") == "a b cd"


def test_paragraphs_keep_their_lines():
    assert paragraphs("one\u00a0two\n\nthree\x07") == "one two\n\nthree\\x07"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 ms"),
        (0.0123, "12 ms"),
        (0.9996, "1.0 s"),
        (4.26, "4.3 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (7200, "2 h"),
        (7260, "2 h 1 min"),
        (93_600, "1 d 2 h"),
    ],
)
def test_spans_read_well(seconds, words):
    assert span(seconds) == words


def test_counts_know_the_plural():
    assert [count(0, "item"), count(1, "item"), count(1200, "item")] == ["0 items", "1 item", "1,200 items"]


def test_an_article_date_is_shown_to_the_minute_as_given():
    assert published("2026-03-01T08:05:30+01:00") == "2026-03-01 08:05"
    assert published("2026-03-01") == "2026-03-01"
    assert published(None) == ""


@given(
    st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
)
def test_json_survives_and_holds_no_control_characters(value):
    text = json_text(value)
    assert json.loads(text) == value
    assert not any(0x7F <= ord(char) <= 0x9F or 0xD800 <= ord(char) <= 0xDFFF for char in text)


def test_json_stays_readable_in_other_scripts():
    assert json_text("東京 – Zürich") == '"東京 – Zürich"'
