"""HTML pages flattened to lines, each word of which is known to be part of the story or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq
from selectolax.lexbor import LexborHTMLParser, LexborNode

from training.measure import words

_SKIPPED_TAGS = """
    head script style noscript template svg math iframe object canvas audio video select textarea
"""
_INLINE_TAGS = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp
    small span strike strong sub sup time tt u var wbr img input button
"""
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_INLINE = frozenset(_INLINE_TAGS.split())
#: words of a page beyond which it is not aligned: the table grows with the product of both lengths
_MOST_WORDS = 30_000
#: a line of so many words does not fit by chance; others need one such line among so many neighbours
_FIRM_WORDS, _NEAR = 5, 4


class Line(NamedTuple):
    """A line of a flattened page."""

    text: str
    #: share of its words that belong to the story
    story: float
    #: how sure that is, 0 to 1
    weight: float = 1.0


def flatten(html: str, hidden: bool = True) -> list[str]:
    """The blocks of a page's body, one a line; what is marked as hidden only when asked for."""
    body = LexborHTMLParser(html).body
    blocks: list[str] = []
    runs: list[str] = []

    def close() -> None:
        text = " ".join("".join(runs).split())
        if text:
            blocks.append(text)
        runs.clear()

    end = body.mem_id if body is not None else 0
    node: LexborNode | None = body
    while node is not None:
        tag = node.tag or ""
        into = node.first_child
        if tag == "-text":
            runs.append(node.text_content or "")
            into = None
        elif tag in _SKIPPED or tag.startswith(("-", "!")) or (not hidden and _is_hidden(node)):
            into = None
        elif tag not in _INLINE:
            close()
        if into is not None:
            node = into
            continue
        while node is not None and node.mem_id != end and node.next is None:
            node = node.parent
            if node is not None and node.tag not in _INLINE:
                close()
        node = node.next if node is not None and node.mem_id != end else None
    close()
    return blocks


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    style = (attributes.get("style") or "").replace(" ", "").lower()
    return (
        "hidden" in attributes
        or (attributes.get("aria-hidden") or "").lower() == "true"
        or "display:none" in style
        or "visibility:hidden" in style
    )


def shares(lines: Sequence[str], truth: str) -> list[float]:
    """Share of each line's words that an alignment of the lines with the truth puts into it; without what
    fits by chance."""
    return settled(matched(lines, truth), [len(words(line)) for line in lines])


def matched(lines: Sequence[str], truth: str) -> list[float]:
    """Share of each line's words that an alignment of the lines with the truth puts into it."""
    tokens = [words(line) for line in lines]
    page = [token for line in tokens for token in line][:_MOST_WORDS]
    number: dict[str, int] = {}
    left = [number.setdefault(token, len(number)) for token in page]
    right = [number.setdefault(token, len(number)) for token in words(truth)[:_MOST_WORDS]]
    inside = bytearray(len(page) + 1)
    for code in LCSseq.opcodes(left, right):
        if code.tag == "equal":
            inside[code.src_start : code.src_end] = b"\x01" * (code.src_end - code.src_start)
    found, at = [], 0
    for line in tokens:
        end = at + len(line)
        found.append(sum(inside[at:end]) / len(line) if line else 0.0)
        at = end
    return found


def settled(found: Sequence[float], counts: Sequence[int]) -> list[float]:
    """The shares without what fits by chance: a short line far from the story that holds a word of it."""
    inside = [share >= 0.5 for share in found]
    firm = [yes and count >= _FIRM_WORDS for yes, count in zip(inside, counts, strict=True)]
    kept = list(found)
    for at in range(len(kept)):
        near = slice(max(0, at - _NEAR), at + _NEAR + 1)
        if inside[at] and not any(firm[near]) and sum(inside[near]) < _NEAR:
            kept[at] = 0.0
    return kept
