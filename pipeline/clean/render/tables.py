"""Tables of data as Markdown tables (GitHub's dialect, 4.10); those that lay a page out are none."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.clean.render.places import Place
from pipeline.clean.walk.boxes import Boxes, Tree

#: a table with a longer cell than this (words), or with this many pieces in one, is a layout
_LONGEST_CELL = 60
_MOST_IN_CELL = 6
#: no wider: pages state spans of thousands of columns
_WIDEST = 60
_LAYOUTS = ("presentation", "none")

#: the plain text of a piece, and its Markdown for a cell
Writer = Callable[[int, Place], tuple[str, str]]


class _Row:
    __slots__ = ("cells", "in_head")

    def __init__(self, in_head: bool) -> None:
        self.in_head = in_head
        #: (number of the box, columns, rows)
        self.cells: list[tuple[int, int, int]] = []


def read_table(
    tree: Tree, table: int, run: list[int], places: dict[int, Place], write: Writer
) -> tuple[str, str] | None:
    """A table's text and Markdown from its chosen pieces; None for one that lays out a page.

    ``run`` are the chosen pieces inside cells of this table; cells of which nothing is chosen are
    empty, rows of which nothing is chosen are left out. In the text, cells are parted by tabs.
    """
    boxes, pieces = tree.boxes, tree.pieces
    if boxes.notes.get(table, "") in _LAYOUTS:
        return None
    held: dict[int, list[int]] = {}
    for at in run:
        place = places[at]
        if pieces[at].words > _LONGEST_CELL or place.kind in ("heading", "code"):
            return None
        held.setdefault(place.cell, []).append(at)
    if len(held) < 3 or max(map(len, held.values())) > _MOST_IN_CELL or _holds_table(boxes, table):
        return None
    texts: list[str] = []
    lines: list[list[str]] = []
    headed = False
    for row in _grid(_rows(boxes, table)):
        cells = [[write(at, places[at]) for at in held.get(number, ())] for number in row.numbers]
        if not any(cells):
            continue
        texts.append("\t".join(" ".join(text for text, _ in cell) for cell in cells if cell))
        if not lines:
            headed = row.in_head
        lines.append(["<br>".join(markup for _, markup in cell).replace("|", "\\|") for cell in cells])
    width = max(map(len, lines))
    if len(lines) < 2 or width < 2:
        return None
    while width > 2 and not any(len(line) == width and line[-1] for line in lines):
        lines = [line[: width - 1] for line in lines]
        width -= 1
    # Every table of the dialect has a head; one without is given an empty one.
    head = lines.pop(0) if headed else []
    out = [_line(head, width), "|" + " --- |" * width, *(_line(line, width) for line in lines)]
    return "\n".join(texts), "\n".join(out)


def _line(cells: list[str], width: int) -> str:
    return "| " + " | ".join([*cells, *[""] * (width - len(cells))]) + " |"


def _holds_table(boxes: Boxes, table: int) -> bool:
    inner = table + 1
    while inner < len(boxes) and boxes.parent[inner] >= table:
        if boxes.tag[inner] == "table" and boxes.end[inner] > boxes.start[inner]:
            return True
        inner += 1
    return False


def _rows(boxes: Boxes, table: int) -> list[_Row]:
    """The rows of a table, not of those inside it. A row of headers counts as one in the head."""
    rows: dict[int, _Row] = {}
    headers: dict[int, bool] = {}
    at = table + 1
    while at < len(boxes) and boxes.parent[at] >= table:
        tag, parent = boxes.tag[at], boxes.parent[at]
        if tag == "tr":
            rows[at] = _Row(boxes.tag[parent] == "thead")
        elif tag in ("td", "th") and parent in rows:
            columns, _, lines = boxes.notes.get(at, "").partition("x")
            rows[parent].cells.append((at, _span(columns), _span(lines)))
            headers[parent] = headers.get(parent, True) and tag == "th"
        at += 1
    for number, row in rows.items():
        row.in_head = row.in_head or headers.get(number, False)
    return list(rows.values())


def _span(text: str) -> int:
    return max(1, min(_WIDEST, int(text))) if text.isascii() and text.isdigit() and len(text) < 5 else 1


class _Line:
    __slots__ = ("in_head", "numbers")

    def __init__(self, in_head: bool) -> None:
        self.in_head = in_head
        #: boxes of the cells by column; -1 where a cell reaches to that stands before or above
        self.numbers: list[int] = []


def _grid(rows: list[_Row]) -> list[_Line]:
    """Rows with a place for each column: cells that span stand in their first one."""
    lines = []
    #: for a column, how many more rows the cell above reaches into
    below: dict[int, int] = {}
    for row in rows:
        line = _Line(row.in_head)
        for number, columns, height in row.cells:
            while below.get(len(line.numbers), 0) > 0:
                below[len(line.numbers)] -= 1
                line.numbers.append(-1)
            if len(line.numbers) >= _WIDEST:
                break
            for step in range(min(columns, _WIDEST - len(line.numbers))):
                if height > 1:
                    below[len(line.numbers)] = height - 1
                line.numbers.append(-1 if step else number)
        for column in [one for one, left in below.items() if one >= len(line.numbers) and left > 0]:
            below[column] -= 1
        lines.append(line)
    return lines
