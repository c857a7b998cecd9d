"""An article's Markdown as a page to read in a terminal: paragraphs, headings, quotes, lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

_HEADING = re.compile(r"(#{1,6}) +(.*)", re.S)
_ITEM = re.compile(r"( *)([-*+]|\d{1,9}[.)]) +(.*)", re.S)
_FENCE = re.compile(r"(`{3,}|~{3,})")
#: what stands inside a paragraph: an escaped character, a picture, a link, strong, emphasis, code
_INLINE = re.compile(
    r"\\([!-/:-@\[-`{-~])"
    r"|!\[([^\]\n]*)\]\([^)\n]*\)"
    r"|\[((?:\\.|[^\]\\\n])*)\]\([^)\n]*\)"
    r"|\*\*(\S(?:.*?\S)?)\*\*"
    r"|(?<![\w*])[*_](\S(?:.*?\S)?)[*_](?![\w*])"
    r"|`([^`\n]+)`"
)
#: a paragraph nests no deeper than that, whatever a page put there
_DEEPEST = 4


def page_of(markup: str) -> Iterator[RenderableType]:
    """The blocks of a Markdown text from `wording.paragraphs`, with an empty line between them."""
    from rich.text import Text

    first = True
    for block in _blocks(markup):
        if not first:
            yield Text("")
        first = False
        yield from _block(block)


def _blocks(markup: str) -> Iterator[str]:
    """Parts between empty lines; code in fences stays whole."""
    gathered: list[str] = []
    fence = ""
    for one in markup.split("\n"):
        mark = _FENCE.match(one)
        if mark and not fence:
            fence = mark[1]
        elif fence and one.strip() == fence:
            fence = ""
        if one.strip() or fence:
            gathered.append(one)
        elif gathered:
            yield "\n".join(gathered)
            gathered = []
    if gathered:
        yield "\n".join(gathered)


def _block(block: str) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    if mark := _FENCE.match(block):
        body = block.split("\n")[1:]
        if body and body[-1].strip() == mark[1]:
            body.pop()
        yield Padding(Text("\n".join(body), no_wrap=True, overflow="fold"), (0, 0, 0, 4), expand=False)
    elif heading := _HEADING.fullmatch(block):
        yield _inline(heading[2], "bold")
    elif block.startswith(">"):
        quoted = re.sub(r"(?m)^> ?", "", block)
        yield Padding(_inline(quoted, "italic"), (0, 0, 0, 4), expand=False)
    elif _ITEM.match(block):
        yield from _items(block)
    else:
        yield _inline(block)


def _items(block: str) -> Iterator[RenderableType]:
    """Items of a list, each with its later lines behind its mark."""
    from rich.table import Table
    from rich.text import Text

    for one in re.split(r"\n(?= *(?:[-*+]|\d{1,9}[.)]) )", block):
        item = _ITEM.fullmatch(one)
        if item is None:
            yield _inline(one)
            continue
        grid = Table.grid()
        mark = "- " if item[2] in "-*+" else f"{item[2]} "
        grid.add_row(Text(" " * (len(item[1]) + 2) + mark), _inline(item[3]))
        yield grid


def _inline(text: str, style: str = "", depth: int = 0) -> Text:
    """Text with what its marks say, and without the marks; addresses of links are left out."""
    from rich.text import Text

    made = Text(style=style)
    last = 0
    for found in _INLINE.finditer(text) if depth < _DEEPEST else ():
        made.append(text[last : found.start()])
        last = found.end()
        plain, picture, link, strong, emphasis, code = found.groups()
        if plain is not None:
            made.append(plain)
        elif picture is not None:
            made.append(f"[{picture or 'picture'}]")
        elif code is not None:
            made.append(code)
        else:
            inner = next(one for one in (link, strong, emphasis) if one is not None)
            how = "bold" if strong is not None else "italic" if emphasis is not None else ""
            made.append_text(_inline(inner, how, depth + 1))
    made.append(text[last:])
    return made


__all__ = ["page_of"]
