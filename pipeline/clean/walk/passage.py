"""The text between two borders of boxes, as the walk collects it: its runs, and the marks among them."""

from __future__ import annotations

from pipeline.clean.walk.boxes import BREAK, Piece
from pipeline.words import UNSPACED, count_words


class Passage:
    """What is read since the last border, to be ended as a piece at the next."""

    def __init__(self, pieces: list[Piece]) -> None:
        self._pieces = pieces
        #: the runs of text so far, as found
        self.parts: list[str] = []
        #: the address of the link that is open, if one is
        self.link: str | None = None
        self._link_from = 0
        self._link_letters = 0
        self._links = 0
        #: see `Piece.marks`
        self._marks: list[tuple[int, str]] = []
        #: the marks that are open, outermost first
        self._open: list[str] = []
        self._quotes = 0

    def add_link(self, address: str, text: str) -> None:
        """Read a link that holds one text."""
        self._links += 1
        if text and (self.parts or not text.isspace()):
            at = len(self.parts)
            self.parts.append(text)
            self._marks += ((at, "["), (at + 1, f"]({address})"))
            self._link_letters += len(text)

    def start_link(self, address: str) -> None:
        """Open a link; none may be open."""
        self._links += 1
        self.link = address
        self._link_from = len(self.parts)
        self.start_mark("[")

    def end_link(self) -> None:
        self._link_letters += sum(map(len, self.parts[self._link_from :]))
        self.end_mark()
        self.link = None

    def start_mark(self, mark: str) -> bool:
        """Open a mark; whether it was not open before: bold in bold is bold, and some pages nest much."""
        if mark in self._open:
            return False
        self._open.append(mark)
        self._marks.append((len(self.parts), mark))
        return True

    def end_mark(self) -> None:
        """Close the innermost open mark; one with nothing inside is taken back."""
        self._close(self._open.pop())

    def start_quotation(self) -> None:
        self.parts.append("‘" if self._quotes % 2 else "“")
        self._quotes += 1

    def end_quotation(self) -> None:
        self._quotes -= 1
        self.parts.append("’" if self._quotes % 2 else "”")

    def ends_line(self) -> bool:
        """Whether a line break is the last that was read, beside white space."""
        parts = self.parts
        at = len(parts) - 1
        while at >= 0 and not parts[at].strip():
            if parts[at] == BREAK:
                return True
            at -= 1
        return False

    def end(self, box: int) -> list[str]:
        """End a piece, unless there is nothing but white space; the parts of the next.

        What is open goes on in the next piece, and is marked in each.
        """
        parts, marks, opened = self.parts, self._marks, self._open
        if opened:
            self._interrupt()
        text = (parts[0] if len(parts) == 1 else "".join(parts)).strip()
        if text:
            if "  " not in text and text.isprintable():
                words = text.count(" ") + 1
            else:
                found = text.split()
                words, text = (
                    len(found),
                    _lines(text) if BREAK in text else " ".join(found),
                )
            if not text.isascii() and UNSPACED.search(text):
                words = count_words(text)
            self._pieces.append(Piece(box, text, words, self._link_letters, self._links, parts, marks))
        self._marks = [(0, mark) for mark in opened] if opened else []
        self._link_letters = self._links = 0
        self.parts = parts = []
        return parts

    def _interrupt(self) -> None:
        if self.link is not None:
            self._link_letters += sum(map(len, self.parts[self._link_from :]))
            self._link_from = 0
        for mark in reversed(self._open):
            self._close(mark)

    def _close(self, mark: str) -> None:
        at, marks = len(self.parts), self._marks
        if marks and marks[-1] == (at, mark):
            marks.pop()
        else:
            marks.append((at, f"]({self.link})" if mark == "[" else f"/{mark}"))


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split(BREAK))
    return "\n".join(line for line in lines if line)
