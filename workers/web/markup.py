"""The Markdown that the cleaner writes, as HTML that is safe to show: a small subset, and nothing else.

Every character of the text is escaped before a tag is put around it; the only attributes are addresses of
links, which must be http or https. What is not understood is shown as it is written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from markupsafe import Markup, escape

from pipeline.urls import is_url, without_password

#: longest text that is rendered (characters)
LONGEST = 1_000_000

_HEADING = re.compile(r"(#{1,6})\s+(.*)", re.S)
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[-*+]|(?P<number>\d{1,9})[.)])\s+(?P<text>.*)", re.S)
_RULE = re.compile(r"(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,}")
#: how a block of code begins; it ends with a line of the same signs alone
_FENCE = re.compile(r"`{3,}|~{3,}")
_TABLE_RULE = re.compile(r"[\s:|-]+")
#: inside a line: an escaped sign, code, a link or picture, an address, bold, italic, struck through
_INLINE = re.compile(
    r"(?P<break>\\\n)|\\(?P<sign>[!-/:-@\[-`{-~])"
    r"|(?<!`)(?P<tick>`{1,9})(?!`)(?P<code>[^`]{1,4000})(?P=tick)(?!`)"
    r"|!?\[(?P<words>(?:\\.|[^\[\]\\]){0,2000})\]\((?P<address><[^<>\n]{0,8000}>|[^\s()]{0,8000}(?:\([^\s()]{0,2000}\)[^\s()]{0,2000})?)\)"
    r"|<(?P<auto>https?://[^\s<>]{1,2000})>"
    r"|<(?P<small>/?su[bp])>"
    r"|\*\*(?=\S)(?P<bold>(?:\\.|[^*\\]|\*(?!\*)){1,4000}?(?<=\S))\*\*"
    r"|\*(?=\S)(?P<italic>(?:\\.|[^*\\]){1,4000}?(?<=\S))\*"
    r"|~~(?=\S)(?P<struck>(?:\\.|[^~\\]){1,4000}?(?<=\S))~~",
    re.S,
)
#: of what is inside a mark, so many times may there be marks again
_DEEPEST = 4


def markup(text: str) -> Markup:
    """A text of several blocks, separated by blank lines."""
    return Markup("\n").join(_blocks(text[:LONGEST]))


def _blocks(text: str) -> Iterator[Markup]:
    listed: list[tuple[str, str]] = []
    for block in _apart(text):
        items = _items(block)
        if items:
            listed += items
            continue
        if listed:
            yield _list(listed)
            listed = []
        yield _block(block)
    if listed:
        yield _list(listed)


def _apart(text: str) -> Iterator[str]:
    """The blocks of a text; one of code may hold blank lines. Each line is looked at once or twice, however
    many begin what nothing ends: the text is hostile."""
    lines = text.split("\n")
    ends: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if _FENCE.fullmatch(line.rstrip(" \t")):
            ends.setdefault(line.rstrip(" \t"), []).append(number)
    told = number = 0
    while number < len(lines):
        fence = _FENCE.match(lines[number])
        closing = ends.get(fence[0], []) if fence else []
        later = bisect_right(closing, number)
        number += 1
        if later < len(closing):
            yield from _paragraphs("\n".join(lines[told : number - 1]))
            told = closing[later] + 1
            yield "\n".join(lines[number - 1 : told])
            number = told
    yield from _paragraphs("\n".join(lines[told:]))


def _code(block: str) -> str | None:
    """What is in a block of code; None: it is none."""
    first, _, rest = block.partition("\n")
    inside, _, last = rest.rpartition("\n")
    fence = _FENCE.match(first)
    return inside if fence and last == fence[0] else None


def _paragraphs(text: str) -> Iterator[str]:
    for one in re.split(r"\n[ \t]*\n", text):
        if one.strip():
            yield one.strip("\n")


def _items(block: str) -> list[tuple[str, str]]:
    """(number or empty, text) of a block that is a list; else nothing."""
    found: list[tuple[str, str]] = []
    for line in block.split("\n"):
        item = _ITEM.fullmatch(line)
        if item is not None and not _RULE.fullmatch(line.strip()):
            found.append((item["number"] or "", item["text"]))
        elif found and line[:1].isspace():
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line.strip()}")
        else:
            return []
    return found


def _list(items: list[tuple[str, str]]) -> Markup:
    tag = Markup("ol") if items[0][0] else Markup("ul")
    inside = Markup("\n").join(Markup("<li>{}</li>").format(_inline(text)) for _, text in items)
    start = Markup(' start="{}"').format(items[0][0]) if items[0][0] not in ("", "1") else Markup("")
    return Markup("<{}{}>\n{}\n</{}>").format(tag, start, inside, tag)


def _block(block: str) -> Markup:
    stripped = block.strip()
    if heading := _HEADING.fullmatch(stripped):
        # The page's own heading is above them all.
        level = min(6, len(heading[1]) + 1)
        return Markup("<h{}>{}</h{}>").format(level, _inline(heading[2].strip()), level)
    if (code := _code(stripped)) is not None:
        return Markup("<pre><code>{}</code></pre>").format(code)
    if _RULE.fullmatch(stripped):
        return Markup("<hr>")
    lines = stripped.split("\n")
    if all(line.startswith(">") for line in lines):
        inside = "\n".join(line[1:].removeprefix(" ") for line in lines)
        return Markup("<blockquote>{}</blockquote>").format(
            Markup("\n").join(Markup("<p>{}</p>").format(_inline(one)) for one in _paragraphs(inside))
        )
    if len(lines) > 1 and lines[0].startswith("|") and "-" in lines[1] and _TABLE_RULE.fullmatch(lines[1]):
        return _table([lines[0], *lines[2:]])
    return Markup("<p>{}</p>").format(_inline(stripped))


def _table(lines: list[str]) -> Markup:
    rows = [re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|")) for line in lines]
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(_cell(one)) for one in rows[0])
    body = Markup("\n").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(_cell(one)) for one in row))
        for row in rows[1:]
    )
    return Markup(
        '<div class="scroll" role="region" aria-label="Table" tabindex="0"><table><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(head, body)


def _cell(text: str) -> Markup:
    return _inline(text.strip())


def _inline(text: str, deep: int = 0) -> Markup:
    if deep > _DEEPEST:
        return escape(text)
    told, at = [], 0
    for found in _INLINE.finditer(text):
        told.append(escape(text[at : found.start()]))
        told.append(_marked(found, deep))
        at = found.end()
    told.append(escape(text[at:]))
    return Markup("").join(told)


def _marked(found: re.Match[str], deep: int) -> Markup:
    if found["break"]:
        return Markup("<br>\n")
    if found["sign"]:
        return escape(found["sign"])
    if found["code"]:
        return Markup("<code>{}</code>").format(found["code"])
    if found["small"]:
        return Markup("<{}>").format(Markup(found["small"]))
    if found["auto"]:
        return _link(found["auto"], escape(without_password(found["auto"])))
    for name, tag in (("bold", "strong"), ("italic", "em"), ("struck", "del")):
        if found[name]:
            return Markup("<{0}>{1}</{0}>").format(Markup(tag), _inline(found[name], deep + 1))
    return _link(found["address"].strip("<>"), _inline(found["words"], deep + 1))


def _link(address: str, words: Markup) -> Markup:
    """A link that leads only where the http filter lets it; else its words."""
    if not words.strip():
        words = escape(without_password(address))
    if not is_url(address):
        return words
    return Markup('<a href="{}" rel="noopener noreferrer nofollow external">{}</a>').format(
        without_password(address), words
    )


__all__ = ["LONGEST", "markup"]
