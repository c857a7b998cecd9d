"""Readings: what there was in all at a minute, one row for each minute in which somebody looked.

They outlive restarts and an emptied Redis. A minute without a row is one in which nobody looked.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, or_, select

from pipeline.model import OUTCOMES, Counts, Value
from pipeline.store import tallying
from pipeline.store.rows import insert_or_replace
from pipeline.store.schema import COUNTERS, readings

#: a reading stands for this long (s)
MINUTE = 60.0
#: readings are kept for this long (s): a week, and the day that is compared with it
KEPT_SECONDS = 8 * 86_400.0


class Reading(Value, frozen=True, kw_only=True, omit_defaults=False):
    """The totals at the beginning of a minute. An outcome may be less than it was before: what failed
    is tried again."""

    #: Unix seconds of that beginning
    at: float
    items: int
    in_flight: int
    outcomes: Counts


def note(connection: Connection, now: float) -> Reading:
    """Write the totals down for the minute of now, and drop what is old, or lies ahead of a clock that
    went back."""
    minute = int(now // MINUTE)
    told = tallying.sums(connection)
    row = {"minute": minute} | {name: int(told[name]) for name in COUNTERS}
    insert_or_replace(connection, readings, [row])
    old = minute - int(KEPT_SECONDS // MINUTE)
    connection.execute(delete(readings).where(or_(readings.c.minute < old, readings.c.minute > minute)))
    return _read(row)


def since(connection: Connection, at: float) -> list[Reading]:
    """The readings of the minutes from this time on, oldest first."""
    query = select(readings).where(readings.c.minute >= int(at // MINUTE)).order_by(readings.c.minute)
    return [_read(dict(row)) for row in connection.execute(query).mappings()]


def _read(row: dict[str, int]) -> Reading:
    return Reading(
        at=row["minute"] * MINUTE,
        items=row["items"],
        in_flight=row["in_flight"],
        outcomes=Counts(**{name: row[name] for name in OUTCOMES}),
    )


__all__ = ["KEPT_SECONDS", "MINUTE", "Reading", "note", "since"]
