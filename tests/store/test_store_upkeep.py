"""Migrations, and what `check` finds wrong."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text, update
from store_line import NOW, address, article, handed, job_of, linked, run

from pipeline.errors import StoreError
from pipeline.model import Polled
from pipeline.settings import Settings
from pipeline.store import Store, open_store, patience
from pipeline.store.database import Database
from pipeline.store.schema import REVISION, jobs, metadata


def execute(settings: Settings, statement: object) -> None:
    database = Database(settings.effective_database_url)
    with database.writing() as connection:
        connection.execute(statement)  # type: ignore[call-overload]
    database.close()


def test_the_migrated_schema_is_the_one_in_the_code(store_settings: Settings) -> None:
    database = Database(store_settings.effective_database_url)
    with database.reading() as connection:
        # The full-text index is each database's own: `pipeline.store.search` makes it.
        theirs = {"compare_type": True, "include_name": lambda name, *_: "article_words" not in (name or "")}
        context = MigrationContext.configure(connection, opts=theirs)
        assert compare_metadata(context, metadata) == []
    database.close()


def test_the_partial_indexes_are_the_ones_in_the_code(store_settings: Settings) -> None:
    # Alembic does not compare the conditions of partial indexes.
    database = Database(store_settings.effective_database_url)
    view = ("sqlite_master", "name", "sql") if database.is_sqlite else ("pg_indexes", "indexname", "indexdef")
    expected = {
        "ix_jobs_running": "running",
        "ix_items_pending": "pending",
        "ix_items_in_flight": "in_flight",
        "ix_items_failed": "failed",
        "ix_items_waiting": "code IS NOT NULL",
        "ix_items_outcome": "outcome IS NOT NULL",
        "ix_items_waiting_of_job": "pending",
        "ix_items_code": "code IS NOT NULL",
        "ix_jobs_cancelled": "cancelled",
        "ix_jobs_cancelling": "cancelled_at IS NOT NULL",
        "ix_jobs_untallied": "tallied",
        "ix_feeds_due": "active",
        "ix_articles_near_duplicate_of": "near_duplicate_of",
        "ix_articles_agency": "agency IS NOT NULL",
        "ix_articles_canonical_url": "canonical_url",
        "ix_items_landed": "landed IS NOT NULL",
        "ix_items_name": "name",
    }
    with database.reading() as connection:
        rows = connection.execute(text(f"SELECT {view[1]}, {view[2]} FROM {view[0]}")).all()
    database.close()
    found = {name: value for name, sql in rows for value in [sql and sql.partition(" WHERE ")[2]] if value}
    assert found.keys() == expected.keys()
    assert all(expected[name] in condition for name, condition in found.items())


def test_migrating_twice_changes_nothing(store: Store) -> None:
    run(store, [(handed("a"), article("a"))])
    store.migrate()
    assert store.check() == []
    assert len(store.articles()) == 1


def test_migrations_go_down_and_up_again(store_settings: Settings) -> None:
    from alembic import command

    from pipeline.store.migration import configuration

    database = Database(store_settings.effective_database_url)
    with database.writing() as connection:
        command.downgrade(configuration(connection), "base")
    database.close()
    store = open_store(store_settings)
    store.migrate()
    assert store.check() == []
    store.close()


def test_a_database_of_the_first_version_keeps_what_it_holds(store_settings: Settings) -> None:
    from alembic import command

    from pipeline.store.migration import configuration

    store = open_store(store_settings)
    first, second = run(
        store,
        [
            (handed("a"), article("one", simhash="00000000000000ff")),
            (handed("b"), article("two", simhash="00000000000000fe")),
        ],
    )
    feed = store.add_feed(address("feed"), NOW, interval=600)
    plain = store.add_feed(address("plain"), NOW)
    polled = Polled(feed=feed.id, items=[linked("c")])
    store.feeds_polled([polled], NOW)
    told = list(store.export())
    store.close()
    database = Database(store_settings.effective_database_url)
    with database.writing() as connection:
        command.downgrade(configuration(connection), "0001")
    database.close()
    store = open_store(store_settings)
    assert "0002" in store.check()[0].message
    store.migrate()
    assert store.check() == []
    assert list(store.export()) == told
    assert told[1]["near_duplicate_of"] == first.article
    assert [(one.id, one.interval, one.interval_wanted) for one in store.feeds()] == [
        (feed.id, store.feeds()[0].interval, store.feeds()[0].interval),
        (plain.id, 3600, None),
    ]
    assert (store.feeds()[0].history, store.feeds()[0].overflows) == ([], 0)
    assert store.feeds_polled([polled], NOW) == [(None, 0)]
    assert store.delete_article(first.article or 0, NOW)
    (left,) = store.export()
    assert (left["id"], left["near_duplicate_of"]) == (second.article, None)
    store.close()


def test_missing_migrations_are_named(empty_settings: Settings) -> None:
    store = open_store(empty_settings)
    (problem,) = store.check()
    assert problem.code == "database"
    assert "0002" in problem.message
    with pytest.raises(StoreError, match="migrat"):
        store.totals()
    store.close()


def test_a_newer_schema_is_refused(store_settings: Settings) -> None:
    store = open_store(store_settings)
    execute(store_settings, text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        (problem,) = store.check()
        assert "9999" in problem.message
        assert "newer" in problem.message
        with pytest.raises(StoreError, match="newer"):
            store.migrate()
    finally:
        execute(store_settings, text(f"UPDATE alembic_version SET version_num = '{REVISION}'"))
        store.close()


def test_an_older_process_writes_nothing_after_an_upgrade(store_settings: Settings) -> None:
    store = open_store(store_settings)
    job = job_of(store, [handed("a")])
    execute(store_settings, text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        for write in (lambda: store.accept(job, [handed("b")], NOW), lambda: store.admit(1, NOW)):
            with pytest.raises(StoreError, match="newer version") as caught:
                write()
            assert caught.value.retry_helps
        assert store.totals().items == 1
    finally:
        execute(store_settings, text(f"UPDATE alembic_version SET version_num = '{REVISION}'"))
    assert store.accept(job, [handed("b")], NOW) == 1
    store.close()


def test_a_newer_process_waits_for_the_migration(store_settings: Settings) -> None:
    store = open_store(store_settings)
    execute(store_settings, text("UPDATE alembic_version SET version_num = '0001'"))
    try:
        with pytest.raises(StoreError, match="feedmill migrate") as caught:
            store.admit(1, NOW)
        assert caught.value.retry_helps
    finally:
        execute(store_settings, text(f"UPDATE alembic_version SET version_num = '{REVISION}'"))
        store.close()


def test_nobody_writes_while_a_migration_runs(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "_BOUNDS", "SET statement_timeout = '0.2s'")
    settings = Settings(database_url=postgres_database)
    database, store = Database(settings.effective_database_url), open_store(settings)
    with database.migrating(), pytest.raises(StoreError) as caught:
        store.admit(1, NOW)
    assert caught.value.retry_helps
    assert store.admit(1, NOW) == []
    store.close()
    database.close()


def test_counters_that_differ_from_the_rows_are_found(store: Store, store_settings: Settings) -> None:
    job = job_of(store, [handed("a"), handed("b")])
    execute(store_settings, update(jobs).where(jobs.c.id == job).values(stored=1, items=3))
    (problem,) = store.check()
    assert problem.message == (
        f"Job {job} has counters that differ from its items: items 3, rows 2; stored 1, rows 0."
    )


def test_counters_of_a_job_without_items_are_checked(store: Store, store_settings: Settings) -> None:
    job = store.open_job(["samples"], NOW, NOW)
    execute(store_settings, update(jobs).where(jobs.c.id == job).values(failed=1))
    assert len(store.check()) == 1


def test_the_newest_migration_is_the_one_that_the_code_expects() -> None:
    from pipeline.store.migration import Migrations

    assert Migrations().newest() == REVISION
