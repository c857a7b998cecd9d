"""When a value counts as the true one.

Titles, names, tags, site names, descriptions and sections: NFC, letters and digits alone, case folded.
Languages: the primary subtag, Bokmål and Nynorsk being Norwegian. Addresses: without scheme, ``www.``,
fragment and closing slash. Days: as written, or in the zone of the truth where both sides state their offset.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

import msgspec

from training.measure import word_score

_LANGUAGES = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A value beside the true one."""

    #: the whole value is right
    right: bool
    #: 0 to 1: how near it comes, in words or in members of a list
    near: float
    #: members of a list, or the one value: right, wrongly given, not given
    hits: int = 0
    wrong: int = 0
    missed: int = 0
    #: of a time: the same instant to the minute; None where the truth has no time of day
    minute: bool | None = None


def match(field: str, found: Any, wanted: Any) -> Match:
    """``found`` as an `Answer` gives it; ``wanted`` as `fields.truth` does, neither of them empty."""
    if field in ("authors", "tags"):
        return _members({compact(one) for one in found} - {""}, {compact(one) for one in wanted} - {""})
    if field == "section":
        return _one(compact(found) in {compact(one) for one in wanted})
    if field == "language":
        return _one(language(found) == language(wanted))
    if field == "canonical_url":
        return _one(address(found) == address(wanted))
    if field.startswith("published_at"):
        return _time(found, wanted)
    return _one(compact(found) == compact(wanted), word_score(found, wanted).f1)


def compact(text: str) -> str:
    # Marks that combine stay: in Indic scripts they are what tells words apart.
    whole = unicodedata.normalize("NFC", text).casefold()
    return "".join(one for one in whole if one.isalnum() or unicodedata.category(one)[0] == "M") or whole


def language(tag: str) -> str:
    primary = tag.replace("_", "-").split("-")[0].strip().lower()
    return _LANGUAGES.get(primary, primary)


def address(url: str) -> str:
    rest = url.split("#")[0].partition("://")[2] or url
    return rest.removeprefix("www.").rstrip("/")


def instant(text: str) -> datetime | None:
    """A date or time in ISO 8601; None where it is none."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _one(right: bool, near: float | None = None) -> Match:
    return Match(
        right=right,
        near=float(right if near is None else near),
        hits=int(right),
        wrong=int(not right),
        missed=int(not right),
    )


def _members(found: set[str], wanted: set[str]) -> Match:
    hits = len(found & wanted)
    return Match(
        right=found == wanted,
        near=2 * hits / (len(found) + len(wanted)),
        hits=hits,
        wrong=len(found - wanted),
        missed=len(wanted - found),
    )


def _time(found: str, wanted: str) -> Match:
    given, true = instant(found), instant(wanted)
    if given is None or true is None:
        return _one(False)
    both_zoned = given.tzinfo is not None and true.tzinfo is not None
    days = {given.date()} | ({given.astimezone(true.tzinfo).date()} if both_zoned else set())
    match = _one(true.date() in days)
    if len(wanted) <= len("2024-01-07"):
        return match
    if both_zoned:
        minute = abs((given - true).total_seconds()) < 60
    else:
        apart = given.replace(tzinfo=None) - true.replace(tzinfo=None)
        minute = true.tzinfo is None and len(found) > len("2024-01-07") and abs(apart.total_seconds()) < 60
    return msgspec.structs.replace(match, minute=minute)
