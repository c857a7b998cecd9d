"""A piece of text as runs of one style each: what is emphasised, linked, code."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from re import Pattern

from pipeline.clean.render.addresses import Addresses
from pipeline.clean.walk.boxes import BREAK

STRONG, EMPHASIS, STRUCK, SUB, SUP = 1, 2, 4, 8, 16
_STYLES = {"**": STRONG, "*": EMPHASIS, "~~": STRUCK, "<sub>": SUB, "<sup>": SUP, "`": 0, "[": 0}
#: styles whose delimiters mean something only beside the right characters (CommonMark 6.2)
_STARRED = STRONG | EMPHASIS
_FLANKED = STRONG | EMPHASIS | STRUCK
#: a piece of more runs is shown without emphasis: it is no text that people wrote
_MOST_STYLED = 5_000


class Run:
    """Text of one style, without white space around it."""

    __slots__ = ("address", "code", "link", "space", "style", "text")

    def __init__(self, text: str, style: int, link: int, code: int, space: str) -> None:
        self.text = text
        #: bits
        self.style = style
        #: number of the link and of the code element that it is in, 0 for none
        self.link = link
        self.code = code
        #: between the run before and this one: "", " " or a line break
        self.space = space
        self.address: str | None = None


def read_runs(
    parts: list[str],
    marks: list[tuple[int, str]],
    addresses: Addresses,
    *,
    style: int = 0,
    gone: Pattern[str] | None = None,
    is_heading: bool = False,
) -> list[Run]:
    """The runs of a piece, in order. ``style`` is that of the whole; ``gone`` matches what is left out.

    Links that lead nowhere are none. In a heading, the signs that link to it ("#", "¶") are left out.
    """
    reader = _Reader(style, gone)
    position = 0
    for at, mark in marks:
        if at > position:
            reader.text("".join(parts[position:at]))
            position = at
        reader.mark(mark)
    reader.text("".join(parts[position:]))
    runs, links = reader.runs, reader.links
    if links:
        if is_heading:
            runs = [run for run in runs if not _is_anchor(run, links)]
        known = {number: addresses.of(link) for number, link in links.items()}
        for run in runs:
            run.address = known.get(run.link)
            if run.address is None:
                run.link = 0
    runs = _joined(runs)
    if len(runs) > _MOST_STYLED:
        for run in runs:
            run.style &= ~_FLANKED
        runs = _joined(runs)
    elif len(runs) > 1 and any(run.style & _FLANKED for run in runs):
        runs = _joined(_settled(runs))
    return runs


class _Reader:
    def __init__(self, style: int, gone: Pattern[str] | None) -> None:
        self.runs: list[Run] = []
        self.links: dict[int, str] = {}
        self._style, self._link, self._code = style, 0, 0
        self._space = ""
        self._numbers = 0
        self._gone = gone
        #: open marks with what was so before them
        self._open: list[tuple[str, int, int, int]] = []

    def text(self, text: str) -> None:
        if self._gone is not None:
            text = self._gone.sub("", text)
        if not text:
            return
        if BREAK not in text:
            self._line(text)
            return
        first, *lines = text.split(BREAK)
        self._line(first)
        for line in lines:
            self._space = "\n"
            self._line(line)

    def _line(self, text: str) -> None:
        words = text.split()
        if not words:
            self._space = self._space or (" " if text else "")
            return
        space = self._space or (" " if text[0].isspace() else "")
        self.runs.append(
            Run(" ".join(words), self._style, self._link, self._code, space if self.runs else "")
        )
        self._space = " " if text[-1].isspace() else ""

    def mark(self, mark: str) -> None:
        if mark in _STYLES:
            self._start(mark)
        elif mark[0] == "/":
            self._end(mark[1:])
        elif self._end("["):
            self.links[self._ended] = mark[2:-1]

    def _start(self, mark: str) -> None:
        self._open.append((mark, self._style, self._link, self._code))
        if mark == "[":
            self._numbers += 1
            self._link = self._numbers
        elif mark == "`":
            if not self._code:
                self._numbers += 1
                self._code = self._numbers
        elif not self._code:
            # Nothing inside a code span is a mark.
            self._style |= _STYLES[mark]

    def _end(self, mark: str) -> bool:
        for depth in range(len(self._open) - 1, -1, -1):
            name, style, link, code = self._open[depth]
            if name == mark:
                self._ended = self._link
                self._style, self._link, self._code = style, link, code
                del self._open[depth:]
                return True
        return False


def _is_anchor(run: Run, links: dict[int, str]) -> bool:
    return bool(run.link) and links.get(run.link, "")[:1] == "#" and not any(map(str.isalnum, run.text))


def _joined(runs: list[Run]) -> list[Run]:
    """Runs of the same style as one. Code elements stay apart unless nothing is between them."""
    out: list[Run] = []
    for run in runs:
        last = out[-1] if out else None
        if (
            last is not None
            and last.style == run.style
            and last.link == run.link
            and (last.code == run.code or (last.code and run.code and not run.space))
            and not (run.code and run.space == "\n")
        ):
            last.text = f"{last.text}{run.space}{run.text}"
        else:
            out.append(run)
    return out


def _settled(runs: list[Run]) -> list[Run]:
    """Runs whose styles begin and end where Markdown sees them.

    Beside a letter, a delimiter before or after punctuation is none: ``a**(b)**`` is shown as it
    stands. There the punctuation is taken out of the style (``a(**b**)``), and where that cannot be
    done, the style of the run is dropped. Usual in scripts without spaces.
    """
    at = 1
    while at < len(runs):
        left, right = runs[at - 1], runs[at]
        opened = right.style & ~left.style & _FLANKED
        closed = left.style & ~right.style & _FLANKED
        changed = opened | closed
        if right.space or not changed:
            at += 1
        elif changed & STRUCK and changed & _STARRED:
            # Each kind of delimiter is punctuation to the other.
            left.style &= ~(closed & STRUCK)
            right.style &= ~(opened & STRUCK)
            at = max(1, at - 1)
        elif opened and _is_lost(_last(left, right), first := _first(runs, at, opened)):
            rest = right.text.lstrip(_punctuation(right.text)) if _is_plain(right, first, 0) else ""
            if rest:
                moved = right.text[: len(right.text) - len(rest)]
                runs.insert(at, _like(right, moved, right.style & ~opened, right.space))
                right.text, right.space = rest, ""
            else:
                right.style &= ~opened
        elif closed and _is_lost(_first(runs, at, 0), last := _inner_last(runs, at - 1, closed)):
            rest = left.text.rstrip(_punctuation(left.text)) if _is_plain(left, last, -1) else ""
            if rest:
                runs.insert(at, _like(left, left.text[len(rest) :], left.style & ~closed, ""))
                left.text = rest
            else:
                left.style &= ~closed
                at = max(1, at - 1)
        elif changed & _STARRED and _simplified(left, right):
            at = max(1, at - 1)
        else:
            at += 1
    return runs


def _simplified(left: Run, right: Run) -> bool:
    """Take the emphasis out of what is strong, too, where stars may open as well as close: which of
    them do what is then a matter of their number (CommonMark 6.2, rules 9 and 10)."""
    if _kind(left.text[-1]) != _kind(right.text[0]):
        return False
    before = left.style, right.style
    for run in (left, right):
        if run.style & _STARRED == _STARRED:
            run.style &= ~EMPHASIS
    return (left.style, right.style) != before


def _like(run: Run, text: str, style: int, space: str) -> Run:
    twin = Run(text, style, run.link, run.code, space)
    twin.address = run.address
    return twin


def _is_plain(run: Run, char: str, end: int) -> bool:
    """Whether the character at the end of a run is its own, and no tick or bracket that Markdown adds."""
    return not run.code and not run.style & (SUB | SUP) and run.text[end] == char


def _first(runs: list[Run], at: int, opened: int) -> str:
    """The character that comes after delimiters opened before a run, or after those closed before it."""
    run, before = runs[at], runs[at - 1]
    if run.code:
        return "`"
    if run.style & ~before.style & (SUB | SUP):
        return "<"
    if (
        run.link
        and run.link != before.link
        and (not opened or _reach(runs, at, opened) > _link_reach(runs, at))
    ):
        return "["
    return run.text[0]


def _last(left: Run, right: Run) -> str:
    """The character before delimiters that open after ``left``."""
    if left.code:
        return "`"
    if left.style & ~right.style & (SUB | SUP):
        return ">"
    if left.link and left.link != right.link:
        return ")"
    return left.text[-1]


def _inner_last(runs: list[Run], at: int, closed: int) -> str:
    """The character before delimiters that close after the run."""
    left, right = runs[at], runs[at + 1]
    if left.code:
        return "`"
    if left.style & ~right.style & (SUB | SUP):
        return ">"
    if left.link and left.link != right.link:
        style_from = link_from = at
        while style_from and runs[style_from - 1].style & closed == closed:
            style_from -= 1
        while link_from and runs[link_from - 1].link == left.link:
            link_from -= 1
        if style_from < link_from:
            return ")"
    return left.text[-1]


def _reach(runs: list[Run], at: int, style: int) -> int:
    end = at
    while end < len(runs) and runs[end].style & style:
        end += 1
    return end


def _link_reach(runs: list[Run], at: int) -> int:
    link, end = runs[at].link, at
    while end < len(runs) and runs[end].link == link:
        end += 1
    return end


def _is_lost(outside: str, inside: str) -> bool:
    """Whether a delimiter between these is none: punctuation inside, and a letter outside."""
    return not inside.isalnum() and _kind(inside) != "L" and _kind(outside) != "P"


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    """P for what every version of CommonMark calls punctuation, S for what the later ones do, else L."""
    category = unicodedata.category(char)[0]
    if category == "P" or (category == "S" and char.isascii()):
        return "P"
    return "S" if category == "S" else "L"


def _punctuation(text: str) -> str:
    return "".join({char for char in text if not char.isalnum() and (_kind(char) != "L" or char.isspace())})
