"""Values as people read them: counts, spans, moments, and text from outside made safe to print."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pipeline.model import DOUBTFUL
from pipeline.urls import printable, without_password

#: soft hyphen, zero-width and direction marks, byte order mark: shown as nothing, so left out
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


#: seconds and name of a unit, and of the smaller one that is told with it
_UNITS = ((86_400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s"))


def line(text: str | None) -> str:
    """Text from outside on one line: no control character of it reaches the terminal, and no password
    in an address of it anybody's eyes."""
    return printable(_INVISIBLE.sub("", " ".join(without_password(text or "").split())))


def pieces(text: str, found: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Text from outside on one line, cut where a search found something: (piece, whether it was)."""
    cuts, last = [], 0
    for start, end in found:
        cuts += [(text[last:start], False), (text[start:end], True)]
        last = end
    cuts.append((text[last:], False))
    safe = [(printable(_INVISIBLE.sub("", re.sub(r"\s", " ", piece))), hit) for piece, hit in cuts]
    return [(piece, hit) for piece, hit in safe if piece]


def paragraphs(text: str) -> str:
    """Text from outside with its line breaks kept, and no other control character."""
    return "\n".join(printable(_INVISIBLE.sub("", re.sub(r"[^\S\n]", " ", one))) for one in text.splitlines())


def count(number: int, noun: str) -> str:
    """``1 item``, ``1,200 items``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def span(seconds: float) -> str:
    """A length of time in at most two units."""
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    for size, name, small, small_name in _UNITS:
        if whole >= size:
            rest = whole % size // small
            return f"{whole // size} {name} {rest} {small_name}" if rest else f"{whole // size} {name}"
    return f"{whole} s"


def moment(at: float | None) -> str:
    """A Unix time in the local zone, to the second."""
    if at is None:
        return ""
    return datetime.fromtimestamp(at, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def from_now(at: float | None, now: float, *, roughly: bool = False) -> str:
    """How far a Unix time is from now: ``in 25 min``, ``3 h 5 min ago``, ``now``; roughly: in one unit."""
    if at is None:
        return ""
    if abs(at - now) < 1.0:
        return "now"
    away = span(abs(at - now))
    if roughly:
        away = " ".join(away.split(" ")[:2])
    return f"in {away}" if at > now else f"{away} ago"


def iso(at: float | None) -> str | None:
    """A Unix time as ISO 8601 in UTC, to the millisecond, for machines."""
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def published(text: str | None) -> str:
    """An article's ISO date for a table: to the minute, in the zone that it was given in."""
    return line(text)[:16].replace("T", " ") if text else ""


def two_digits(confidence: float) -> str:
    """A confidence, cut and not rounded: what is below a bound never looks as if it reached it."""
    return f"{confidence:.3f}"[:-1]


def doubt(confidence: float | None) -> str:
    """The mark of an article whose cut is doubtful, ``doubtful cut, 0.43``; empty for any other."""
    if confidence is None or confidence >= DOUBTFUL:
        return ""
    return f"doubtful cut, {two_digits(confidence)}"


def sureness(confidence: float | None, code: str | None = None) -> str:
    """A confidence with what it speaks of: the cut, or, where there is no article, whether there is one."""
    if confidence is None:
        return ""
    told = two_digits(confidence)
    if code == "no_article":
        return f"{told} that there is an article after all"
    return f"{told}: a doubtful cut" if confidence < DOUBTFUL else told


def in_words(value: Any) -> str:
    """A field of an article as people read it; empty when there is nothing to say."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part)
    if isinstance(value, list):
        return ", ".join(_contributor(part) if isinstance(part, dict) else str(part) for part in value)
    return str(value)


def _contributor(part: dict[str, Any]) -> str:
    return f"{part['name']} ({str(part['role']).replace('_', ' ')})"


__all__ = [
    "count", "doubt", "from_now", "in_words", "iso", "line", "moment", "paragraphs", "published", "span",
    "sureness", "two_digits",
]  # fmt: skip
