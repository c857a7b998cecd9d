"""Queries that run all the time find their rows by an index: a million items must not slow them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import Engine, event
from store_line import FINAL, NOW, address, article, handed, job_of, linked, run

from pipeline.model import Polled
from pipeline.settings import Settings
from pipeline.store import Chosen, Store, open_store
from pipeline.store.contract import ArticleFilter


@pytest.fixture
def filled(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    copy(sqlite_template, tmp_path)
    store = open_store(Settings(data_dir=tmp_path))
    run(store, [(handed("a"), article("a")), (handed("b"), article("b")), (linked("c"), FINAL)])
    job_of(store, [handed("d"), handed("e")])
    store.add_feed(address("feed"), NOW)
    yield store
    store.close()


def finish_one(store: Store) -> object:
    return run(store, [(handed("a", "new"), article("new")), (handed("f"), article("a"))])


def test_a_job_of_a_million_items_is_not_read_for_the_few_that_are_in_flight(filled: Store) -> None:
    for plan in plans_of(lambda: filled.job_items_in_flight(filled.jobs()[0].job)):
        assert "ix_items_job" not in plan


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.accept(store.jobs()[0].job, [handed("g")], NOW),
        lambda store: store.admit(10, NOW),
        lambda store: (store.admit(10, NOW), store.load(store.in_flight())),
        lambda store: store.job_items_in_flight("job"),
        lambda store: store.load_pages(["digest"]),
        lambda store: store.seen([address("a")]),
        lambda store: store.expand(1, [handed("x")], NOW),
        finish_one,
        lambda store: store.next_due(NOW),
        lambda store: store.job_status("job"),
        lambda store: store.article(1),
        lambda store: store.articles(),
        lambda store: store.articles(wanted=ArticleFilter(stored_since=NOW)),
        lambda store: store.articles(wanted=ArticleFilter(job="job")),
        lambda store: store.articles(wanted=ArticleFilter(site="example.com")),
        lambda store: store.articles(wanted=ArticleFilter(site="A Site")),
        lambda store: store.articles(wanted=ArticleFilter(language="en-GB")),
        lambda store: store.articles(wanted=ArticleFilter(agency="Reuters")),
        lambda store: store.articles(wanted=ArticleFilter(author="Lopes")),
        lambda store: store.facets(),
        lambda store: store.items(job="job"),
        lambda store: store.items(job="job", outcome="failed"),
        lambda store: store.jobs(),
        lambda store: store.totals(),
        lambda store: store.end_jobs(NOW),
        lambda store: store.find_items("4"),
        lambda store: store.find_items(address("a")),
        lambda store: store.find_items("https://www.example.com/nowhere/"),
        lambda store: store.find_items("a part of a name"),
        lambda store: store.trail([address("a")]),
        lambda store: store.guesses([address("a")], "on a ferry"),
        lambda store: store.around(1),
        lambda store: store.failures(),
        lambda store: store.failures(Chosen(code="gone", host="example.com")),
        lambda store: store.retry(NOW, Chosen(code="gone")),
        lambda store: store.retry(NOW, Chosen(item=3)),
        lambda store: store.retry(NOW, Chosen(job="job")),
        lambda store: store.retry(NOW, Chosen()),
        lambda store: store.failures(Chosen(stage="fetch", since=NOW, before=NOW + 1)),
        lambda store: store.retry(NOW, Chosen(host="example.com", since=NOW)),
        lambda store: store.retryable(Chosen()),
        lambda store: store.waiting(NOW),
        lambda store: store.waiting(NOW, job="job"),
        lambda store: store.claim_feeds(10, NOW, 60),
        lambda store: store.defer(dict.fromkeys(store.admit(10, NOW), NOW)),
        lambda store: store.deleted([address("a")]),
        lambda store: (store.delete_article(1, NOW), finish_one(store)),
        lambda store: (store.delete_article(1, NOW), store.forget_deleted(address("a"))),
        lambda store: store.feed_of_websub("token"),
        lambda store: store.change_feed(1, NOW, state="paused"),
        lambda store: store.feeds_polled([Polled(feed=1, found=address("x"), items=[linked("x")])], NOW),
        lambda store: store.feeds_polled([Polled(feed=1, items=[linked("x")])], NOW),
    ],
)  # fmt: skip
def test_no_query_reads_a_whole_table(filled: Store, ask: Callable[[Store], object]) -> None:
    plans = plans_of(lambda: ask(filled))
    scans = [
        plan
        for plan in plans
        for table in (
            "items",
            "jobs",
            "articles",
            "pages",
            "names",
            "simhash_bands",
            "feed_entries",
            "feeds",
            "tombstones",
        )
        if plan.startswith(f"SCAN {table}") and "INDEX" not in plan.partition("  <-  ")[0]
    ]
    assert plans
    assert not scans


def plans_of(ask: Callable[[], object]) -> list[str]:
    plans: list[str] = []

    def explain(_connection, cursor, statement, parameters, _context, many) -> None:  # type: ignore[no-untyped-def]
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            row = parameters[0] if many else parameters
            asked = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", row)
            plans.extend(f"{line[3]}  <-  {statement}" for line in asked)

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        ask()
    finally:
        event.remove(Engine, "before_cursor_execute", explain)
    return plans


def test_a_search_in_a_job_is_planned_for_that_job(postgres_database: str) -> None:
    # After some executions PostgreSQL would keep a plan for the usual job.
    store = open_store(Settings(database_url=postgres_database))
    run(store, [(handed("a"), article("a"))])
    said: list[Any] = []

    def note(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if "article_words" in statement:
            said.append(cursor.connection.execute("SHOW plan_cache_mode").fetchone())

    event.listen(Engine, "before_cursor_execute", note)
    try:
        store.articles(search="a", wanted=ArticleFilter(job="job"))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert set(said) == {("force_custom_plan",)}
    store.close()
