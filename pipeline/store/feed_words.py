"""How feeds fare, judged where they lie: one word each, of which thousands are counted in milliseconds.

The words are those of `workers.feed_health`, which says in sentences why; a test holds that the two agree.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, or_, select, tuple_

from pipeline.model import Feed
from pipeline.schedule.health import (
    FEED_WORDS,
    LATE_LEAST,
    LATE_SHARE,
    OVERFLOW_SECONDS,
    SILENT_LEAST,
    SILENT_RHYTHMS,
)
from pipeline.store import subscriptions
from pipeline.store.paging import Listing, Number, Order
from pipeline.store.schema import feeds

_ORDER = Order("urgent feeds", tuple[Number, Number])


def count_by_word(connection: Connection, now: float) -> dict[str, int]:
    """How many feeds each word is said of; words that are said of none are left out."""
    place = _place(now).label("place")
    found = connection.execute(select(place, func.count()).group_by(place).order_by(place))
    return {FEED_WORDS[number]: count for number, count in found}


def urgent(
    connection: Connection, now: float, word: str | None, limit: int, cursor: str | None
) -> Listing[Feed]:
    """Feeds, the most pressing first, of one word or of any. Raises CursorError."""
    place = _place(now).label("place")
    judged = select(place, feeds.c.id).subquery()
    query = select(judged).order_by(judged.c.place, judged.c.id).limit(limit + 1)
    if word is not None:
        number = FEED_WORDS.index(word) if word in FEED_WORDS else len(FEED_WORDS)
        query = query.where(judged.c.place == number)
    if cursor is not None:
        last = tuple_(*(literal(value) for value in _ORDER.place(cursor)))
        query = query.where(tuple_(judged.c.place, judged.c.id) > last)
    page = _ORDER.page(connection.execute(query).all(), limit, lambda row: (row.place, row.id))
    found = {feed.id: feed for feed in subscriptions.read(connection, [row.id for row in page])}
    return Listing([found[row.id] for row in page if row.id in found], page.next)


def _place(now: float) -> ColumnElement[int]:
    """The number of a feed's word among `FEED_WORDS`."""
    overdue, columns = now - feeds.c.due_at, feeds.c
    quiet = columns.last_success_at - columns.last_new_at
    silent = and_(
        columns.last_success_at.is_not(None),
        or_(
            columns.entries_seen == 0,
            columns.listed == 0,
            and_(quiet > SILENT_LEAST, quiet > SILENT_RHYTHMS * columns.rhythm),
        ),
    )
    rules: dict[str, ColumnElement[Any]] = {
        "gone": columns.state == "gone",
        "paused": columns.state == "paused",
        "failing": or_(columns.errors > 0, columns.problem.is_not(None)),
        "late": and_(overdue > LATE_LEAST, overdue > LATE_SHARE * columns.interval),
        "overflow": now - columns.last_overflow_at < OVERFLOW_SECONDS,
        "silent": silent,
        "new": columns.last_success_at.is_(None),
    }
    return case(*((rule, FEED_WORDS.index(word)) for word, rule in rules.items()), else_=len(FEED_WORDS) - 1)
