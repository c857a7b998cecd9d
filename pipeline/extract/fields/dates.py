"""When the article was published and changed.

Every source votes for a day (`pipeline.extract.dates.votes`); the winner's time of day and zone come from the
most trusted source that has them. Dates in the future, the days that programs write when they know none, and
changes before publication are dropped. Where only a change is known, it is taken for the publication, too:
the page shows no earlier day.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta, timezone

from pipeline.extract.candidate import Candidate
from pipeline.extract.dates.votes import SURE, Votes
from pipeline.extract.merge import Merge
from pipeline.extract.readers.address import month_in_address

#: days that programs write when they know none
_DEFAULTS = frozenset(("1970-01-01", "1969-12-31", "1900-01-01", "1899-12-30", "1899-12-31", "1980-01-01"))
#: no page is older, nor are the newspapers that archives show
_FIRST = "1600"
_ELSEWHERE = re.compile(r"outside|after")
#: the most that clocks and zones may be ahead of the fetch
_AHEAD = timedelta(days=1)
_DAY = timedelta(days=1)


def decide(merge: Merge) -> None:
    """The day with the most votes, in the words of the most trusted source that gives its time."""
    latest = _latest(merge)
    headline = _headline(merge)
    month = month_in_address(merge.document.url)
    published = [one for one in merge.of("published_at") if _is_sane(one.value, latest)]
    modified = [one for one in merge.of("modified_at") if _is_sane(one.value, latest)]
    changes = Votes(modified, headline, None, set())
    change = _elected(changes, modified)
    changed = {one.value[:10] for one in modified if one.source != "http:last-modified"}
    best = _elected(Votes(published, headline, month, changed), published)
    if best is None and change is not None and changes.shown(changes.winner() or "") >= SURE:
        # A template's date of publication is better than that of the change, now that the page shows one.
        first = next((one for one in published if one.note == "page"), None)
        best = first if first is not None and _is_later(change.value, first.value) else change
    if best is not None:
        merge.set("published_at", best.value, best.source)
    if change is not None and (best is None or _is_later(change.value, best.value)):
        merge.set("modified_at", change.value, change.source)


def _elected(votes: Votes, candidates: list[Candidate]) -> Candidate | None:
    """The candidate to take, None when no day has votes enough."""
    day = votes.winner()
    if day is None:
        return None
    beside = _beside_midnight(day, candidates)
    if beside is not None:
        return beside
    every = votes.of(day)
    # Of the same day, but not of this article, are the times beside teasers.
    its = [one for one in every if one.position is None or not _ELSEWHERE.search(one.note)] or every
    for length in (19, 10):
        fuller = [one for one in its if len(one.value) > length]
        if fuller:
            return next((one for one in fuller if one.value[:10] == day), fuller[0])
    return next((one for one in its if one.value[:10] == day), its[0])


def _beside_midnight(day: str, candidates: list[Candidate]) -> Candidate | None:
    """For a day on show, the machine's moment on the day before or after, where its zone explains that.

    A moment with the zone of its place is right as written: what is on show is then that of the print. One
    in UTC is given the offset that the time on show has, or none can be found.
    """
    its = [one for one in candidates if one.value[:10] == day]
    if any(len(one.value) > 19 for one in its):
        return None
    for one in candidates:
        if one.position is not None or one.source == "entry" or len(one.value) <= 19:
            continue
        moment = datetime.fromisoformat(one.value)
        if abs(moment.date() - date.fromisoformat(day)) != _DAY:
            continue
        if moment.utcoffset():
            return one
        local = _in_zone_on_show(moment, its)
        if local is not None:
            return one._replace(value=local.isoformat())
    return None


def _in_zone_on_show(moment: datetime, shown: list[Candidate]) -> datetime | None:
    """A moment with the offset by which a time on show differs, if that can be one."""
    for one in shown:
        if len(one.value) == 19:
            apart = datetime.fromisoformat(one.value).replace(tzinfo=UTC) - moment.replace(second=0)
            minutes = round(apart.total_seconds() / 60)
            if minutes % 15 == 0 and abs(minutes) <= 14 * 60:
                return moment.astimezone(timezone(timedelta(minutes=minutes)))
    return None


def _headline(merge: Merge) -> int | None:
    """Where the main headline stands."""
    found = [
        one["at"] for one in merge.document.signals.get("shown", ())
        if one["tag"] == "h1" and one["place"] in ("before", "inside") and one["at"] <= 2
    ]  # fmt: skip
    return max(found, default=None)


def _latest(merge: Merge) -> datetime:
    at = merge.document.signals.get("fetched_at") or time.time()
    return datetime.fromtimestamp(at, UTC) + _AHEAD


def _is_sane(value: str, latest: datetime) -> bool:
    try:
        return value[:10] not in _DEFAULTS and value >= _FIRST and _moment(value) <= latest
    except ValueError:
        # A feed may say anything.
        return False


def _is_later(value: str, other: str) -> bool:
    if min(len(value), len(other)) <= 10:
        return value[:10] > other[:10]
    return _moment(value) > _moment(other)


def _moment(value: str) -> datetime:
    if len(value) <= 10:
        day = date.fromisoformat(value)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
