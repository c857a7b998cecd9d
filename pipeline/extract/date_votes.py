"""How much each voice for a day is worth.

Measured as the share of right days of such voices, alone and where they disagree, on the development pages
of the corpora that docs/architecture.md names. What readers see between headline and story is right more
often than what templates tell machines (0.93 against 0.91), and where the two disagree in three cases of
four: systems write there the day of an import or of the last build. Two exceptions: a later day that machines
call that of the change, and the day beside a midnight that the machine's time zone explains.
"""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.extract.candidate import Candidate

#: the least that makes a date: a lone voice from far below the story, or from a template that dates every
#: page, is not enough
ENOUGH = 0.5
#: what a change needs to stand for the publication, too: "last edited" below a page is not enough
SURE = 0.7
_WORTH = {"json-ld": 1.0, "microdata": 0.9, "url": 0.95, "entry": 0.9}
_META, _WEAK_META = 1.0, 0.7
#: meta names that some templates fill with the moment of the request or of a change
_WEAK = frozenset(
    ("meta:date", "meta:dc.date", "meta:dcterms.date", "meta:created", "meta:datecreated", "meta:timestamp",
     "meta:dcterms.created", "meta:dc.date.created", "meta:search_date", "meta:displaydate")
)  # fmt: skip
#: a day on show, wherever, if no other one is
_LONE = 0.55
#: an address that names the month of a day makes it likelier
_MONTH = 0.3
#: pieces above the main headline that still belong to it: a date line over the title
_OVER = 3


class Votes:
    """The voices of one field, counted by day; of a kind of source only the strongest counts."""

    def __init__(
        self, candidates: list[Candidate], headline: int | None, month: str | None, changed: set[str]
    ) -> None:
        self._by_day: dict[str, dict[str, float]] = {}
        self._days: list[str] = []
        self._candidates = candidates
        told = [one.value[:10] for one in candidates if one.position is None and one.note != "page"]
        local = _local_days(candidates)
        lone = _lone_days(candidates)
        for one in candidates:
            kind, worth = worth_of(one, headline)
            day = one.value[:10]
            if len(one.value) > 19:
                day = local[datetime.fromisoformat(one.value).astimezone(UTC)]
            if kind == "shown":
                if day in lone and "linked" not in one.note and "inside" not in one.note:
                    worth = max(worth, _LONE)
                swapped = _swapped(day)
                if swapped in told and day not in told:
                    day = swapped
                if told and day in changed and day not in told and "said" not in one.note:
                    worth = min(worth, 1.0) * 0.3
            self._days.append(day)
            of_day = self._by_day.setdefault(day, {})
            of_day[kind] = max(of_day.get(kind, 0.0), worth)
            if month is not None and day.startswith(month):
                of_day["month"] = _MONTH

    def winner(self) -> str | None:
        """The day with the most votes; None when none has enough."""
        best = max(self._by_day, key=self.total, default=None)
        return best if best is not None and self.total(best) >= ENOUGH else None

    def total(self, day: str) -> float:
        """All votes for a day."""
        return sum(self._by_day.get(day, {}).values())

    def of(self, day: str) -> list[Candidate]:
        """The candidates for a day, the most trusted first."""
        return [one for one, its in zip(self._candidates, self._days, strict=True) if its == day]


def worth_of(one: Candidate, headline: int | None) -> tuple[str, float]:
    """Which kind of source speaks, and how much its word is worth.

    ``headline`` is where the main headline stands, in pieces of text from the article's start.
    """
    if one.position is None:
        if one.source.startswith("meta:"):
            return "meta", _WEAK_META if one.source in _WEAK else _META
        worth = _WORTH.get(one.source, ENOUGH)
        return one.source, worth * 0.45 if one.note == "page" else worth
    at, note, said = one.position, one.note, "said" in one.note
    if headline is not None and at < headline - _OVER:
        worth = 0.8 if said else 0.4
    elif at < 4 and "after" not in note:
        worth = 2.1 if at < 0 else 0.85 if "inside" in note else 1.6
    elif "inside" in note or "between" in note:
        worth = 0.6 if said else 0.4
    else:
        worth = 0.6 if said else 0.3
    if "outside" in note:
        worth = min(worth, 1.2) * 0.6
    if "unsure" in note:
        worth = min(worth, 0.9) * 0.7
    # What stands nearer to the story is the likelier.
    return "shown", worth - min(abs(at), 50) * 0.001


def _local_days(candidates: list[Candidate]) -> dict[datetime, str]:
    """For every moment with a zone its day: told in two zones, that of the place, not of UTC."""
    days: dict[datetime, str] = {}
    for one in candidates:
        if len(one.value) > 19:
            moment = datetime.fromisoformat(one.value)
            if moment.utcoffset() or moment.astimezone(UTC) not in days:
                days[moment.astimezone(UTC)] = one.value[:10]
    return days


def _lone_days(candidates: list[Candidate]) -> set[str]:
    """The day on show, where there is only one; and the one of which words say that it is the article's."""
    shown = [one for one in candidates if one.position is not None]
    lone = set()
    for some in (
        [one for one in shown if "outside" not in one.note], [one for one in shown if "said" in one.note]
    ):  # fmt: skip
        days = {one.value[:10] for one in some}
        if len(days) == 1:
            lone |= days
    return lone


def _swapped(day: str) -> str:
    """A day with its month's number and its own exchanged, as it comes of a misread order."""
    return f"{day[:4]}-{day[8:]}-{day[5:7]}"
