"""A large deployment, made in minutes: everything by the database's own way to many rows."""

from __future__ import annotations

import itertools
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.pages import rows
from benchmarks.pages.bulk import Bulk
from benchmarks.pages.population import Job, Sizes, jobs
from pipeline.store.database import Database
from pipeline.store.sql import SqlStore

#: articles made and written at once
_AT_ONCE = 2_000
#: processes that make them
_MAKERS = 2


def fill(store: SqlStore, sizes: Sizes, say: Callable[[str], None]) -> None:
    """Put a population into a store whose schema is there and empty."""
    database = store._database
    bulk, all_jobs = Bulk(database), list(jobs(sizes))
    began = time.monotonic()

    def told(what: str) -> None:
        say(f"  {time.monotonic() - began:5.0f} s  {what}")

    with bulk.without_indexes():
        bulk.write("jobs", (rows.job_row(job, sizes) for job in all_jobs))
        bulk.write("feeds", rows.feed_rows(sizes))
        bulk.write("feed_entries", rows.entry_rows(sizes))
        told(f"{len(all_jobs):,} jobs, {sizes.feeds:,} feeds")
        digests = _articles(bulk, database, all_jobs, sizes, told)
        bulk.write("items", rows.item_rows(all_jobs, sizes, digests))
        told(f"{sizes.items:,} items")
    told("indexes")
    bulk.settle()
    # Ended jobs are added up five thousand at a time.
    for _ in range(1 + len(all_jobs) // 5_000):
        store.end_jobs(sizes.now)
    told("statistics and sums")


def _articles(
    bulk: Bulk, database: Database, all_jobs: list[Job], sizes: Sizes, told: Callable[[str], None]
) -> dict[int, str]:
    """Articles, pages, names, bands and words; the digests of the pages by article."""
    digests: dict[int, str] = {}
    orders = _orders(all_jobs, sizes, database.is_sqlite)
    with _makers(sizes.articles) as make:
        while some := make(list(itertools.islice(orders, _AT_ONCE))):
            bulk.write("pages", (one.page for one in some))
            bulk.write("articles", (one.article for one in some))
            bulk.write("names", (row for one in some for row in one.names))
            bulk.write("simhash_bands", (row for one in some for row in one.bands))
            bulk.write("article_words", (one.words for one in some))
            digests.update((one.article["id"], one.page["digest"]) for one in some)
            if len(digests) % 20_000 == 0:
                told(f"{len(digests):,} articles")
    return digests


@contextmanager
def _makers(articles: int) -> Iterator[Callable[[list[rows.Order]], list[rows.Made]]]:
    """What makes articles; a few are made before other processes have begun."""
    if articles <= _AT_ONCE:
        yield lambda some: [rows.made(one) for one in some]
        return
    with multiprocessing.get_context("spawn").Pool(_MAKERS) as makers:
        yield lambda some: makers.map(rows.made, some, chunksize=100)


def _orders(all_jobs: list[Job], sizes: Sizes, in_sqlite: bool) -> Iterator[rows.Order]:
    number = 0
    for job in all_jobs:
        for place, kind in enumerate(job.kinds):
            if kind == "stored":
                number += 1
                at = rows.ended_at(job, place)
                yield rows.Order(number, job.first + place, job.id, at, sizes.feeds, in_sqlite)
