"""The chosen pieces as blocks: plain text, and the same as Markdown.

The Markdown is CommonMark 0.31 with GitHub's tables and strikethrough; read by a parser it says
what the plain text says. What each part does: `places` (heading, item, quote ...), `containers`
(what Markdown puts before each line), `runs` and `inline` (emphasis and links), `escaping`,
`tables`, `figures`.
"""

from __future__ import annotations

from pipeline.clean.render.addresses import Addresses
from pipeline.clean.render.containers import Containers
from pipeline.clean.render.escaping import escaped, escaped_run, escaped_start, fenced
from pipeline.clean.render.figures import Figures
from pipeline.clean.render.inline import CELL_BREAK, HARD_BREAK, NO_BREAK, plain, written
from pipeline.clean.render.invisible import unseen, visible
from pipeline.clean.render.places import Place, Places
from pipeline.clean.render.runs import EMPHASIS, STRONG, read_runs
from pipeline.clean.render.simple import is_harmless, simply_written
from pipeline.clean.render.tables import read_table
from pipeline.clean.walk.boxes import Picture, Piece, Tree
from pipeline.model import Block


def render(tree: Tree, chosen: list[int], base: str | None) -> list[Block]:
    """Blocks of the chosen pieces in reading order. ``base`` makes links absolute.

    ``chosen`` is ascending and may leave out any piece, also inside lists, tables and quotes.
    Never raises for what the page holds.
    """
    return _Rendering(tree, chosen, base).blocks


class _Rendering:
    def __init__(self, tree: Tree, chosen: list[int], base: str | None) -> None:
        self._tree = tree
        self._addresses = Addresses(base)
        self._places = Places(tree, chosen)
        self._containers = Containers(tree.boxes)
        self._figures = Figures(tree, chosen, self._places, self._addresses) if tree.pictures else None
        self._layouts: set[int] = set()
        self.blocks: list[Block] = []
        self._write(chosen)

    def _write(self, chosen: list[int]) -> None:
        tree, places, containers, blocks = self._tree, self._places, self._containers, self.blocks
        pieces, rules = tree.pieces, set(tree.rules)
        before = self._figures.before if self._figures is not None else {}
        position, last = 0, -1
        while position < len(chosen):
            at = chosen[position]
            piece = pieces[at]
            place = places.of(piece.box)
            if at in rules and last == at - 1 and not place.path:
                self._rule()
            table = place.table
            if table >= 0 and table not in self._layouts and (taken := self._table(chosen, position, table)):
                position += taken
                last = chosen[position - 1]
                continue
            if at in before:
                self._pictures(before[at])
            if place.is_plain:
                # Most pieces: what the general way comes to for them.
                text, markup = self._inline(piece, place)
                if text:
                    containers.leave()
                    blocks.append(Block(kind="paragraph", text=text, markup=markup))
            else:
                self._piece(at, piece, place)
            last = at
            position += 1
        self._pictures(before.get(len(pieces), []))

    def _piece(self, at: int, piece: Piece, place: Place) -> None:
        text, markup = self._inline(piece, place)
        if not text:
            return
        kind, level = place.kind, place.level
        if kind == "heading":
            markup = f"{'#' * level} {_without_closing(markup)}"
        elif kind == "caption" and self._figures is not None and at in self._figures.captioned:
            markup = f"{self._figures.markup(self._figures.captioned[at])}\n{markup}"
        opening = self._containers.enter(place.path, kind == "item")
        if opening.first:
            markup = opening.around(markup)
        if kind == "item":
            level = opening.depth
        self.blocks.append(Block(kind=kind, text=text, markup=markup, level=level))

    def _inline(self, piece: Piece, place: Place, line_break: str = HARD_BREAK) -> tuple[str, str]:
        """A piece's text and its Markdown, both without what readers do not see."""
        text, kind = piece.text, place.kind
        if kind == "code":
            text = text.replace("\xa0", " ")
            return text, fenced(text, self._tree.boxes.notes.get(piece.box, ""))
        if "\n" in text or not (text.isascii() or unseen(text) is None):
            return self._carefully(piece, place, line_break)
        in_line = kind == "heading" or line_break is CELL_BREAK
        harmless = is_harmless(text)
        if kind == "caption" or place.is_term:
            if harmless and not piece.marks:
                return text, f"*{text}*" if kind == "caption" else f"**{text}**"
        elif not piece.marks:
            markup = text if harmless else escaped_run(text, alone=line_break is not CELL_BREAK)
            return text, markup if in_line else escaped_start(markup)
        elif harmless and not (kind == "heading" and any(mark[:3] == "](#" for _, mark in piece.marks)):
            short = simply_written(piece.parts, piece.marks, self._addresses)
            if short is not None:
                return text, short if in_line else escaped_start(short)
        return self._carefully(piece, place, line_break)

    def _carefully(self, piece: Piece, place: Place, line_break: str) -> tuple[str, str]:
        kind, text = place.kind, piece.text
        gone = unseen(text)
        if gone is not None:
            text = visible(text)
        style = EMPHASIS if kind == "caption" else STRONG if place.is_term else 0
        if kind == "heading":
            line_break, text = NO_BREAK, text.replace("\n", " ")
        if not piece.marks and not style:
            if line_break is HARD_BREAK:
                return text, escaped(text)
            # Other pieces of a cell come beside this one.
            alone = line_break is not CELL_BREAK
            return text, line_break.join(escaped_run(line, alone=alone) for line in text.split("\n"))
        is_heading = kind == "heading"
        runs = read_runs(
            piece.parts, piece.marks, self._addresses, style=style, gone=gone, is_heading=is_heading
        )
        if is_heading and piece.marks:
            text = plain(runs).replace("\n", " ")
        return text, written(runs, line_break)

    def _table(self, chosen: list[int], position: int, table: int) -> int:
        """Write the table of data that begins with a piece; how many pieces that were, 0 for none."""
        pieces, places = self._tree.pieces, self._places
        known: dict[int, Place] = {}
        while position < len(chosen):
            at = chosen[position]
            place = places.of(pieces[at].box)
            if place.table != table:
                break
            known[at] = place
            position += 1
        found = read_table(self._tree, table, list(known), known, self._cell)
        if found is None:
            self._layouts.add(table)
            return 0
        text, markup = found
        opening = self._containers.enter(places.of(table).path, False)
        self.blocks.append(Block(kind="table", text=text, markup=opening.around(markup)))
        return len(known)

    def _cell(self, at: int, place: Place) -> tuple[str, str]:
        text, markup = self._inline(self._tree.pieces[at], place, CELL_BREAK)
        return " ".join(text.split()), markup

    def _pictures(self, pictures: list[Picture]) -> None:
        figures = self._figures
        for picture in pictures:
            if figures is None:
                return
            opening = self._containers.enter(self._places.of(picture.box).path, False)
            self.blocks.append(Block(kind="caption", text="", markup=opening.around(figures.markup(picture))))

    def _rule(self) -> None:
        opening = self._containers.enter((), False)
        self.blocks.append(Block(kind="paragraph", text="", markup=opening.around("---")))


def _without_closing(markup: str) -> str:
    """The text of a heading, whose last number signs Markdown would leave out (CommonMark 4.2)."""
    bare = markup.rstrip("#")
    if len(bare) < len(markup) and (not bare or bare[-1] == " "):
        return f"{bare}\\{markup[len(bare) :]}"
    return markup
