"""Polls that bring very many new entries, written a part at a time before the poll itself.

A feed of 100,000 entries held SQLite's write lock for seven seconds of CPU, and on a busy machine longer
than others wait for it. So the items of a large poll go into an open job, a part in each transaction,
with the notes of their entries. The last transaction, `polls.write`, then writes the feed's new state and
closes the job.

Killed in between, nothing is lost and nothing doubled: an entry is noted in the transaction that makes
its item, and the feed's state is as it was, so that the next poll reads the feed again and takes up
those that are not noted. The open job ends with what it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sqlalchemy import select

from pipeline.model import Feed, NewItem, Polled
from pipeline.settings import Settings
from pipeline.store import entries, polls
from pipeline.store.acceptance import CHUNK, Batch, accept, chunks, open_job
from pipeline.store.database import Database
from pipeline.store.entries import Noted, Sifted
from pipeline.store.polls import Ahead, Batched
from pipeline.store.rows import read_feed
from pipeline.store.schema import feeds

#: entries of a poll that are looked through and written in the poll's own transaction
LARGE = 2 * CHUNK
#: how long a job stays open for the next part (s): longer than one waits for a lock
SILENCE = 120.0


def write(
    database: Database, polled: Sequence[Polled], now: float, settings: Settings, random: Random
) -> list[tuple[str | None, int]]:
    """Write a batch of polls, of whatever size: `polls.write`, behind what large ones bring."""
    ahead = {one.feed: _write_ahead(database, one, now) for one in polled}
    done = {feed: found for feed, found in ahead.items() if found}
    with database.writing() as connection:
        return polls.write(connection, polled, now, settings, random, done)


def _write_ahead(database: Database, polled: Polled, now: float) -> Ahead | None:
    """Write what is new in a poll of many entries; None: they are for `polls.write` to write.

    A poll that moves its feed is not written ahead: whose entries these are is known at its end.
    """
    if polled.problem or polled.moved_to or polled.found or len(polled.items) <= LARGE:
        return None
    with database.reading() as connection:
        row = connection.execute(select(feeds).where(feeds.c.id == polled.feed)).mappings().first()
        if row is None:
            return None
        feed = read_feed(row)
        sifted = entries.sift(connection, feed.id, polled.items, now)
        wanted = Batched(connection, {feed.id: feed}, now).wanted(feed, sifted)
    return _write(database, feed, sifted, wanted, now)


def _write(database: Database, feed: Feed, sifted: Sifted, wanted: list[NewItem], now: float) -> Ahead:
    job, number = None, 0
    if wanted:
        with database.writing() as connection:
            job = open_job(connection, [feed.url], now, now + SILENCE)
    by_key: dict[str, NewItem] = {}
    for item in wanted:
        by_key.setdefault(entries.entry_key(item), item)
    for part in chunks(sifted.notes):
        number += _write_part(database, feed, part, by_key, job, now)
    return Ahead(sifted.written(), job, number)


def _write_part(
    database: Database, feed: Feed, part: list[Noted], by_key: dict[str, NewItem], job: str | None, now: float
) -> int:
    """Notes and their items in one transaction; returns how many items. Rows are made before it."""
    items = [by_key[note.entry_key] for note in part if note.entry_key in by_key]
    batch = Batch(job, items, now) if job else None
    with database.writing() as connection:
        locked = connection.execute(select(feeds.c.id).where(feeds.c.id == feed.id).with_for_update())
        if locked.first() is None:
            return 0  # unsubscribed meanwhile
        there = entries.noted(connection, feed.id, part)
        if there:
            # Another process polled it at the same time, and was faster.
            part = [note for note in part if note.entry_key not in there]
            items = [by_key[note.entry_key] for note in part if note.entry_key in by_key]
            batch = Batch(job, items, now) if job else None
        if batch and batch.items:
            # A person may have cancelled it: then they end with the others, and can be retried like them.
            accept(connection, batch.job, batch, now + SILENCE, even_cancelled=True)
        entries.write_notes(connection, feed.id, part)
    return len(items)


__all__ = ["LARGE", "write"]
