"""A browser and a deployment for each module of tests; a window for each test, which must stay clean."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from paper import Newsroom
from playwright.sync_api import Browser, Page
from running import Running, running
from visit import Visit

from benchmarks.pictures import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Where there is no Chromium the tests are skipped; with CI set, they fail."""
    path = chromium.executable()
    if path is None:
        reason = "No Chromium found: install it (apt-get install chromium), or set FEEDMILL_TEST_CHROMIUM."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    with chromium.running(path) as browser:
        yield browser


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    room = Newsroom()
    yield room
    room.stop()


@pytest.fixture(scope="module")
def mill(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("browser") / "data"
    folder.mkdir()
    shutil.copy(sqlite_template, folder)
    with running(folder) as mill:
        yield mill


@pytest.fixture
def visit(browser: Browser, mill: Running) -> Iterator[Callable[..., Visit]]:
    """Open a window with options of one's own. At the end of the test, no page in any of them may have
    written an error or a warning to its console, broken the content security policy, or asked another
    host for anything."""
    visits: list[Visit] = []

    def begin(origin: str = "", **options: Any) -> Visit:
        visits.append(Visit(browser, origin or mill.url, **options))
        return visits[-1]

    yield begin
    for one in visits:
        one.close()
    assert [complaint for one in visits for complaint in one.complaints] == []


@pytest.fixture
def page(visit: Callable[..., Visit]) -> Page:
    """A window as most people have it."""
    return visit().page
