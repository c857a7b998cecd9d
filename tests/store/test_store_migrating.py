"""Migrations of many rows come in parts: what is killed in between goes on where it was."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, event, inspect, select, text
from store_line import NOW, article, handed, run

from pipeline.errors import StoreError
from pipeline.settings import Settings
from pipeline.store import open_store, parts, upkeep
from pipeline.store.database import Database
from pipeline.store.migration import configuration
from pipeline.store.schema import articles

#: what is written last before the process is killed, for the first or the second time
MOMENTS = {
    "in the second part of the rows": ("UPDATE articles SET host", 2),
    "between two indexes": ("CREATE INDEX ix_articles_site", 1),
    "at the last index": ("CREATE INDEX ix_items_name", 1),
}


@pytest.fixture
def old(store_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A database of five articles, as the version before the migrations left it."""
    monkeypatch.setattr(parts, "ROWS", 2)
    store = open_store(store_settings)
    run(store, [(handed(name), article(name, language="en-GB")) for name in "abcde"])
    store.close()
    database = Database(store_settings.effective_database_url)
    with database.writing() as connection:
        command.downgrade(configuration(connection), "0005")
    database.close()
    return store_settings


@pytest.mark.parametrize("moment", sorted(MOMENTS))
def test_a_migration_that_is_killed_goes_on_where_it_was(old: Settings, moment: str) -> None:
    said, times = MOMENTS[moment]
    child = multiprocessing.get_context("fork").Process(target=_migrate_and_die, args=(old, said, times))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL

    store, database = open_store(old), Database(old.effective_database_url)
    assert "lacks the migrations" in store.check()[0].message
    with pytest.raises(StoreError, match="feedmill migrate"):
        store.admit(1, NOW)
    with database.writing() as connection:
        # What was written before is not written again.
        connection.execute(text("UPDATE articles SET site = 'seen before' WHERE id = 1"))
    store.migrate()
    assert store.check() == []
    with database.reading() as connection:
        columns = (articles.c.id, articles.c.site, articles.c.host, articles.c.base_language)
        first, *rows = connection.execute(select(*columns).order_by(articles.c.id)).all()
        assert first.site == "seen before"
        assert [(row.id, row.host, row.base_language) for row in rows] == [
            (number, "example.com", "en") for number in (2, 3, 4, 5)
        ]
        assert not [name for name in inspect(connection).get_table_names() if name.startswith("filled")]
    store.close()
    database.close()


def test_a_long_migration_says_how_far_it_has_come(
    old: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(upkeep, "SAY_SECONDS", 0.0)
    store = open_store(old)
    with caplog.at_level(logging.INFO, "pipeline.store.upkeep"):
        store.migrate()
    told = [record.getMessage() for record in caplog.records]
    assert [line.partition(": migration 0008: ")[2] for line in told if "rewritten" in line] == [
        f"articles up to {number} of 5 are rewritten" for number in (2, 4, 5)
    ]
    assert "is up to date" in told[-1]
    store.close()


def _migrate_and_die(settings: Settings, said: str, times: int) -> None:
    left = times

    def die(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal left
        left -= statement.startswith(said)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "after_cursor_execute", die)
    open_store(settings).migrate()
