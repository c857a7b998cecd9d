"""How much each voice for a day is worth.

Measured as the share of right days of such voices, alone and where they disagree, on the labelled pages
of the collections that training/README.md names. What readers see between headline and story is right more
often than what templates tell machines (0.93 against 0.91), and where the two disagree in three cases of
four: systems write there the day of an import or of the last build. Two exceptions: a later day that machines
call that of the change, and the day beside a midnight that the machine's time zone explains.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipeline.extract.candidate import Candidate

#: the least that makes a date: a lone voice from far below the story, or from a template that dates every
#: page, is not enough
ENOUGH = 0.5
#: what a change needs to stand for the publication, too: "last edited" below a page is not enough
SURE = 0.7
_WORTH = {"json-ld": 1.0, "microdata": 0.9, "url": 0.95, "entry": 0.9, "http:last-modified": 0.3}
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
#: pieces above the main headline that belong to it (a date line over the title), and that may
_OVER, _FAR_OVER = 3, 8
#: pieces from the start within which a date is the article's, and above the start
_TOP, _NEAR = 4, 20
#: what a date between headline and story is worth: more than two machines that say otherwise
_LEAD = 2.1
#: more days than this in the article make it a list, whose first date is no date of the page
_CROWD = 4
#: older dates on show are mostly of what the page is about
_BEFORE_THE_WEB = "1994"


class Votes:
    """The voices of one field, counted by day; of a kind of source only the strongest counts."""

    def __init__(
        self, candidates: list[Candidate], headline: int | None, month: str | None, changed: set[str]
    ) -> None:
        self._by_day: dict[str, dict[str, float]] = {}
        self._days: list[str] = []
        self._candidates = candidates
        scene = _Scene(candidates, changed)
        for one in candidates:
            kind, worth = worth_of(one, headline)
            day = scene.day_of(one)
            if one.position is not None:
                day, worth = scene.beside_others(one, day, worth)
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

    def shown(self, day: str) -> float:
        """What the dates on show give to a day."""
        return self._by_day.get(day, {}).get("shown", 0.0)

    def of(self, day: str) -> list[Candidate]:
        """The candidates for a day, the most trusted first."""
        return [one for one, its in zip(self._candidates, self._days, strict=True) if its == day]


def worth_of(one: Candidate, headline: int | None) -> tuple[str, float]:
    """Which kind of source speaks, and how much its word is worth by itself.

    ``headline`` is where the main headline stands, in pieces of text from the article's start.
    """
    at, note = one.position, one.note
    if at is None:
        if one.source.startswith("meta:"):
            return "meta", _WEAK_META if one.source in _WEAK else _META
        worth = _WORTH.get(one.source, ENOUGH)
        return one.source, worth * 0.45 if note == "page" else worth * 0.6 if note == "after" else worth
    said = "said" in note
    over = headline if headline is not None else -_FAR_OVER
    if at < over - _OVER:
        worth = 0.8 if said else 0.6 if at >= over - _FAR_OVER else 0.4
    elif at < _TOP and "after" not in note:
        opens = at <= max(headline or 0, 0) + 1 and ("bare" in note or said)
        worth = _LEAD if at < 0 else 1.6 if opens or "inside" not in note else 0.85
    elif "inside" in note or "between" in note:
        worth = 0.6 if said else 0.4
    else:
        worth = (0.6 if said else 0.3) * (0.5 if "linked" in note else 1.0)
    if "outside" in note:
        worth = min(worth, 1.2) * 0.6
    if "unsure" in note:
        worth = min(worth, 0.9) * 0.7
    if not said and one.value < _BEFORE_THE_WEB:
        worth = min(worth, 0.4)
    # What stands nearer to the story is the likelier.
    return "shown", worth - min(abs(at), 50) * 0.001


class _Scene:
    """What the candidates say of each other."""

    def __init__(self, candidates: list[Candidate], changed: set[str]) -> None:
        #: days that machines are told, and those of changes
        self._told: set[str] = {
            one.value[:10] for one in candidates if one.position is None and one.note != "page"
        }
        self._changed = changed
        self._local = _local_days(candidates)
        self._lone = _lone_days(candidates)
        self._beside_utc = _beside_utc(candidates)
        inside = [one for one in candidates if (one.position or -1) >= 0 and "after" not in one.note]
        self._crowded = len({one.value[:10] for one in inside}) > _CROWD

    def day_of(self, one: Candidate) -> str:
        """The day that a candidate names, in its place's zone."""
        value: str = one.value
        return value[:10] if len(value) <= 19 else self._local[datetime.fromisoformat(value).astimezone(UTC)]

    def beside_others(self, one: Candidate, day: str, worth: float) -> tuple[str, float]:
        """Day and worth of a date on show, given what else there is."""
        at, note = one.position or 0, one.note
        its_own = "said" in note or "linked" not in note
        if day in self._lone and its_own and (one.source != "text:date" or "inside" not in note):
            worth = max(worth, _LONE)
        if self._crowded and at >= 0:
            worth = min(worth, 0.9)
        if not self._told or day in self._told:
            return day, worth
        swapped = f"{day[:4]}-{day[8:]}-{day[5:7]}"
        if swapped in self._told:
            return swapped, worth
        if day in self._beside_utc:
            return day, _LEAD if -_NEAR < at < _TOP and "outside" not in note and worth > 0.8 else worth
        if day in self._changed and "said" not in note:
            return day, min(worth, 1.0) * 0.3
        return day, worth


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
    alone = {one.value[:10] for one in shown if "outside" not in one.note and "linked" not in one.note}
    said = {one.value[:10] for one in shown if "said" in one.note}
    return {day for days in (alone, said) if len(days) == 1 for day in days}


def _beside_utc(candidates: list[Candidate]) -> set[str]:
    """Days beside those of moments in UTC that are the same moment's somewhere on earth."""
    days: set[str] = set()
    for one in candidates:
        if one.position is None and one.value[19:] == "+00:00":
            moment = datetime.fromisoformat(one.value)
            days.update((moment + timedelta(hours=hours)).date().isoformat() for hours in (-12, 14))
    return days
