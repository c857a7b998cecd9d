"""No page and no call reads a large table as a whole: all that the application has is asked what
`make bench-pages` asks, and each statement is explained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from benchmarks.pages.asked import Asked, asked
from benchmarks.pages.facts import facts
from benchmarks.pages.filling import fill
from benchmarks.pages.population import Sizes
from benchmarks.pages.routes import routes
from pipeline.settings import Settings
from pipeline.store.sql import SqlStore
from workers.web.app import create_app

#: what grows without end; of feeds there are thousands
LARGE = ("items", "articles", "article_words", "pages", "names", "simhash_bands", "jobs", "tombstones")
#: indexes that are read from end to end all the same -> why
ALLOWED = {"ix_items_failed": "it has dead letters only, and all of them are grouped"}
NOW = 1_790_000_000.0


@pytest.fixture
def full(data_folder: Path) -> Iterator[SqlStore]:
    store = SqlStore(Settings(data_dir=data_folder))
    fill(store, Sizes(600, 60, 20, NOW), lambda _: None)
    yield store
    store.close()


def test_no_page_and_no_call_reads_a_large_table_as_a_whole(
    full: SqlStore, data_folder: Path, redis_url: str
) -> None:
    settings = Settings(data_dir=data_folder, redis_url=redis_url)
    bound = frozenset(f"{method} {path}" for method, path in routes(full, settings))
    with TestClient(create_app(full, settings), base_url="http://localhost") as browser:
        statements = {
            statement: (one.path, values)
            for one in unlike(list(asked(facts(full), bound)))
            for statement, values in said(browser, one)
        }
    wrong = [
        f"{path}: {step}: {statement}"
        for statement, (path, values) in statements.items()
        for step in whole_tables(full, statement, values)
        if not ALLOWED.keys() & set(step.split())
    ]
    assert len(statements) > 50
    assert not wrong, "\n".join(wrong)
    assert list(whole_tables(full, "SELECT * FROM items WHERE message = 'x'", ()))
    assert list(whole_tables(full, "SELECT count(*) FROM items WHERE message = 'x'", ()))


def unlike(questions: list[Asked]) -> list[Asked]:
    """Questions to read, but one of those that differ in values only, and no streams, which do not end."""
    found: dict[object, Asked] = {}
    for one in questions:
        if one.method == "GET" and not one.pages and "events" not in one.route:
            found.setdefault((one.route, *parse_qs(urlsplit(one.path).query)), one)
    return list(found.values())


def said(browser: TestClient, question: Asked) -> list[tuple[str, Any]]:
    """The statements that a question leads to."""
    found: dict[str, Any] = {}

    def note(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "WITH")) and "set_config" not in statement:
            found[statement] = values[0] if many else values

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert browser.get(question.path).status_code < 500, question.path
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return list(found.items())


def whole_tables(store: SqlStore, statement: str, values: Any) -> Iterator[str]:
    """Steps of a plan that read a large table from end to end. An index that is walked through is none
    where a LIMIT ends the walk."""
    with store._database.reading() as connection:
        driver: Any = connection.connection.driver_connection
        for *_, step in driver.execute(f"EXPLAIN QUERY PLAN {statement}", values):
            words = step.split()
            ends = "INDEX" in words and "LIMIT" in statement
            if words[0] == "SCAN" and words[1] in LARGE and not ends:
                yield step
