"""Quotes and items of lists around blocks, as what Markdown puts before each of their lines."""

from __future__ import annotations

import re

from pipeline.clean.walk.boxes import Boxes

_ITEMS = frozenset(("li", "dt", "dd"))
_LISTS = frozenset(("ul", "ol", "menu", "dir", "dl"))
#: CommonMark reads no longer number as a list's
_HIGHEST = 999_999_999
_NUMBER = re.compile(r"-?\d{1,9}")


class Opening:
    """What to put before the lines of a block."""

    __slots__ = ("before", "depth", "first", "rest")

    def __init__(self, before: str, first: str, rest: str, depth: int) -> None:
        #: a line of its own that keeps the block in the same quote as the one before
        self.before = before
        self.first = first
        self.rest = rest
        #: how many lists the block is in
        self.depth = depth

    def around(self, markup: str) -> str:
        """A block's Markdown with what belongs before each line."""
        if not self.first:
            return markup
        if "\n" in markup:
            bare = self.rest.rstrip()
            markup = "\n".join(self.rest + line if line else bare for line in markup.split("\n"))
            return f"{self.before}{self.first}{markup[len(self.rest) :]}"
        return f"{self.before}{self.first}{markup}"


_OUTSIDE = Opening("", "", "", 0)


class Containers:
    """The quotes and items that are open while blocks are written, in reading order.

    An item begins with the first block that is written of it. One of which nothing is written but
    the list inside is left out, so that pieces missing from a list leave no empty bullets and no
    text indented like code.
    """

    def __init__(self, boxes: Boxes) -> None:
        self._boxes = boxes
        #: open containers: number of the box, and what it puts before a further line
        self._open: list[tuple[int, str]] = []
        self._begun: set[int] = set()
        #: for a list of definitions the term that the next definition belongs to
        self._terms: dict[int, int] = {}
        self._bullets: dict[int, str] = {}
        #: box -> the list that an item directly in it belongs to: it may be hundreds of boxes further out
        self._lists: dict[int, int] = {}
        self._numbers: dict[int, dict[int, int]] = {}
        self._was_item = False
        #: for a list without numbers what is before each of its items but the first
        self._same: dict[int, Opening] = {}

    def enter(self, path: tuple[int, ...], is_item: bool) -> Opening:
        """Open what is around the next block and close what is not. ``is_item`` says whether the block is
        text of an item."""
        if not path:
            self.leave()
            return _OUTSIDE
        if len(path) == 1 and len(self._open) == 1 and is_item and self._was_item:
            following = self._next(path[0])
            if following is not None:
                return following
        wanted = self._wanted(path)
        opened, tags = self._open, self._boxes.tag
        common = 0
        while common < len(opened) and common < len(wanted) and opened[common][0] == wanted[common]:
            common += 1
        sibling = opened[common][0] if common < len(opened) else -1
        del opened[common:]
        first = rest = "".join(line for _, line in opened)
        quotes = first.rfind("> ") if first else -1
        attached = False
        for number in wanted[common:]:
            if tags[number] in _ITEMS:
                marker = self._marker(number, sibling)
                self._begun.add(number)
                # Only a list that begins with 1 follows on a line of text (CommonMark 5.3).
                attached = self._was_item and (
                    sibling >= 0 or not marker[0].isdigit() or marker.startswith(("1.", "1)"))
                )
                line = " " * len(marker)
            else:
                marker = line = "> "
            first += marker
            rest += line
            opened.append((number, line))
            sibling = -1
        before = "" if quotes < 0 or attached else first[: quotes + 1] + "\n"
        self._was_item = is_item
        depth = sum(tags[number] in _ITEMS for number, _ in opened)
        return Opening(before, first, rest, depth)

    def _next(self, number: int) -> Opening | None:
        """The opening of an item that stands next to the last one in a list without numbers, which has the
        same before each; None for others. Pages may have tens of thousands."""
        tags, parents, (last, _) = self._boxes.tag, self._boxes.parent, self._open[0]
        around = parents[number]
        opening = self._same.get(around)
        if opening is None:
            if tags[around] not in _LISTS or tags[around] == "ol" or around not in self._bullets:
                return None
            opening = self._same[around] = Opening("", f"{self._bullets[around]} ", "  ", 1)
        if number == last or parents[last] != around or tags[number] != "li" or tags[last] != "li":
            return None
        self._open[0] = number, opening.rest
        self._begun.add(number)
        return opening

    def leave(self) -> None:
        """Close all: the next block has nothing around it."""
        self._open.clear()
        self._was_item = False

    def _wanted(self, path: tuple[int, ...]) -> list[int]:
        """The containers to be open: all quotes, the innermost item, and of others those begun."""
        tags, parents = self._boxes.tag, self._boxes.parent
        if len(path) == 1 and tags[path[0]] not in ("dt", "dd"):
            return [*path]
        wanted: list[int] = []
        items = [number for number in path if tags[number] in _ITEMS]
        for number in path:
            tag = tags[number]
            if tag == "dt":
                self._terms[parents[number]] = number
            elif tag == "dd":
                term = self._terms.get(parents[number], -1)
                number = term if term in self._begun else number
            if tag not in _ITEMS or number in self._begun or number == items[-1]:
                wanted.append(number)
        return wanted

    def _marker(self, number: int, sibling: int) -> str:
        """The bullet or number of an item. A list that follows another at once has another bullet, or they
        would be one."""
        around = self._list_of(number)
        is_ordered = self._boxes.tag[around] == "ol" and self._boxes.tag[number] == "li"
        before = self._list_of(sibling) if sibling >= 0 else -1
        position = self._position(around, number) if is_ordered else 0
        if around not in self._bullets:
            bullet = "." if is_ordered else "-"
            last = self._bullets.get(before, "")
            if bullet == "." and before >= 0 and position == self._position(before, sibling) + 1 and last:
                bullet = last if last in ".)" else bullet
            elif bullet == last:
                bullet = ")" if is_ordered else "*"
            self._bullets[around] = bullet
        return f"{position}{self._bullets[around]} " if is_ordered else f"{self._bullets[around]} "

    def _list_of(self, number: int) -> int:
        """The list that an item is in; the item's parent where there is none."""
        tags, parents = self._boxes.tag, self._boxes.parent
        at = parent = parents[number] if number >= 0 else -1
        if parent in self._lists:
            return self._lists[parent]
        while at > 0 and tags[at] not in _LISTS and tags[at] not in ("li", "table", "blockquote"):
            at = parents[at]
        found = self._lists[parent] = at if at > 0 and tags[at] in _LISTS else parent
        return found

    def _position(self, around: int, number: int) -> int:
        """The number of an item, counted as browsers do: from the list's start, on from an item's value."""
        if around not in self._numbers:
            self._numbers[around] = self._count(around)
        return min(_HIGHEST, max(0, self._numbers[around].get(number, 1)))

    def _count(self, around: int) -> dict[int, int]:
        parents, tags, notes = self._boxes.parent, self._boxes.tag, self._boxes.notes
        items = []
        at = around + 1
        # Boxes are numbered in document order: those inside follow at once.
        while at < len(parents) and parents[at] >= around:
            if tags[at] == "li" and parents[at] == around:
                items.append(at)
            at += 1
        note = notes.get(around, "")
        start = _NUMBER.search(note)
        step = -1 if "reversed" in note else 1
        position = int(start[0]) if start else (len(items) if step < 0 else 1)
        numbers: dict[int, int] = {}
        for item in items:
            value = _NUMBER.fullmatch(notes.get(item, "").strip())
            position = int(value[0]) if value else position
            numbers[item] = position
            position += step
        return numbers
