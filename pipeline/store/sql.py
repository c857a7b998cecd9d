"""The store on SQLite and PostgreSQL: each method is one transaction around one function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Any, Literal

from pipeline.model import (
    Ending,
    Feed,
    Finished,
    Item,
    JobStatus,
    NewItem,
    Polled,
    Problem,
    Step,
    WebSub,
)
from pipeline.settings import Settings
from pipeline.store import (
    acceptance,
    brought,
    cancelling,
    dead_letters,
    deletion,
    feed_words,
    finishing,
    flight,
    keeping,
    large_polls,
    library,
    orders,
    people,
    readings,
    reprocessing,
    setback,
    subscriptions,
    upkeep,
)
from pipeline.store.article_filter import ALL_ARTICLES, ArticleFilter, Facets
from pipeline.store.condition import Condition, condition
from pipeline.store.contract import (
    ArticleRow,
    Brought,
    Chosen,
    Failures,
    FeedName,
    ItemRow,
    Kept,
    NewPage,
    Order,
    Seen,
    Waiting,
)
from pipeline.store.database import Database
from pipeline.store.paging import Listing
from pipeline.store.readings import Reading
from pipeline.store.schema import REVISION
from pipeline.store.sql_lookups import SqlLookups


class SqlStore(SqlLookups):
    """A `pipeline.store.contract.Store`. Not to be carried over a fork; safe between threads.

    ``random`` spreads retries and polls; tests pass a seeded one.
    """

    def __init__(self, settings: Settings, random: Random | None = None, *, probe: bool = True) -> None:
        self._settings = settings
        self._random = random or Random()
        self._database = Database(settings.effective_database_url, probe=probe, revision=REVISION)

    # -- acceptance
    def open_job(self, sources: Sequence[str], now: float, accepting_until: float) -> str:
        with self._database.writing() as connection:
            return acceptance.open_job(connection, sources, now, accepting_until)

    def accept(
        self, job: str, items: Sequence[NewItem], now: float, accepting_until: float | None = None
    ) -> int:
        batch = acceptance.Batch(job, items, now)
        with self._database.writing() as connection:
            return acceptance.accept(connection, job, batch, accepting_until)

    def reprocess(self, job: str, of_articles: Sequence[int], now: float, accepting_until: float) -> int:
        with self._database.writing() as connection:
            return reprocessing.reprocess(connection, job, of_articles, now, accepting_until)

    def close_job(self, job: str, now: float, *, sources: Sequence[str] | None = None) -> None:
        with self._database.writing() as connection:
            acceptance.close_job(connection, job, sources)

    def order(self, key: str, now: float) -> Order | None:
        with self._database.reading() as connection:
            return orders.order(connection, key, now)

    def open_order(
        self, key: str, digest: str, sources: Sequence[str], now: float, accepting_until: float
    ) -> Order:
        with self._database.writing(serial=True) as connection:
            return orders.open_order(connection, key, digest, sources, now, accepting_until)

    def order_done(self, key: str, accepted: int) -> None:
        with self._database.writing() as connection:
            orders.order_done(connection, key, accepted)

    # -- flight
    def admit(self, limit: int, now: float) -> list[int]:
        with self._database.writing() as connection:
            return flight.admit(connection, limit, now)

    def in_flight(self) -> list[int]:
        with self._database.reading() as connection:
            return flight.in_flight(connection)

    def load(self, ids: Sequence[int]) -> list[Item]:
        with self._database.reading() as connection:
            return flight.load(connection, ids)

    def item(self, item: int) -> Item | None:
        with self._database.reading() as connection:
            return flight.load_one(connection, item)

    def load_pages(self, digests: Iterable[str]) -> dict[str, bytes]:
        with self._database.reading() as connection:
            return flight.load_pages(connection, digests)

    def seen(self, keys: Iterable[str]) -> dict[str, Seen]:
        with self._database.reading() as connection:
            return flight.seen(connection, keys)

    def keep_pages(self, new: Sequence[NewPage], now: float) -> list[Kept]:
        return keeping.keep(self._database, new, now)

    def expand(self, item: int, entries: Sequence[NewItem], now: float, step: Step | None = None) -> bool:
        with self._database.writing() as connection:
            return flight.expand(connection, item, entries, now, step)

    def finish(self, endings: Sequence[Ending], now: float) -> list[Finished]:
        return finishing.finish(self._database, endings, now, self._settings, self._random)

    def defer(self, due: Mapping[int, float]) -> int:
        with self._database.writing() as connection:
            return flight.defer(connection, due)

    def deleted(self, keys: Iterable[str]) -> set[str]:
        with self._database.reading() as connection:
            return deletion.deleted(connection, keys)

    def delete_article(self, article: int, now: float) -> bool:
        with self._database.writing(serial=True) as connection:
            return deletion.delete_article(connection, article, now)

    def forget_deleted(self, key: str) -> bool:
        with self._database.writing(serial=True) as connection:
            return deletion.forget_deleted(connection, key)

    def end_jobs(self, now: float) -> list[str]:
        with self._database.writing() as connection:
            return flight.end_jobs(connection, now)

    def cancel(self, job: str, now: float) -> bool:
        with self._database.writing() as connection:
            return cancelling.cancel(connection, job, now)

    def being_cancelled(self) -> list[str]:
        with self._database.reading() as connection:
            return cancelling.being_cancelled(connection)

    def end_pending(self, job: str, now: float) -> int:
        with self._database.writing() as connection:
            return cancelling.end_pending(connection, job, now)

    def end_in_flight(self, job: str, ids: Sequence[int], now: float) -> list[int]:
        with self._database.writing() as connection:
            return cancelling.end_in_flight(connection, job, ids, now)

    def turn_back(self, now: float, seconds: float) -> int:
        return setback.turn_back(self._database, now, seconds)

    def accepted_ahead(self, now: float, least: float) -> int:
        with self._database.writing() as connection:
            return setback.accepted_ahead(connection, now, least)

    def next_due(self, now: float) -> float | None:
        with self._database.reading() as connection:
            return flight.next_due(connection)

    def last_due(self, job: str | None = None) -> float | None:
        with self._database.reading() as connection:
            return flight.last_due(connection, job)

    def due_later(self, now: float, job: str | None = None) -> int:
        with self._database.reading() as connection:
            return flight.due_later(connection, now, job)

    # -- feeds
    def add_feed(self, url: str, now: float, interval: float | None = None, title: str | None = None) -> Feed:
        with self._database.writing() as connection:
            return subscriptions.add(connection, url, now, interval, title)

    def feeds(self, ids: Sequence[int] | None = None) -> list[Feed]:
        with self._database.reading() as connection:
            return subscriptions.read(connection, ids)

    def feed_names(self) -> list[FeedName]:
        with self._database.reading() as connection:
            return subscriptions.names(connection)

    def list_feeds(self, limit: int = 100, cursor: str | None = None) -> Listing[Feed]:
        with self._database.reading() as connection:
            return subscriptions.listed(connection, limit, cursor)

    def feed_words(self, now: float, part: str | None = None) -> dict[str, int]:
        with self._database.reading() as connection:
            return feed_words.count_by_word(connection, now, part)

    def urgent_feeds(
        self, now: float, word: str | None = None, limit: int = 100, cursor: str | None = None,
        part: str | None = None,
    ) -> Listing[Feed]:  # fmt: skip
        with self._database.reading() as connection:
            return feed_words.urgent(connection, now, word, limit, cursor, part)

    def brought(self, feed: Feed, limit: int = 30) -> list[Brought]:
        with self._database.asking() as connection:
            return brought.brought(connection, feed, limit)

    def remove_feed(self, feed: int) -> bool:
        with self._database.writing() as connection:
            return subscriptions.remove(connection, feed)

    def touch_feeds(self, ids: Sequence[int] | None, now: float) -> int:
        with self._database.writing() as connection:
            return subscriptions.touch(connection, ids, now)

    def claim_feeds(self, limit: int, now: float, lease: float) -> list[int]:
        with self._database.writing() as connection:
            return subscriptions.claim(connection, limit, now, lease)

    def change_feed(
        self, feed: int, now: float, *, state: str | None = None,
        interval: float | Literal["auto"] | None = None, title: str | None = None,
    ) -> Feed | None:  # fmt: skip
        with self._database.writing() as connection:
            return subscriptions.change(
                connection, feed, now, self._settings, state=state, interval=interval, title=title
            )

    def feeds_polled(self, polled: Sequence[Polled], now: float) -> list[tuple[str | None, int]]:
        return large_polls.write(self._database, polled, now, self._settings, self._random)

    def set_websub(self, feed: int, websub: WebSub | None) -> bool:
        with self._database.writing() as connection:
            return subscriptions.set_websub(connection, feed, websub)

    def feed_of_websub(self, token: str) -> Feed | None:
        with self._database.reading() as connection:
            return subscriptions.feed_of_websub(connection, token)

    # -- for people
    def job_status(self, job: str) -> JobStatus | None:
        with self._database.reading() as connection:
            return people.job_status(connection, job)

    def jobs(
        self, limit: int = 100, *, state: str | None = None, cursor: str | None = None
    ) -> Listing[JobStatus]:
        with self._database.asking() as connection:
            return people.list_jobs(connection, limit, state, cursor)

    def totals(self) -> JobStatus:
        with self._database.reading() as connection:
            return people.totals(connection)

    def note_totals(self, now: float) -> Reading:
        with self._database.writing() as connection:
            return readings.note(connection, now)

    def readings(self, since: float) -> list[Reading]:
        with self._database.reading() as connection:
            return readings.since(connection, since)

    def job_items_in_flight(self, job: str) -> list[int]:
        with self._database.reading() as connection:
            return flight.in_flight(connection, job)

    def articles(
        self,
        *,
        search: str | None = None,
        wanted: ArticleFilter = ALL_ARTICLES,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Listing[ArticleRow]:
        with self._database.asking() as connection:
            return library.list_articles(connection, search, wanted, limit, cursor)

    def facets(self) -> Facets:
        with self._database.reading() as connection:
            return library.facets(connection)

    def export(self, *, since: float | None = None) -> Iterator[dict[str, Any]]:
        return people.export(self._database, since)

    def items(
        self, *, job: str | None = None, state: str | None = None, outcome: str | None = None,
        code: str | None = None, host: str | None = None, part: str | None = None, limit: int = 1000,
        cursor: str | None = None,
    ) -> Listing[ItemRow]:  # fmt: skip
        named = {"job": job, "state": state, "outcome": outcome, "code": code, "host": host}
        with self._database.asking() as connection:
            return people.list_items(connection, named, limit, cursor, part)

    def failures(
        self, chosen: Chosen = Chosen(), *, limit: int = 1000, cursor: str | None = None  # noqa: B008
    ) -> Failures:  # fmt: skip
        with self._database.asking() as connection:
            return dead_letters.failures(connection, chosen, limit, cursor)

    def dead_letters(
        self, chosen: Chosen, *, limit: int = 100, cursor: str | None = None
    ) -> Listing[ItemRow]:
        with self._database.asking() as connection:
            return dead_letters.dead_letters(connection, chosen, limit, cursor)

    def retryable(self, chosen: Chosen) -> int:
        with self._database.asking() as connection:
            return dead_letters.retryable(connection, chosen)

    def retry(self, now: float, chosen: Chosen) -> int:
        return dead_letters.retry(self._database, now, chosen)

    def waiting(self, now: float, *, job: str | None = None) -> list[Waiting]:
        with self._database.asking() as connection:
            return dead_letters.waiting(connection, now, job)

    # -- upkeep
    def check(self) -> list[Problem]:
        return upkeep.check(self._database)

    def schema_problems(self) -> list[Problem]:
        return upkeep.schema_problems(self._database)

    def condition(self, now: float, late: float) -> Condition:
        return condition(self._database, now, late)

    def size(self) -> int:
        return self._database.size()

    def migrate(self) -> None:
        upkeep.migrate(self._database)

    def close(self) -> None:
        self._database.close()
