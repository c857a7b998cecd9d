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
from pipeline.store.wording import storable
from pipeline.urls import without_password

_ORDER = Order("urgent feeds", tuple[Number, Number])


def count_by_word(connection: Connection, now: float, part: str | None = None) -> dict[str, int]:
    """How many feeds each word is said of, of all or of those that are called so; words that are said of
    none are left out."""
    place = _place(now).label("place")
    counted = select(place, func.count()).group_by(place).order_by(place)
    found = connection.execute(counted if part is None else counted.where(_is_called(connection, part)))
    return {FEED_WORDS[number]: count for number, count in found}


def urgent(
    connection: Connection,
    now: float,
    word: str | None,
    limit: int,
    cursor: str | None,
    part: str | None = None,
) -> Listing[Feed]:
    """Feeds, the most pressing first, of one word or of any, that are called so. Raises CursorError."""
    place = _place(now).label("place")
    named = select(place, feeds.c.id)
    judged = (named if part is None else named.where(_is_called(connection, part))).subquery()
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


def _is_called(connection: Connection, part: str) -> ColumnElement[bool]:
    """That a feed's name or address holds some text, whatever its case. All feeds are looked through: they
    are thousands, each with two short texts. A password in an address is not looked at, or who may only
    read could find it out letter by letter."""
    told, columns = storable(part), feeds.c
    may_hide = columns.url.contains("@")
    hiding = connection.execute(select(columns.id, columns.url).where(may_hide))
    open_ = [row.id for row in hiding if told.lower() in without_password(row.url).lower()]
    return or_(
        columns.title.icontains(told, autoescape=True),
        and_(~may_hide, columns.url.icontains(told, autoescape=True)),
        columns.id.in_(open_),
    )


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
