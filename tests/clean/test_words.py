"""Words in scripts with and without spaces."""

from __future__ import annotations

import pytest

from pipeline.words import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("One two  three", 3),
        ("größere Gärten", 2),
        ("灯台", 1),
        ("昨日の夕方、港の古い灯台に", 6),  # 12 characters that are no punctuation
        ("The 灯台 shines", 3),
        ("어제 저녁 항구의", 3),
        ("ประภาคารเก่า", 2),  # 8 letters without vowel marks and tones
    ],
)
def test_words_are_counted_sensibly(text: str, words: int) -> None:
    assert count_words(text) == words
