"""The short way to Markdown for ordinary pieces: some links and bold words, nothing to escape.

Nearly all pieces of nearly all pages are of this kind, and cost a tenth of what `runs` and
`inline` take. Whatever is not plainly harmless is left to them.
"""

from __future__ import annotations

from pipeline.clean.render.addresses import Addresses
from pipeline.clean.walk.boxes import BREAK

_OPENING = {"**": "**", "*": "*"}
_CLOSING = {"/**": "**", "/*": "*"}
#: beside these, white space and the ends of the piece, delimiters always mean something (CommonMark 6.2)
_BEFORE = frozenset("(“‘«—–")
_AFTER = frozenset(".,;:!?)”’»—–…")


def is_harmless(text: str) -> bool:
    """Whether a text holds no character that means something inside a paragraph."""
    # A test a character is several times cheaper than one pattern for all.
    return not (
        "*" in text or "_" in text or "`" in text or "<" in text or "\\" in text or "&" in text
        or "~" in text or "[" in text or "]" in text
    )  # fmt: skip


def simply_written(parts: list[str], marks: list[tuple[int, str]], addresses: Addresses) -> str | None:
    """A piece of harmless text as Markdown on one line, or None where that takes more care."""
    if any(mark == "`" for _, mark in marks):
        found = _with_code(parts, marks)
        return None if found is None else _written(*found, addresses)
    return _written(parts, marks, addresses)


def _written(parts: list[str], marks: list[tuple[int, str]], addresses: Addresses) -> str | None:
    out: list[str] = []
    position, link, mark_after, trim, in_style = 0, -1, False, False, False
    for at, mark in marks:
        if at > position:
            text = parts[position] if at == position + 1 else "".join(parts[position:at])
            position = at
            if trim:
                text, trim = text.lstrip(), False
            if text:
                if mark_after and text[0] not in _AFTER and not text[0].isspace():
                    return None
                mark_after = False
                out.append(text)
        before = out[-1][-1:] if out else ""
        if mark == "[":
            if link >= 0 or trim or before == "!":
                return None
            link, trim = len(out), False
            if _begins_with_space(parts, at):
                out.append(" ")
                link, trim = link + 1, True
            out.append("[")
        elif mark[0] == "]":
            address = addresses.of(mark[2:-1])
            if link < 0 or link == len(out) - 1:
                return None
            if address is None:
                if in_style or mark_after or len(out) - link > 2:
                    return None
                out[link] = ""
            else:
                _close(out, f"]({address})")
            link = -1
        elif mark in _OPENING:
            if in_style or trim or mark_after or (before and before not in _BEFORE and not before.isspace()):
                # A link just opened is punctuation, too, but may turn out to lead nowhere.
                return None
            if _begins_with_space(parts, at):
                out.append(" ")
                trim = True
            out.append(mark)
            in_style = True
        elif mark in _CLOSING:
            closing = _CLOSING[mark]
            if not in_style or out[-1] == closing:
                return None
            mark_after = not _close(out, closing)
            in_style = False
        else:
            return None
    rest = "".join(parts[position:])
    if trim or link >= 0 or in_style:
        return None
    if mark_after and rest and rest[0] not in _AFTER and not rest[0].isspace():
        return None
    out.append(rest)
    whole = "".join(out)
    return None if BREAK in whole else " ".join(whole.split())


def _with_code(
    parts: list[str], marks: list[tuple[int, str]]
) -> tuple[list[str], list[tuple[int, str]]] | None:
    """The parts with words of code in ticks, and the other marks. None where code has marks inside, white
    space at an end, or other code beside it, which it would be one with."""
    parts, others, start, last = parts[:], [], -1, -1
    for at, mark in marks:
        if start >= 0:
            text = parts[start]
            if mark != "/`" or at != start + 1 or text.strip() != text or not text:
                return None
            parts[start], start, last = f"`{text}`", -1, at
        elif mark != "`":
            others.append((at, mark))
        elif at == last:
            return None
        else:
            start = at
    return parts, others


def _begins_with_space(parts: list[str], at: int) -> bool:
    return at < len(parts) and parts[at][:1].isspace()


def _close(out: list[str], closing: str) -> bool:
    """Write a closing delimiter before white space at the end; whether there was any."""
    last = out[-1]
    if not last[-1:].isspace():
        out.append(closing)
        return False
    out[-1] = last.rstrip()
    out.append(f"{closing} ")
    return True
