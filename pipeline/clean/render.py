"""The chosen pieces as blocks: plain text, and the same as Markdown."""

from __future__ import annotations

import re
from copy import copy
from itertools import groupby

from pipeline.clean.addresses import Addresses
from pipeline.clean.boxes import BREAK, Picture, Piece, Tree
from pipeline.model import Block

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_TELLING = frozenset(("li", "blockquote", "figcaption", "caption", "pre", "td", "th", "table", *_HEADINGS))
#: a table with a longer cell than this (words), or with several pieces in one, is a layout
_LONGEST_CELL = 60
#: text that Markdown would take for a heading, a quote or a list
_LIKE_MARKUP = re.compile(r"#{1,6}\s|>|[-+*]\s|\d+[.)]\s")


class _Place:
    """What the boxes around a piece make of it."""

    __slots__ = ("cell", "items", "kind", "level", "ordered", "table", "within")

    def __init__(self) -> None:
        self.kind = "paragraph"
        self.level = 0
        #: numbers of the boxes: list item, table, cell; -1 outside
        self.items = -1
        self.within = -1
        self.table = -1
        self.cell = -1
        self.ordered = False


def render(tree: Tree, chosen: list[int], base: str | None) -> list[Block]:
    """Blocks of the chosen pieces in reading order. ``base`` makes links absolute."""
    known: dict[int, _Place] = {}
    places = {at: _place(tree, tree.pieces[at].box, known) for at in chosen}
    addresses = Addresses(base)
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
            block = _block(tree, tree.pieces[at], places[at], addresses, numbering, seen_items, picture)
            if picture is not None and block.kind != "caption":
                blocks.extend(_picture_block(picture, addresses))
            blocks.append(block)
    return blocks


def _place(tree: Tree, number: int, known: dict[int, _Place]) -> _Place:
    """The place of a box: that of the box around it, and what its own tag changes. Inner tags win."""
    chain = []
    while number not in known and number:
        chain.append(number)
        number = tree.boxes[number].parent
    place = known.get(number) or _Place()
    for number in reversed(chain):
        place = known[number] = _inside(place, tree, number)
    return place


def _inside(outer: _Place, tree: Tree, number: int) -> _Place:
    box = tree.boxes[number]
    tag = box.tag
    if tag not in _TELLING:
        return outer
    place = copy(outer)
    if tag in _HEADINGS:
        place.kind, place.level = "heading", _HEADINGS[tag]
    elif tag == "li":
        place.kind, place.level = "item", max(1, box.level)
        place.items = number
        place.ordered = tree.boxes[box.parent].tag == "ol"
    elif tag == "blockquote":
        place.kind = "quote"
    elif tag in ("figcaption", "caption"):
        place.kind = "caption"
    elif tag == "pre":
        place.kind = "code"
    elif tag == "table":
        place.within, place.table = number, -1
    elif tag in ("td", "th"):
        place.cell, place.table = number, place.within
    return place


def _block(
    tree: Tree,
    piece: Piece,
    place: _Place,
    addresses: Addresses,
    numbering: dict[int, int],
    seen_items: set[int],
    picture: Picture | None,
) -> Block:
    kind, level, text = place.kind, place.level, piece.text
    if kind == "code":
        return Block(kind="code", text=text, markup=f"```\n{text}\n```")
    markup = _inline(piece, addresses)
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
        image = _image(picture, text, addresses) if picture is not None else ""
        return Block(kind="caption", text=text, markup=image or f"*{markup.strip('*')}*")
    return Block(kind="paragraph", text=text, markup=markup)


def _inline(piece: Piece, addresses: Addresses) -> str:
    """A piece's text with its emphasis and links as Markdown.

    Spans are closed where the piece ends and begin inside white space, or Markdown would not see
    them; links that lead nowhere and spans without text are left out.
    """
    text = piece.text
    if not piece.marks:
        return "\\" + text if _LIKE_MARKUP.match(text) else text
    out: list[str] = []
    opened: list[tuple[str, int]] = []
    position = 0
    for at, mark in piece.marks:
        out.extend(piece.parts[position:at])
        position = at
        closes = "[" if mark.startswith("](") else mark
        depth = next((number for number, (name, _) in enumerate(opened) if name == closes), None)
        if depth is not None and mark != "[":
            _, start = opened[depth]
            del opened[depth:]
            out[start:] = [_span("".join(out[start:]), mark, addresses)]
        elif closes == mark:
            opened.append((mark, len(out)))
    out.extend(piece.parts[position:])
    whole = "".join(out)
    if BREAK not in whole:
        return " ".join(whole.split())
    lines = (" ".join(line.split()) for line in whole.split(BREAK))
    return "\n".join(line for line in lines if line)


def _span(inner: str, mark: str, addresses: Addresses) -> str:
    stripped = inner.strip()
    if not stripped or BREAK in stripped:
        return inner
    before, after = inner[: inner.index(stripped[0])], inner[len(inner.rstrip()) :]
    if not mark.startswith("]("):
        return f"{before}{mark}{stripped}{mark}{after}"
    address = addresses.of(mark[2:-1])
    if not address:
        return inner
    return f"{before}[{stripped.replace('[', '(').replace(']', ')')}]({address}){after}"


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


def _picture_block(picture: Picture, addresses: Addresses) -> list[Block]:
    image = _image(picture, "", addresses)
    return [Block(kind="caption", text="", markup=image)] if image else []


def _image(picture: Picture, caption: str, addresses: Addresses) -> str:
    attributes = picture.attributes
    for name in ("src", "data-src", "data-original", "data-lazy-src"):
        source = addresses.of(attributes.get(name) or "")
        if source:
            label = caption or attributes.get("alt") or ""
            label = " ".join(label.split()).replace("[", "(").replace("]", ")")
            return f"![{label}]({source})"
    return ""
