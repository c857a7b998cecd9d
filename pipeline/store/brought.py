"""What the latest polls of a feed brought: its newest entries, as the items that became of them.

No index has items by their feed, which every item would pay for. It takes none: the job of a poll begins
at the moment that the feed's history tells of the poll, and the ids of jobs begin with that moment.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from pipeline import packing
from pipeline.model import Entry, Feed
from pipeline.store.acceptance import new_job_id
from pipeline.store.leading import is_one
from pipeline.store.rows import read_item_row
from pipeline.store.schema import items, jobs
from pipeline.store.shown import Brought
from pipeline.store.wording import storable

#: of a job's id, what is left to chance
_CHANCE = 0xFFFFF


def brought(connection: Connection, feed: Feed, limit: int) -> list[Brought]:
    """The newest first. Entries whose page was had for another feed before made no item."""
    found: list[Brought] = []
    for job in _jobs(connection, feed):
        query = select(items).where(is_one(connection, items.c.job, job))
        query = query.order_by(items.c.job.desc(), items.c.id.desc()).limit(limit - len(found))
        for row in connection.execute(query).mappings():
            title = packing.unpack(row["entry"], Entry).title if row["entry"] else None
            found.append(Brought(item=read_item_row(row), title=title))
        if len(found) >= limit:
            break
    return found


def _jobs(connection: Connection, feed: Feed) -> Iterator[str]:
    """The jobs of the polls that are known to have brought something, the newest first."""
    times = {poll.at for poll in feed.history if poll.new}
    times |= {feed.last_new_at} if feed.last_new_at is not None else set()
    sources = [storable(feed.url)]
    query = select(jobs.c.id, jobs.c.sources).order_by(jobs.c.id.desc())
    # One by one: of several spans and an order SQLite makes a walk through all jobs.
    for at in sorted(times, reverse=True):
        # Polls that were written together have jobs of one moment.
        span = jobs.c.id.between(new_job_id(at, 0), new_job_id(at, _CHANCE))
        yield from [row.id for row in connection.execute(query.where(span)) if row.sources == sources]


__all__ = ["brought"]
