"""No page and no call reads a whole table, or walks past what it does not show: all that the application
has is asked, as `make bench-pages` asks it, and each statement is explained."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
LARGE = ("items", "articles", "pages", "names", "simhash_bands", "jobs", "tombstones")
ITEMS, ARTICLES = 1_500, 250
#: rows of a large table that one statement may look at and leave out: the largest job has half of them all,
#: and two fifths are newer
MOST = 300
NOW = 1_790_000_000.0


@pytest.fixture
def full(store_settings: Settings) -> Iterator[SqlStore]:
    store = SqlStore(store_settings)
    fill(store, Sizes(ITEMS, ARTICLES, 20, NOW), lambda _: None)
    assert store.check() == []
    yield store
    store.close()


def test_no_page_and_no_call_reads_a_table_as_a_whole(full: SqlStore, store_settings: Settings) -> None:
    bound = frozenset(f"{method} {path}" for method, path in routes(full, store_settings))
    wrong: dict[str, str] = {}
    with TestClient(create_app(full, store_settings), base_url="http://localhost") as browser:
        for one in unlike(list(asked(facts(full), bound))):
            for statement, values in said(browser, one):
                wrong |= dict.fromkeys(bad_steps(full, statement, values), f"{one.path}: {statement}")
    assert not wrong


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
        if statement.startswith(("SELECT", "WITH")):
            found[statement] = values[0] if many else values

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert browser.get(question.path).status_code < 500, question.path
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return list(found.items())


def bad_steps(store: SqlStore, statement: str, values: Any) -> Iterator[str]:
    """What a plan does with a large table that it must not."""
    with store._database.reading() as connection:
        driver: Any = connection.connection.driver_connection
        if store._database.is_sqlite:
            for line in driver.execute(f"EXPLAIN QUERY PLAN {statement}", values):
                table = line[3].removeprefix("SCAN ").split()[0]
                if line[3].startswith("SCAN ") and table in LARGE and "INDEX" not in line[3]:
                    yield line[3]
        else:
            driver.execute("SET LOCAL enable_seqscan = off")
            row = driver.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values).fetchone()
            told = row[0] if isinstance(row[0], list) else json.loads(row[0])
            yield from _bad_nodes(told[0]["Plan"])


def _bad_nodes(node: dict[str, Any]) -> Iterator[str]:
    if node.get("Relation Name") in LARGE:
        left_out = node.get("Rows Removed by Filter", 0) * node.get("Actual Loops", 1)
        if node["Node Type"] == "Seq Scan" or left_out > MOST:
            yield f"{node['Node Type']} on {node['Relation Name']}, {left_out:.0f} rows left out"
    for part in node.get("Plans", ()):
        yield from _bad_nodes(part)
