"""The last gate: whatever found a value, it leaves in one form, or not at all.

Lines and names are NFC on one line without control characters, languages BCP 47, dates ISO 8601,
addresses absolute; lists hold nothing empty and nothing twice; everything has a bound. What cannot be
brought into its form is dropped, together with its provenance: a wrong value is worse than none. The
forms are those of ``pipeline/model/article.schema.json``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec

from pipeline.model import Article, Contributor, Copyright, Dateline

T = TypeVar("T")

#: longest line of each field (characters); a longer one is something else, and is dropped
LONGEST_LINE = {"title": 500, "agency": 100, "section": 100, "site_name": 100}
#: longest entry of a list, and of a place, a holder or a source (characters); dropped when longer
LONGEST_ENTRY = 200
#: entries that a list keeps
MOST_ENTRIES = 100
#: longest description and subtitle (characters): what goes on longer is cut behind a word
LONGEST_PROSE = 2000
#: longest address (characters): what servers and proxies take (RFC 9110 section 4.1 asks for 8,000)
LONGEST_ADDRESS = 8000

#: no part of any line: controls, lone surrogates, what belongs to layout (soft hyphen, zero-width space,
#: byte order mark, direction embedded or isolated), noncharacters, and icons in private use
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
#: joiners and direction marks have a meaning between letters, and none at the ends of a line
_ENDS = " \u200c\u200d\u200e\u200f"
#: neither line feed nor tab: they lay out lists and code
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_BYTES = bytes((*range(9), *range(0x0B, 0x20), 0x7F))
_HIGH_CONTROL = re.compile(b"\xc2[\x80-\x9f]")
_ASCII = bytes(range(128))
#: RFC 5646, section 2.1, without what is registered whole ("i-klingon")
_LANGUAGE = re.compile(
    r"(?P<language>[a-z]{2,3})(?P<extended>(?:-[a-z]{3}){0,3})(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|\d{3}))?(?P<rest>(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*"
    r"(?:-[a-wy-z\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?)",
    re.I | re.A,
)
_LONGEST_TAG = 80
#: RFC 3986, section 3.3: what may stand unescaped in a path; an escape stays as it is
_PATH_SAFE = "!$%&'()*+,/:;=@~"
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
#: an address that is in its form already, as nearly all are
_PLAIN_ADDRESS = re.compile(
    r"https?://[a-z\d.-]*[a-z\d](?:/[\w.~!$&'()*+,;=:@/-]*(?:\?[\w.~!$&'()*+,;=:@/?-]*)?)?", re.A
)
#: a host with its port; one in brackets is an IPv6 address
_HOST = re.compile(r"(?:[\w.~-]*|\[[0-9a-f:.]+\])(?::\d*)?", re.A)


def normal(article: Article, *, known: Collection[str] = ()) -> Article:
    """The article with every value in its normal form; the same object when all are. Idempotent.

    Counts and hashes stay as they are: they are those of the text as `normal_text` gives it.

    Args:
        known: fields whose values are in their form already.
    """
    changed: dict[str, Any] = {}
    for field, rule in _RULES.items():
        value = getattr(article, field)
        if value is None or value == [] or field in known:
            continue
        told = rule(value)
        if told != value:
            changed[field] = told
    sources = {
        field: source
        for field, told in article.provenance.items()
        if changed.get(field, told) not in (None, []) and (source := line(told, LONGEST_ENTRY))
    }
    if sources != article.provenance:
        changed["provenance"] = sources
    return msgspec.structs.replace(article, **changed) if changed else article


def normal_text(text: str) -> str:
    """Text of several lines in NFC, without control characters but line feeds and tabs."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = b"\x00"  # a lone surrogate is one of them
    # In UTF-8 most controls are bytes that nothing else has: looking for them costs a tenth of a search.
    if len(data.translate(None, _CONTROL_BYTES)) < len(data) or _HIGH_CONTROL.search(data):
        text = _CONTROL.sub("", text)
        data = text.encode()
    if len(data) == len(text) or all(map(_is_composed, frozenset(data.translate(None, _ASCII).decode()))):
        return text
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _is_composed(character: str) -> bool:
    """Whether NFC lets a character be, whatever stands beside it: Latin letters, punctuation."""
    return character < "\u0300" or "\u2002" <= character < "\u20d0"


def line(value: Any, longest: int) -> str | None:
    """A text as one line in NFC, white space collapsed; None when nothing is left, or too much."""
    # Whoever puts megabytes into a meta tag shall not have them normalised first.
    if not isinstance(value, str) or len(value) > 50 * longest:
        return None
    if not (value.isprintable() and "  " not in value and unicodedata.is_normalized("NFC", value)):
        value = " ".join(_UNSEEN.sub("", value).split())
        value = unicodedata.normalize("NFC", value)
    value = value.strip(_ENDS)
    return value if 0 < len(value) <= longest else None


def prose(value: Any) -> str | None:
    """A line that is cut behind a word, with an ellipsis, where it is too long."""
    told = line(value[: 10 * LONGEST_PROSE], 10 * LONGEST_PROSE) if isinstance(value, str) else None
    if told is None or len(told) <= LONGEST_PROSE:
        return told
    head, _, _ = told[:LONGEST_PROSE].rpartition(" ")
    return (head if len(head) > LONGEST_PROSE // 2 else told[: LONGEST_PROSE - 1]).rstrip(_ENDS) + "…"


def language_tag(value: Any) -> str | None:
    """A well-formed language tag in its canonical case (RFC 5646, 2.1.1): ``pt-BR``, ``zh-Hant``."""
    if not isinstance(value, str) or len(value) > _LONGEST_TAG:
        return None
    found = _LANGUAGE.fullmatch(value.strip().replace("_", "-"))
    if found is None or found["language"].lower() in ("und", "mul", "zxx", "mis"):
        return None
    script = f"-{found['script'].title()}" if found["script"] else ""
    region = f"-{found['region'].upper()}" if found["region"] else ""
    return found["language"].lower() + found["extended"].lower() + script + region + found["rest"].lower()


def moment(value: Any) -> str | None:
    """A date or time in ISO 8601, to the second: ``2024-04-19``, ``2024-04-19T10:30:00+02:00``.

    The offset stays as it was given, UTC is ``+00:00``; a time without offset keeps none.
    """
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value.strip()).isoformat()
    except ValueError:
        pass  # no day alone
    try:
        at = datetime.fromisoformat(value.strip()).replace(microsecond=0)
        offset = at.utcoffset()
        if offset is not None and offset.total_seconds() % 60:
            # Local mean times: RFC 3339 knows no seconds of an offset.
            at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at.isoformat()


def address(value: Any, schemes: tuple[str, ...] = ("http", "https")) -> str | None:
    """An absolute address as a URI (RFC 3986): what may not stand in one is escaped, the rest kept.

    But for user and password: they were ours for fetching, and an article is handed on.
    """
    if not isinstance(value, str) or len(value) > LONGEST_ADDRESS:
        return None
    if _PLAIN_ADDRESS.fullmatch(value):
        return value
    try:
        parts = urlsplit(_UNSEEN.sub("", value).strip())
        host, _ = parts.hostname, parts.port
        place = parts.netloc.rpartition("@")[2]
        place = place.lower() if place.isascii() else place.encode("idna").decode("ascii").lower()
    except ValueError:
        return None
    if parts.scheme not in schemes or not (host or parts.scheme == "file") or not _HOST.fullmatch(place):
        return None
    path = quote(parts.path, safe=_PATH_SAFE)
    query, fragment = (quote(part, safe=_PATH_SAFE + "?") for part in (parts.query, parts.fragment))
    told = urlunsplit((parts.scheme, place, path, query, fragment))
    told = _BARE_PERCENT.sub("%25", told)
    return told if len(told) <= LONGEST_ADDRESS else None


def _page_address(value: Any) -> str | None:
    return address(value, ("http", "https", "file"))


def _entry(value: Any) -> str | None:
    return line(value, LONGEST_ENTRY)


def _distinct(values: Any, rule: Callable[[Any], T | None]) -> list[T]:
    """The entries of a list in their form, each once, the first of them."""
    kept: list[T] = []
    for value in values if isinstance(values, list) else []:
        told = rule(value)
        if told is not None and told not in kept:
            kept.append(told)
            if len(kept) == MOST_ENTRIES:
                break
    return kept


def _contributor(value: Contributor) -> Contributor | None:
    name = _entry(value.name)
    return Contributor(role=value.role, name=name) if name else None


def _dateline(value: Dateline) -> Dateline | None:
    day = (moment(value.date) or "")[:10] or None
    told = Dateline(place=_entry(value.place), agency=_entry(value.agency), date=day)
    return told if told != Dateline() else None


def _copyright(value: Copyright) -> Copyright | None:
    year = value.year if isinstance(value.year, int) and 1000 <= value.year <= 9999 else None
    told = Copyright(holder=_entry(value.holder), year=year)
    return told if told != Copyright() else None


def _line_of(field: str) -> Callable[[Any], str | None]:
    return lambda value: line(value, LONGEST_LINE[field])


#: field -> its form
_RULES: dict[str, Callable[[Any], Any]] = {
    **{field: _line_of(field) for field in LONGEST_LINE},
    "url": _page_address,
    "canonical_url": address,
    "image_url": address,
    "description": prose,
    "language": language_tag,
    "published_at": moment,
    "modified_at": moment,
    "subtitles": lambda values: _distinct(values, prose),
    "authors": lambda values: _distinct(values, _entry),
    "tags": lambda values: _distinct(values, _entry),
    "contributors": lambda values: _distinct(values, _contributor),
    "dateline": _dateline,
    "copyright": _copyright,
    "text": normal_text,
    "markup": normal_text,
}

__all__ = ["address", "language_tag", "line", "moment", "normal", "normal_text", "prose"]
