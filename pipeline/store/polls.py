"""What polls brought: each feed's new state, and jobs with the items of new and changed entries.

`pipeline.schedule.after_poll` judges; this module writes. One transaction for a batch of polls, so
that a poll that brings nothing costs its share of three statements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from random import Random
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from pipeline.model import Feed, NewItem, Polled, Problem
from pipeline.schedule import after_poll
from pipeline.settings import Settings
from pipeline.store import deletion, entries
from pipeline.store.acceptance import Batch, chunks, close_job, open_job
from pipeline.store.counting import count
from pipeline.store.entries import Sifted
from pipeline.store.rows import feed_row, insert_new_from, read_feed, timestamp
from pipeline.store.schema import articles, feed_entries, feeds, is_in_flight, is_pending, items, names
from pipeline.store.subscriptions import feed_key
from pipeline.store.wording import storable, storable_key

_LOCK = (
    select(feeds)
    .where(feeds.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(feeds.c.id)
    .with_for_update()
)
_HAD = (
    select(names.c.key, articles.c.fetched_at)
    .join(articles, articles.c.id == names.c.article_id)
    .where(names.c.key.in_(bindparam("keys", expanding=True)), articles.c.source != bindparam("feed"))
)
_ON_THE_WAY = select(items.c.key).where(
    items.c.key.in_(bindparam("keys", expanding=True)),
    or_(is_pending, is_in_flight),
    items.c.source != bindparam("feed"),
)
_WRITE = (
    update(feeds)
    .where(feeds.c.id == bindparam("of_feed"))
    .values({name: bindparam(name) for name in feed_row(Feed(id=0, url=""))})
)


def write(
    connection: Connection,
    polled: Sequence[Polled],
    now: float,
    settings: Settings,
    random: Random,
    ahead: Mapping[int, Ahead] = {},
) -> list[tuple[str | None, int]]:
    """Write a batch of polls; (job or None, number of items) for each. A feed that was removed
    meanwhile brings nothing. ``ahead``: what was written of large ones already."""
    locked = connection.execute(_LOCK, {"ids": list({one.feed for one in polled})}).mappings()
    batch = Batched(connection, {row["id"]: read_feed(row) for row in locked}, now)
    answers: list[tuple[str | None, int]] = []
    for one in polled:
        feed = batch.feeds.get(one.feed)
        if feed is None:
            answers.append((None, 0))
            continue
        done = ahead.get(one.feed)
        items = () if one.problem or done else one.items
        sifted = done.sifted if done else entries.sift(connection, feed.id, items, now)
        after = after_poll(feed, one, sifted.new, sifted.listed, now, settings, random)
        answer = batch.take(feed, after, items, sifted)
        if done and done.job:
            close_job(connection, done.job)
            answer = done.job, done.number
        answers.append(answer)
    batch.end()
    return answers


class Ahead(NamedTuple):
    """What of a large poll has its rows already (`pipeline.store.large_polls`)."""

    #: what is left to write: nothing but the entries that were given up; with the counts of all
    sifted: Sifted
    #: the job that has the items, still open; None: no item came of it
    job: str | None
    number: int


class Batched:
    """Feeds under lock, and what the polls make of them; written at the end."""

    def __init__(self, connection: Connection, feeds: dict[int, Feed], now: float) -> None:
        self.connection = connection
        self.feeds = feeds
        self.now = now
        self.changed: dict[int, Feed] = {}
        self.counts: dict[str, Counter[str]] = {}

    def take(
        self, before: Feed, after: Feed, items: Sequence[NewItem], sifted: Sifted
    ) -> tuple[str | None, int]:
        """One poll's feed as it is from now on, its entries, and the job of those that are news."""
        self._change(after)
        if after.url != before.url:
            there = self._move(after)
            if there:
                after, sifted = self._merge(before, after, there, items)
        entries.write(self.connection, after.id, sifted)
        return self._job(after, self.wanted(after, sifted))

    def end(self) -> None:
        if self.changed:
            rows = [feed_row(feed) | {"of_feed": number} for number, feed in sorted(self.changed.items())]
            self.connection.execute(_WRITE, rows)
        count(self.connection, self.counts)

    def _change(self, feed: Feed) -> None:
        self.feeds[feed.id] = self.changed[feed.id] = feed

    def _move(self, feed: Feed) -> Feed | None:
        """Give a feed that moved the key of its new address, or tell which other feed has it."""
        key = feed_key(feed.url)
        there = self._subscribed(key, feed)
        if there is None:
            try:
                with self.connection.begin_nested():
                    self.connection.execute(update(feeds).where(feeds.c.id == feed.id).values(key=key))
            except IntegrityError:
                # Somebody subscribed to it just now.
                there = self._subscribed(key, feed)
        return there

    def _subscribed(self, key: str, besides: Feed) -> Feed | None:
        query = select(feeds).where(feeds.c.key == key, feeds.c.id != besides.id).with_for_update()
        row = self.connection.execute(query).mappings().first()
        return self.feeds.get(row["id"], read_feed(row)) if row else None

    def _merge(self, before: Feed, after: Feed, there: Feed, items: Sequence[NewItem]) -> tuple[Feed, Sifted]:
        """The feed that has the address already goes on, and knows what the other one had seen.

        The other keeps its row, `gone`, and says why: nobody's subscription vanishes in silence.
        """
        seen = select(
            literal(there.id), feed_entries.c.entry_key, feed_entries.c.digest, feed_entries.c.first_seen_at
        ).where(feed_entries.c.feed_id == before.id)
        taken_over = insert_new_from(self.connection, feed_entries, seen)
        sifted = entries.sift(self.connection, there.id, items, self.now)
        message = f"It has moved to {there.url}, which is subscribed already (feed {there.id})."
        self._change(
            msgspec.structs.replace(
                after, url=before.url, state="gone", problem=Problem(code="gone", message=message)
            )
        )
        there = msgspec.structs.replace(there, entries_seen=there.entries_seen + taken_over + sifted.new)
        if there.state == "gone":
            # Its address answers: whatever was wrong with it is over.
            there = msgspec.structs.replace(there, state="active", errors=0, problem=None, due_at=self.now)
        self._change(there)
        return there, sifted

    def _unknown(self, feed: Feed, sifted: Sifted) -> list[NewItem]:
        """Less entries that are new to this feed only: their page was had already for another source,
        under the same address, and they do not say that it changed since; or it is about to be had.
        No page is fetched twice for two feeds."""
        keys = [
            storable_key(item.key)
            for item in sifted.fresh
            if item.key in sifted.strangers and item.content is None and not item.problem
        ]
        had: dict[str, float] = {}
        for some in chunks(keys):
            asked = {"keys": some, "feed": storable(feed.url)}
            had.update((row.key, row.fetched_at) for row in self.connection.execute(_HAD, asked))
            had.update((row.key, self.now) for row in self.connection.execute(_ON_THE_WAY, asked))
        if not had:
            return sifted.fresh
        strangers = set(keys)
        return [item for item in sifted.fresh if not _is_had(item, strangers, had)]

    def wanted(self, feed: Feed, sifted: Sifted) -> list[NewItem]:
        """What becomes items: news whose page was not had already, and whose article was not deleted."""
        fresh = self._unknown(feed, sifted)
        if fresh and self._anything_deleted:
            gone = deletion.deleted(self.connection, {item.key for item in fresh})
            fresh = [item for item in fresh if item.key not in gone]
        return fresh

    def _job(self, feed: Feed, fresh: Sequence[NewItem]) -> tuple[str | None, int]:
        """A job of the items, closed at once."""
        if not fresh:
            return None, 0
        job = open_job(self.connection, [feed.url], self.now, None)
        counts: Counter[str] = Counter()
        # A part at a time: the rows and compressed pages of a whole feed may be many megabytes.
        for some in chunks(fresh):
            part = Batch(job, some, self.now)
            part.write(self.connection)
            counts += part.counts
        self.counts[job] = counts
        return job, len(fresh)

    @cached_property
    def _anything_deleted(self) -> bool:
        return self.connection.execute(deletion.HIGHEST).scalar() is not None


def _is_had(item: NewItem, strangers: set[str], had: dict[str, float]) -> bool:
    key = storable_key(item.key)
    if key not in strangers or key not in had:
        return False
    updated = timestamp(item.entry.updated) if item.entry else None
    return updated is None or updated <= had[key]
