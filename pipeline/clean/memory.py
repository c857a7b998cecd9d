"""What the pages of one host kept, to tell a site's own boilerplate: blocks that page after page repeats.

Pure. A single page never needs it. It sharpens cuts that are wrong in the same way all over a site: a
prompt between the paragraphs, a note on the author, a legal text at the end. It is taught what the cut
chose, not all that the page shows: a story that stands in the box of the most read ones on every other
page is no boilerplate on its own.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import chain, islice, zip_longest
from typing import Literal, NamedTuple

from pipeline.model import Value
from pipeline.packing import pack, unpack

#: pages of a host that are remembered, the latest: what a site shows no more is forgotten after as many
PAGES = 64
#: blocks remembered of one page. With 8 bytes for a fingerprint and one for its words, a full memory
#: packs to 56 KB.
BLOCKS = 96
#: letters of a block that its fingerprint sees: longer blocks that begin alike are the same
_LETTERS = 512
#: letters of a block that is short
_SHORT = 60
#: a block is the site's, not the page's, when so many other pages kept it, and such a share of them ...
_LEAST_PAGES = 3
_SHARE = 0.3
#: ... or, between blocks that are the page's own, such a share: there, formulas of the trade ("preheat
#: the oven", a background paragraph on a running story) recur, too
_SHARE_BETWEEN = 0.6
#: Pages that share this much of their words are one article under several addresses (print, AMP,
#: syndication, the stages of a live report): they count as one page. For the same reason no page ever
#: loses so much.
_SAME = 0.5
#: shorter blocks are labels, such as "Ingredients": they belong to what follows them
_LABEL_WORDS = 4
#: what stands so often on one page is a part of its entries ("12 reviews", "3 reviews"), not said beside
#: them
_ENTRIES = 3
#: words of a block that are counted at most: a byte each
_MOST_WORDS = 255
#: raised whenever the same text would get another fingerprint
_FORM = 1

_DIGITS = re.compile(r"\d+(?:[.,:/\u2013-]\d+)*")


class Kept(NamedTuple):
    """A block that the cut chose."""

    fingerprint: int
    words: int
    #: a heading goes with what follows it; a fixed block (a cell of a table, code) is never dropped
    kind: Literal["prose", "heading", "fixed"] = "prose"


def fingerprint(text: str) -> int:
    """64 bits of a block's text, case and white space aside; 0 where it has no letter.

    Numbers aside, too, where the block is short: "3 comments" is "1,204 comments", but in a sentence numbers
    are what it says. What has no letter (a number in a table, a divider) is nothing to know a site by.
    """
    folded = " ".join(text[:_LETTERS].casefold().split())
    if len(folded) < _SHORT:
        folded = _DIGITS.sub("0", folded)
    if not any(map(str.isalpha, folded)):
        return 0
    return int.from_bytes(blake2b(folded.encode("utf-8", "replace"), digest_size=8).digest(), "little") or 1


class SiteMemory:
    """Which blocks the latest pages of one host kept; bounded by `PAGES` and `BLOCKS`.

    Each page counts once, however often it is learned, and the addresses of one article count once together.
    """

    def __init__(self) -> None:
        #: digest of a page's key -> fingerprint -> words; the latest page last
        self._pages: dict[int, dict[int, int]] = {}

    def __len__(self) -> int:
        """How many pages are remembered."""
        return len(self._pages)

    def learn(self, page_key: str, kept: Iterable[Kept]) -> None:
        """Take note of what a page's cut chose, before anything was dropped for being repeated.

        In place of what was known of the page, and of other addresses of its article.
        """
        self._learn(_digest(page_key), _words(kept))

    def seen(self, fingerprints: Iterable[int]) -> list[float]:
        """Share of the remembered pages that kept each block, 0 to 1."""
        pages = max(1, len(self._pages))
        return [sum(one in known for known in self._pages.values()) / pages for one in fingerprints]

    def others(self, page_key: str, kept: Iterable[Kept]) -> tuple[int, Counter[int]]:
        """How many pages of other articles are remembered, and how many of them kept each block."""
        blocks = _words(kept)
        same = self._same(_digest(page_key), self._worth(blocks))
        others = [known for page, known in self._pages.items() if page not in same]
        return len(others), Counter({one: sum(one in known for known in others) for one in blocks})

    def merge(self, other: SiteMemory) -> None:
        """Take over what another memory of the host knows. The latest pages of both are kept, by turns."""
        both = zip_longest(reversed(self._pages.items()), reversed(other._pages.items()))
        latest: dict[int, dict[int, int]] = {}
        for page in chain.from_iterable(both):
            if page is not None and len(latest) < PAGES:
                latest.setdefault(*page)
        self._pages = {}
        for digest, blocks in reversed(latest.items()):
            self._learn(digest, blocks)

    def pack(self) -> bytes:
        """The memory as bytes, 60 KB at most."""
        blocks = [item for page in self._pages.values() for item in page.items()]
        return pack(
            _Packed(
                form=_FORM,
                pages=list(self._pages),
                sizes=[len(page) for page in self._pages.values()],
                fingerprints=struct.pack(f"<{len(blocks)}Q", *(one for one, _ in blocks)),
                words=bytes(words for _, words in blocks),
            )
        )

    @classmethod
    def unpack(cls, packed: bytes) -> SiteMemory:
        """The memory that `pack` made. Raises ValueError for damage, and for one of another form."""
        told = unpack(packed, _Packed)
        size, sizes = len(told.words), told.sizes
        fits = len(told.fingerprints) == 8 * size == 8 * sum(sizes) and len(sizes) == len(told.pages)
        within = len(set(told.pages)) == len(sizes) <= PAGES and all(0 < one <= BLOCKS for one in sizes)
        if told.form != _FORM or not fits or not within:
            raise ValueError("not a memory of a site of this form")
        blocks = iter(zip(struct.unpack(f"<{size}Q", told.fingerprints), told.words, strict=True))
        memory = cls()
        for page, number in zip(told.pages, sizes, strict=True):
            memory._pages[page] = dict(islice(blocks, number))
        return memory

    def _learn(self, page: int, blocks: dict[int, int]) -> None:
        if not blocks:
            return
        blocks = self._worth(blocks)
        for known in self._same(page, blocks):
            del self._pages[known]
        while len(self._pages) >= PAGES:
            del self._pages[next(iter(self._pages))]
        self._pages[page] = blocks

    def _worth(self, blocks: dict[int, int]) -> dict[int, int]:
        """Of a page with too many blocks those that others kept, then those next to its ends."""
        if len(blocks) <= BLOCKS:
            return blocks
        known = set().union(*self._pages.values())
        order = list(blocks)
        inwards = chain.from_iterable(zip(reversed(order), order, strict=True))
        ranked = sorted(dict.fromkeys(inwards), key=lambda one: one not in known)
        chosen = set(ranked[:BLOCKS])
        return {one: words for one, words in blocks.items() if one in chosen}

    def _same(self, page: int, blocks: dict[int, int]) -> set[int]:
        """The pages that are this one, or its article under another address."""
        same = {page} & self._pages.keys()
        limit = _SAME * sum(blocks.values())
        for key, known in self._pages.items():
            shared = blocks.keys() & known.keys()
            if shared and sum(blocks[one] for one in shared) >= limit:
                same.add(key)
        return same


def repeated(memory: SiteMemory, page_key: str, kept: Sequence[Kept]) -> set[int]:
    """Which of a page's kept blocks, by position in reading order, are its site's and not its own.

    Before the first and after the last block of its own the page gives up what three other pages kept, and
    30 % of all that are remembered; in between it takes 60 %. Headings and labels go only with what they
    stand above; fixed blocks, and what recurs in a row of entries, never. A page that would lose half of
    its words loses nothing: it is an article that the site shows in many places.
    """
    pages, counts = memory.others(page_key, kept)
    if pages < _LEAST_PAGES:
        return set()
    for known, times in Counter(one.fingerprint for one in kept).items():
        if times >= _ENTRIES or counts[known] < max(_LEAST_PAGES, _SHARE * pages):
            counts[known] = 0
    is_repeated = [one.kind != "fixed" and counts[one.fingerprint] > 0 for one in kept]
    own = [at for at, one in enumerate(kept) if one.fingerprint and not is_repeated[at]]
    if not own:
        return set()
    dropped: set[int] = set()
    follower_stays = False
    for at in range(len(kept) - 1, -1, -1):
        one = kept[at]
        if not one.fingerprint and one.kind != "fixed":
            continue
        if not is_repeated[at]:
            stays = True
        elif one.kind == "heading" or one.words < _LABEL_WORDS:
            stays = follower_stays
        else:
            stays = own[0] < at < own[-1] and counts[one.fingerprint] < _SHARE_BETWEEN * pages
        if not stays:
            dropped.add(at)
        follower_stays = stays
    lost = sum(kept[at].words for at in dropped)
    return dropped if lost < _SAME * sum(one.words for one in kept) else set()


class _Packed(Value, frozen=True, kw_only=True):
    form: int
    pages: list[int]
    sizes: list[int]
    #: 8 bytes each, little-endian
    fingerprints: bytes
    #: a byte each
    words: bytes


def _words(kept: Iterable[Kept]) -> dict[int, int]:
    """Fingerprint -> words. A block that stands twice on the page counts once."""
    return {one.fingerprint: min(one.words, _MOST_WORDS) for one in kept if one.fingerprint}


def _digest(page_key: str) -> int:
    return int.from_bytes(blake2b(page_key.encode("utf-8", "replace"), digest_size=8).digest(), "little")


__all__ = ["BLOCKS", "PAGES", "Kept", "SiteMemory", "fingerprint", "repeated"]
