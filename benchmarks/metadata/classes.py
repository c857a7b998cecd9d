"""What is the matter with a value that is not the true one, in a word or two, for counting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from benchmarks.metadata.fields import FIELDS
from benchmarks.metadata.matching import compact, instant, match


def fault(field: str, found: Any, wanted: Any) -> str:
    """How a value differs from the true one; both may be empty, but not equal."""
    if not found:
        return "nothing given"
    if not wanted:
        return "nothing there"
    if field in ("authors", "tags"):
        return _of_members({compact(one) for one in found}, {compact(one) for one in wanted})
    if field.startswith("published_at"):
        return _of_days(found, wanted)
    if isinstance(wanted, list):
        return "another"
    given, true = compact(str(found)), compact(str(wanted))
    if true in given:
        return "too long"
    if given in true:
        return "too short"
    return "another"


def on_offer(field: str, candidates: Iterable[Any], wanted: Any) -> list[str]:
    """The sources whose candidate for a field is the true value as it stands."""
    return [
        one.source
        for one in candidates
        if one.field == FIELDS[field] and one.value and _fits(field, one.value, wanted)
    ]


def _fits(field: str, value: Any, wanted: Any) -> bool:
    # Readers may give text where the field is a list, or other types than the field's, for rules to judge.
    of_type = list if field in ("authors", "tags") else str
    return isinstance(value, of_type) and bool(wanted) and match(field, value, wanted).right


def _of_members(found: set[str], wanted: set[str]) -> str:
    if found > wanted:
        return "some too many"
    if found < wanted:
        return "some missing"
    if "".join(sorted("".join(found))) == "".join(sorted("".join(wanted))):
        return "split or turned otherwise"
    return "some wrong" if found & wanted else "all wrong"


def _of_days(found: str, wanted: str) -> str:
    given, true = instant(found), instant(wanted)
    if given is None or true is None:
        return "no date"
    day, right = given.date(), true.date()
    if abs(day - right) == timedelta(days=1):
        return "a day off"
    if (day.year, day.month, day.day) == (right.year, right.day, right.month):
        return "day and month swapped"
    return _distance(day, right)


def _distance(day: date, right: date) -> str:
    return "later" if day > right else "earlier"
