"""Gzip (RFC 1952), unfolded in bounded steps: a bomb costs no more than the room it is given."""

from __future__ import annotations

import zlib

_MAGIC = b"\x1f\x8b"
_GZIP = 16 + zlib.MAX_WBITS
#: bytes that are handed to zlib at once: what is left of them behind a member is copied
_STEP = 65_536
#: Members that one file may consist of. Block-wise packers make one for each 64 KB; empty ones, of
#: 20 bytes each, would cost time without end.
_MEMBERS = 10_000


class Damaged(ValueError):
    """The bytes are no gzip, or were altered."""


def is_gzip(head: bytes) -> bool:
    """Whether bytes begin as gzip does."""
    return head.startswith(_MAGIC)


def unfold(folded: bytes, most: int) -> bytes:
    """What is folded, in all members one after the other, but no more than its first most bytes.

    A file that is cut off gives what there is of it: its reader finds out that the end is missing.
    What follows the last member is passed over, as gzip itself does: zeros from tapes, comments
    that caches append. Raises Damaged.
    """
    view = memoryview(folded)
    pieces, size, at, members = [], 0, 0, 1
    inflater = zlib.decompressobj(_GZIP)
    while at < len(view) and size < most:
        step = view[at : at + _STEP]
        try:
            pieces.append(inflater.decompress(step, most - size))
        except zlib.error as error:
            raise Damaged(str(error)) from error
        size += len(pieces[-1])
        at += len(step) - len(inflater.unused_data if inflater.eof else inflater.unconsumed_tail)
        if inflater.eof:
            if view[at : at + len(_MAGIC)] != _MAGIC:
                break
            members += 1
            if members > _MEMBERS:
                raise Damaged(f"more than {_MEMBERS} members")
            inflater = zlib.decompressobj(_GZIP)
    return b"".join(pieces)


__all__ = ["Damaged", "is_gzip", "unfold"]
