"""The chosen pieces as blocks: plain text, and the same as Markdown."""

from __future__ import annotations

import re
from itertools import groupby

from pipeline.clean.boxes import BREAK, Picture, Piece, Tree
from pipeline.model import Block
from pipeline.urls import absolute

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_KINDS = ("li", "blockquote", "figcaption", "caption", "pre", "td", "th")
#: a table with a longer cell than this (words), or with several pieces in one, is a layout
_LONGEST_CELL = 60
#: a mark set at a word's edge must not take the white space with it: Markdown would not see it
_OPENING = re.compile(r"(\*\*|\*|~~|`)(\s+)$")
_EMPTY_LINK = re.compile(r"\[\s*\]\([^)]*\)|\[\s*\]")
_ESCAPED_START = re.compile(r"^(#{1,6}\s|>|[-+*]\s|\d+[.)]\s)")


class _Place:
    """What the boxes around a piece make of it."""

    __slots__ = ("cell", "items", "kind", "level", "ordered", "table")

    def __init__(self) -> None:
        self.kind = "paragraph"
        self.level = 0
        #: numbers of the boxes: list item, table, cell; -1 outside
        self.items = -1
        self.table = -1
        self.cell = -1
        self.ordered = False


def render(tree: Tree, chosen: list[int], base: str | None) -> list[Block]:
    """Blocks of the chosen pieces in reading order. ``base`` makes links absolute."""
    places = {at: _place(tree, tree.pieces[at].box) for at in chosen}
    pictures = _pictures(tree, chosen)
    blocks: list[Block] = []
    numbering: dict[int, int] = {}
    seen_items: set[int] = set()
    for table, group in groupby(chosen, key=lambda at: places[at].table):
        run = list(group)
        if table >= 0:
            rows = _rows(tree, run, places)
            if rows:
                blocks.append(_table(rows))
                continue
        for at in run:
            picture = pictures.get(at)
            block = _block(tree, tree.pieces[at], places[at], base, numbering, seen_items, picture)
            if picture is not None and block.kind != "caption":
                blocks.extend(_picture_block(picture, base))
            blocks.append(block)
    return blocks


def _place(tree: Tree, number: int) -> _Place:
    place = _Place()
    boxes = tree.boxes
    while number:
        box = boxes[number]
        tag = box.tag
        if tag in _HEADINGS and place.kind == "paragraph":
            place.kind, place.level = "heading", _HEADINGS[tag]
        elif tag == "li" and place.items < 0:
            place.items = number
            place.ordered = boxes[box.parent].tag == "ol"
            if place.kind == "paragraph":
                place.kind, place.level = "item", max(1, box.level)
        elif tag == "blockquote" and place.kind == "paragraph":
            place.kind = "quote"
        elif tag in ("figcaption", "caption") and place.kind == "paragraph":
            place.kind = "caption"
        elif tag == "pre":
            place.kind = "code"
        elif tag in ("td", "th") and place.cell < 0:
            place.cell = number
        elif tag == "table" and place.table < 0 and place.cell >= 0:
            place.table = number
        number = box.parent
    return place


def _block(
    tree: Tree,
    piece: Piece,
    place: _Place,
    base: str | None,
    numbering: dict[int, int],
    seen_items: set[int],
    picture: Picture | None,
) -> Block:
    kind, level, text = place.kind, place.level, piece.text
    if kind == "code":
        return Block(kind="code", text=text, markup=f"```\n{text}\n```")
    markup = _inline(piece, base)
    if kind == "heading":
        flat = " ".join(text.split())
        return Block(
            kind="heading", text=flat, markup="#" * level + " " + " ".join(markup.split()), level=level
        )
    if kind == "item":
        indent = "  " * (level - 1)
        # Further paragraphs of one list item belong under its bullet, not under one of their own.
        if place.items in seen_items:
            return Block(
                kind="item",
                text=text,
                markup=indent + "  " + markup.replace("\n", "\n  " + indent),
                level=level,
            )
        seen_items.add(place.items)
        bullet = "-"
        if place.ordered:
            parent = tree.boxes[place.items].parent
            numbering[parent] = numbering.get(parent, 0) + 1
            bullet = f"{numbering[parent]}."
        return Block(
            kind="item",
            text=text,
            markup=f"{indent}{bullet} " + markup.replace("\n", "\n  " + indent),
            level=level,
        )
    if kind == "quote":
        return Block(kind="quote", text=text, markup="> " + markup.replace("\n", "\n> "))
    if kind == "caption":
        image = _image(picture, text, base) if picture is not None else ""
        return Block(kind="caption", text=text, markup=image or f"*{markup.strip('*')}*")
    return Block(kind="paragraph", text=text, markup=markup)


def _inline(piece: Piece, base: str | None) -> str:
    """A piece's text with its emphasis and links as Markdown."""
    if not piece.marks:
        return piece.text if not _ESCAPED_START.match(piece.text) else "\\" + piece.text
    marks = _balanced(piece.marks, len(piece.parts))
    out: list[str] = []
    position = 0
    for at, mark in marks:
        while position < at:
            out.append(piece.parts[position])
            position += 1
        if mark.startswith("]("):
            address = absolute(mark[2:-1], base)
            mark = f"]({address.replace(')', '%29').replace(' ', '%20')})" if address else "]()"
        out.append(mark)
    out.extend(piece.parts[position:])
    lines = (" ".join(line.split()) for line in _tidy("".join(out)).split(BREAK))
    return "\n".join(line for line in lines if line)


def _balanced(marks: list[tuple[int, str]], end: int) -> list[tuple[int, str]]:
    """The marks with every opening closed in the same piece; what was opened elsewhere is dropped."""
    kept: list[tuple[int, str] | None] = []
    open_at: dict[str, int] = {}
    for at, mark in marks:
        name = "[" if mark.startswith("]") else mark
        if mark != "[" and name in open_at:
            started = open_at.pop(name)
            opening = kept[started]
            if opening is None or opening[0] == at:
                kept[started] = None
                continue
            kept.append((at, mark))
        elif not mark.startswith("]"):
            open_at[name] = len(kept)
            kept.append((at, mark))
    for started in open_at.values():
        kept[started] = None
    return [mark for mark in kept if mark is not None]


_INSIDE = re.compile(r"(\*\*|~~|`|(?<!\*)\*(?!\*))(\s*)((?:(?!\1).)*?)(\s*)\1", re.S)
_LINK = re.compile(r"\[(\s*)([^\[\]]*?)(\s*)\]\(([^)]*)\)")


def _tidy(markup: str) -> str:
    """White space moved out of emphasis and links, links that lead nowhere made plain text."""

    def link(match: re.Match[str]) -> str:
        before, text, after, address = match.groups()
        inner = f"[{text}]({address})" if text and address else text
        return before + inner + after

    def emphasis(match: re.Match[str]) -> str:
        mark, before, text, after = match.groups()
        return before + (f"{mark}{text}{mark}" if text else "") + after

    return _INSIDE.sub(emphasis, _LINK.sub(link, markup))


def _rows(tree: Tree, run: list[int], places: dict[int, _Place]) -> list[list[str]]:
    """The cells of a table of data, row by row; empty for a layout."""
    rows: dict[int, dict[int, str]] = {}
    for at in run:
        piece, cell = tree.pieces[at], places[at].cell
        row = rows.setdefault(tree.boxes[cell].parent, {})
        if piece.words > _LONGEST_CELL:
            return []
        row[cell] = f"{row[cell]} {piece.text}" if cell in row else piece.text
    if len(rows) < 2 or max(map(len, rows.values())) < 2:
        return []
    return [[" ".join(text.split()) for text in row.values()] for row in rows.values()]


def _table(rows: list[list[str]]) -> Block:
    width = max(map(len, rows))
    lines = []
    for number, row in enumerate(rows):
        cells = [cell.replace("|", "\\|") for cell in row] + [""] * (width - len(row))
        lines.append("| " + " | ".join(cells) + " |")
        if number == 0:
            lines.append("|" + " --- |" * width)
    return Block(kind="table", text="\n".join("\t".join(row) for row in rows), markup="\n".join(lines))


def _pictures(tree: Tree, chosen: list[int]) -> dict[int, Picture]:
    """For a chosen piece the picture of a figure that stands before it, or that it is the caption of."""
    found: dict[int, Picture] = {}
    if not tree.pictures or not chosen:
        return found
    inside = set(chosen)
    for picture in tree.pictures:
        if picture.at in inside and picture.at not in found and _in_figure(tree, picture.box):
            found[picture.at] = picture
    return found


def _in_figure(tree: Tree, number: int) -> bool:
    for _ in range(6):
        box = tree.boxes[number]
        if box.tag == "figure":
            return True
        number = box.parent
    return False


def _picture_block(picture: Picture, base: str | None) -> list[Block]:
    image = _image(picture, "", base)
    return [Block(kind="caption", text="", markup=image)] if image else []


def _image(picture: Picture, caption: str, base: str | None) -> str:
    attributes = picture.attributes
    for name in ("src", "data-src", "data-original", "data-lazy-src"):
        source = absolute(attributes.get(name) or "", base) if attributes.get(name) else None
        if source:
            label = caption or attributes.get("alt") or ""
            label = " ".join(label.split()).replace("[", "(").replace("]", ")")
            return f"![{label}]({source.replace(')', '%29').replace(' ', '%20')})"
    return ""
