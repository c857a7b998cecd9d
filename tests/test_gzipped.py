"""Gzip, unfolded no further than wanted."""

from __future__ import annotations

import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.gzipped import Damaged, is_gzip, unfold


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.integers(0, 2_000))
def test_all_members_are_unfolded_but_no_more_than_wanted(parts: list[bytes], most: int) -> None:
    folded = b"".join(map(gzip.compress, parts))
    assert is_gzip(folded)
    assert unfold(folded, most) == b"".join(parts)[:most]


@given(st.binary(min_size=1, max_size=100_000), st.data())
def test_what_is_cut_off_gives_its_beginning(whole: bytes, data: st.DataObject) -> None:
    folded = gzip.compress(whole)
    cut = data.draw(st.integers(0, len(folded) - 1))
    assert whole.startswith(unfold(folded[:cut], 200_000))


@pytest.mark.parametrize("behind", [b"\x00" * 512, b"<!-- cached -->", b"\x1f", b"\x1e\x8b"])
def test_what_follows_the_last_member_is_passed_over(behind: bytes) -> None:
    assert unfold(gzip.compress(b"words") + behind, 100) == b"words"


@pytest.mark.parametrize("at", [3, 12, -6])
def test_damage_is_noticed(at: int) -> None:
    folded = bytearray(gzip.compress(b"some words that are long enough to be folded " * 9))
    folded[at] ^= 0xFF
    with pytest.raises(Damaged):
        unfold(bytes(folded), 10_000)


def test_a_bomb_costs_no_more_than_its_room() -> None:
    bomb = gzip.compress(b"\x00" * 100_000_000, 1)
    began = time.process_time()
    assert len(unfold(bomb, 10_000)) == 10_000
    assert time.process_time() - began < 0.2


def test_empty_members_without_end_are_refused_in_time() -> None:
    began = time.process_time()
    with pytest.raises(Damaged):
        unfold(gzip.compress(b"") * 200_000, 10_000)
    assert time.process_time() - began < 5
