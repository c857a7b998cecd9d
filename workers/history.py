"""What ended in the last hour and day, as bars of a chart. Pure, but for the readings that it is given.

A reading tells the totals at the beginning of a minute (`pipeline.store.readings`); what ended in
between is their difference. Where readings are missing, because nobody looked, it is not known when
something ended: that is a gap in the chart, and never a bar that is too high.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.model import OUTCOMES, Counts, JobStatus, Value
from pipeline.store.contract import Store
from pipeline.store.readings import MINUTE, Reading

HOUR, DAY = 3600.0, 86_400.0
#: readings that are so many minutes apart belong together: a tick may take longer than a minute
MOST_APART = 3


class Bar(Value, frozen=True, kw_only=True, omit_defaults=False):
    """What ended in one part of a chart."""

    #: Unix seconds
    start: float
    #: None: not known, nobody looked
    outcomes: Counts | None


class Chart(Value, frozen=True, kw_only=True, omit_defaults=False):
    """What ended in a span of time."""

    #: of one bar
    seconds: float
    #: oldest first
    bars: list[Bar]
    #: of all bars that are known
    outcomes: Counts
    #: what is not known (s)
    unknown_seconds: float

    @property
    def highest(self) -> int:
        """What ended in the highest bar."""
        return max((bar.outcomes.total for bar in self.bars if bar.outcomes), default=0)


def last_hour(store: Store, now: float) -> Chart:
    """In bars of a minute, the last of which goes on. Raises StoreError."""
    return chart(store.readings(now - HOUR - MOST_APART * MINUTE), store.totals(), now, HOUR, MINUTE)


def last_day(store: Store, now: float) -> Chart:
    """In bars of fifteen minutes, the last of which goes on. Raises StoreError."""
    return chart(store.readings(now - DAY - MOST_APART * MINUTE), store.totals(), now, DAY, 15 * MINUTE)


def chart(readings: Sequence[Reading], totals: JobStatus, now: float, span: float, seconds: float) -> Chart:
    """The bars of ``span`` seconds up to now; ``totals``: as they are now. Both spans are in minutes."""
    this = int(now // MINUTE)
    known = [one for one in readings if one.at <= this * MINUTE]
    present = Reading(at=(this + 1) * MINUTE, items=0, in_flight=0, outcomes=totals.outcomes)
    minutes: dict[int, Counts] = {}
    for before, after in pairwise([*known, present]):
        minutes |= dict(_between(before, after))
    each = int(seconds // MINUTE)
    last = this // each
    bars = []
    for number in range(last - int(span // seconds) + 1, last + 1):
        found = [minutes[one] for one in range(number * each, (number + 1) * each) if one in minutes]
        bars.append(Bar(start=number * seconds, outcomes=_sum(found) if found else None))
    first = bars[0].start / MINUTE
    told = [counts for minute, counts in minutes.items() if first <= minute <= this]
    unknown = (this + 1 - first - len(told)) * MINUTE
    return Chart(seconds=seconds, bars=bars, outcomes=_sum(told), unknown_seconds=unknown)


def _between(before: Reading, after: Reading) -> Iterator[tuple[int, Counts]]:
    """What ended in each minute between two readings; nothing where they are too far apart."""
    first, apart = int(before.at // MINUTE), int((after.at - before.at) // MINUTE)
    if apart > MOST_APART:
        return
    # What failed and is tried again is taken out of the totals: nothing un-ended in that minute.
    ended = {
        name: max(0, getattr(after.outcomes, name) - getattr(before.outcomes, name)) for name in OUTCOMES
    }
    for n in range(apart):
        shares = {name: all_ * (n + 1) // apart - all_ * n // apart for name, all_ in ended.items()}
        yield first + n, Counts(**shares)


def _sum(some: Sequence[Counts]) -> Counts:
    return Counts(**{name: sum(getattr(one, name) for one in some) for name in OUTCOMES})


__all__ = ["DAY", "HOUR", "MOST_APART", "Bar", "Chart", "chart", "last_day", "last_hour"]
