"""A guard before the parser: markup whose parse would take time that grows with its square.

What lexbor 2.7 takes long for, measured: 100,000 nested ``div`` 47 s (a start tag looks for an open
``p`` or ``li`` above it, an end tag for its start), 5,000 pairs of an unclosed ``b`` and a ``p`` 24 s
(each ``p`` reopens every ``b``), one tag with 80,000 attributes 13 s (each is compared with all before
it), 300,000 tag or attribute names that are all different 80 s (its tables of names do not grow).
Browsers cap depth at 512, for the same reason.

Ordinary pages pass by a few counts. A page that passes them without being ordinary can be made, by
hiding tags in quotes; the time limit of whoever runs the pipeline is for that.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from pipeline.clean.walk.open_elements import OpenElements

#: tags that are read of one page, end tags among them, and comments; the rest is cut off. The longest of
#: 2,929 pages of public collections has 21,646
MAX_TAGS = 60_000
#: what a dropped tag gives back of that: it costs no parsing, but a look
_DROPPED_FOR_FREE = 0.6
#: attributes that a tag keeps; one with more loses all
MAX_ATTRIBUTES = 250
#: different names, of elements and of attributes, that a page keeps
MAX_NAMES = 2_000

#: fewer tags than the first cannot cost much; more than the third are always looked at one by one; from the
#: second on they are at least counted by name
_FEW_TAGS, _SOME_TAGS, _MANY_TAGS = 1_000, 5_000, 30_000
#: share of start tags without end tag, and others without (pictures, comments), from which all are counted
_UNPAIRED = 0.2
#: start tags without their end from which all tags are looked at
_UNCLOSED = 300
#: bytes to the next tag from which a tag's attributes are counted, in how many bytes, and how many are odd
_LONG, _LOOKED_AT, _CROWDED = 2_048, 8_192, 250

_LESS, _SLASH, _EQUALS, _FIRST_LETTER = 0x3C, 0x2F, 0x3D, 0x41
#: elements that need no end tag, by the first letters of their names
_UNENDED = "p li br hr img inp met lin wbr sou are bas col emb par tra"

_TAG = re.compile(
    # Every alternative matches to the end of the page at the latest: no position is looked at twice.
    rb"<(?:!--(?:>|->|[^-]*+(?:-(?!-!?>)[^-]*+)*+(?:--!?>|\Z))"
    rb"""|(/?)([a-zA-Z][^\s/>]*+)((?:[^>"']++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+)(?:>|\Z))""",
    re.S,
)
_ATTRIBUTE = re.compile(rb"""([^\s/>"'=][^\s/>=]*+)(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s"'>]++))?+""")
#: elements whose inside is text up to their end tag
_RAW = frozenset(b"script style textarea title xmp iframe noembed noframes".split())
_RAW_ENDS = {name: re.compile(rb"</" + name + rb"(?=[\s/>])", re.I) for name in _RAW}


def tame(html: bytes) -> bytes:
    """The page, with tags dropped or shortened where parsing them would cost too much.

    Ordinary pages come back as they are, the same object, after a few cheap counts.
    """
    return _tamed(html) if _is_suspect(html) else html


def _is_suspect(html: bytes) -> bool:
    codes = np.frombuffer(html, np.uint8)
    at = np.flatnonzero(codes[:-4] == _LESS)
    if len(at) > _MANY_TAGS or _has_crowded_tag(html, at):
        return True
    if len(at) < _FEW_TAGS:
        return False
    unpaired = len(at) - 2 * int(np.count_nonzero(codes[at + 1] == _SLASH))
    return (unpaired > _UNPAIRED * len(at) or len(at) > _SOME_TAGS) and _unclosed(codes, at) > _UNCLOSED


def _has_crowded_tag(html: bytes, at: npt.NDArray[np.intp]) -> bool:
    """Whether a tag with a long stretch to the next has very many attributes."""
    for start in at[np.diff(at, append=len(html)) > _LONG].tolist():
        if not html[start + 1 : start + 2].isalpha():
            continue
        tag = _TAG.match(html, start, start + _LOOKED_AT)
        if tag is None or tag[3].count(b"=") + tag[3].count(b" ") < _CROWDED or not tag[2].isalnum():
            continue
        if len(_ATTRIBUTE.findall(tag[3])) >= _CROWDED:
            return True
    return False


def _unclosed(codes: npt.NDArray[np.uint8], at: npt.NDArray[np.intp]) -> int:
    """How many elements may be open at once, roughly: the most that the count of start tags without end
    tags rises, of all tags together, or of those that begin with the same letters."""
    ahead = [codes[at + distance] for distance in (1, 2, 3, 4)]
    is_end = ahead[0] == _SLASH
    letters = [np.where(is_end, ahead[at_end], ahead[at_end - 1]).astype(np.uint16) for at_end in (1, 2, 3)]
    for letter, before in zip(letters, [letters[0], *letters], strict=False):
        letter[(letter < _FIRST_LETTER) | (before == 0)] = 0
        letter &= 0x1F
    start = letters[0] << 10 | letters[1] << 5 | letters[2]
    step = np.where(is_end, -1, 1)
    step[_UNCOUNTED[start] | (ahead[0] < _FIRST_LETTER) & ~is_end] = 0
    count = np.cumsum(step)
    alike = np.bincount(start, step)
    return int(max((count - np.minimum.accumulate(count)).max(initial=0), alike.max(initial=0)))


_UNCOUNTED = np.zeros(1 << 15, bool)
for _start in _UNENDED.split():
    _codes = [ord(letter) & 0x1F for letter in _start.ljust(3, "\0")]
    _UNCOUNTED[_codes[0] << 10 | _codes[1] << 5 | _codes[2]] = True


def _tamed(html: bytes) -> bytes:
    """The page after a look at each tag in order."""
    elements, names = OpenElements(), _Names(html)
    kept: list[bytes] = []
    at = copied = 0
    left: float = MAX_TAGS
    while left > 0:
        tag = _TAG.search(html, at)
        if tag is None:
            break
        at = tag.end()
        left -= 1
        slash, name, attributes = tag.groups()
        if name is None:
            continue
        before, instead = elements.reopen(), None
        known = names.admit(name)
        if known is None:
            instead = b" "
        elif slash:
            instead = None if elements.end(known) else b" "
        else:
            if known in _RAW and not elements.is_foreign:
                end = _RAW_ENDS[known].search(html, at)
                at = end.start() if end else len(html)
            is_kept = elements.start(known, attributes[-1:] == b"/" and _ends_itself(attributes))
            if not is_kept:
                instead = b" "
            elif attributes and not names.admit_attributes(attributes):
                instead = b"<" + known + b">"
        if before or instead is not None:
            # A space stands for tags that are dropped: what is around them stays apart.
            if instead != b" " or copied < tag.start() or not kept or before:
                kept += (html[copied : tag.start()], before, tag[0] if instead is None else instead)
            copied = tag.end()
            left += _DROPPED_FOR_FREE if instead == b" " else 0
    else:
        html = html[:at]
    return b"".join((*kept, html[copied:])) if kept else html


def _ends_itself(attributes: bytes) -> bool:
    """Whether a slash at the end is not that of an attribute's value."""
    before = attributes[-2:-1]
    return before in b"\"'" or (before.isspace() and not attributes[:-1].rstrip().endswith(b"="))


def _count_values(html: bytes) -> int:
    """How many different eight bytes stand before a sign of equality: no fewer than attribute names."""
    codes = np.frombuffer(html, np.uint8)
    at = np.flatnonzero(codes == _EQUALS)
    before = codes[at[at >= 8, None] - np.arange(8, 0, -1)]
    return len(np.unique(np.ascontiguousarray(before).view(np.uint64)))


class _Names:
    """The names that a page uses, up to a number that the parser looks up fast."""

    def __init__(self, html: bytes) -> None:
        #: as written -> in lower case
        self._elements: dict[bytes, bytes] = {}
        self._attributes: set[bytes] = set()
        self._are_many = _count_values(html) > MAX_NAMES

    def admit(self, name: bytes) -> bytes | None:
        """The element's name in lower case; None when it may not keep its tag."""
        known = self._elements.get(name)
        if known is None and len(self._elements) < MAX_NAMES:
            known = self._elements[name] = name.lower()
        return known

    def admit_attributes(self, attributes: bytes) -> bool:
        """Whether a tag may keep its attributes."""
        if not self._are_many and b"=" in attributes and len(attributes) < _LONG:
            return True
        names = _ATTRIBUTE.findall(attributes)
        if len(names) > MAX_ATTRIBUTES:
            return False
        if not self._attributes.issuperset(names):
            if len(self._attributes) >= MAX_NAMES:
                return False
            self._attributes.update(names)
        return True
