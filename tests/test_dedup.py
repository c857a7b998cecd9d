"""What the content hash and the sketch promise."""

from __future__ import annotations

import hashlib
import time
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedup import content_hash, fingerprint, hamming, simhash

STORY = (
    "The ferry to Gull Island will sail four times a day from May, its owners said on Monday. "
    "The new timetable adds a boat at dawn for the fishermen and one at midnight for those who visit the "
    "observatory. Fares stay as they were, and bicycles travel free on all crossings outside of July. "
) * 4


def test_texts_that_differ_in_case_and_spacing_have_one_hash() -> None:
    assert content_hash("The  Ferry\n\nsails") == content_hash("the ferry sails ")


def test_compatibility_characters_do_not_change_the_hash() -> None:
    assert content_hash("ﬁve ferries") == content_hash("five ferries")


@given(
    st.text(st.one_of(st.characters(), st.characters(max_codepoint=0x2FF), st.sampled_from(" \n\x1c\u2026")))
)
def test_the_hash_is_that_of_the_whole_text_folded(text: str) -> None:
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    assert content_hash(text) == hashlib.sha256(folded.encode("utf-8", "replace")).hexdigest()


def test_another_word_is_another_hash() -> None:
    assert content_hash("The ferry sails") != content_hash("The ferry sailed")


def test_a_changed_sentence_changes_few_bits() -> None:
    changed = STORY.replace("on Monday", "late on Tuesday evening", 1)
    assert hamming(simhash(STORY), simhash(changed)) <= 10


def test_another_story_changes_about_half_of_the_bits() -> None:
    other = "Beavers have returned to the valley of the Moosbach after a century and a half of absence. " * 6
    assert hamming(simhash(STORY), simhash(other)) > 16


def test_an_unspaced_text_is_sketched_by_its_characters() -> None:
    text = "昨日午後、港町で古い灯台が再び点灯された。市民は広場に集まり、静かに海を眺めた。" * 3
    assert hamming(simhash(text), simhash(text.replace("静かに", "黙って"))) < hamming(
        simhash(text), simhash(STORY)
    )


def test_a_text_without_words_has_a_sketch_of_zeros() -> None:
    assert simhash("") == simhash(" \n ") == "0" * 16


@given(st.text())
def test_fingerprint_is_both_and_stable(text: str) -> None:
    assert fingerprint(text) == (content_hash(text), simhash(text)) == fingerprint(text)
    assert len(simhash(text)) == 16


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_distance_is_symmetric_and_zero_only_for_equals(one: int, other: int) -> None:
    first, second = f"{one:016x}", f"{other:016x}"
    assert hamming(first, second) == hamming(second, first)
    assert (hamming(first, second) == 0) == (one == other)


def test_a_long_article_is_sketched_in_a_few_milliseconds() -> None:
    text = STORY * 4
    started = time.process_time()
    for _ in range(20):
        simhash(text)
    assert (time.process_time() - started) / 20 < 0.005
