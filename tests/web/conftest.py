"""A web interface for each test, over an empty database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from web_site import Site

from pipeline.settings import Settings
from pipeline.store import open_store
from workers import children, server


@pytest.fixture
def open_site(data_folder: Path) -> Iterator[Callable[..., Site]]:
    """Open a site with settings of one's own."""
    opened: list[Site] = []

    def begin(**settings: Any) -> Site:
        chosen = Settings(data_dir=data_folder, **settings)
        opened.append(Site(open_store(chosen), chosen))
        return opened[-1]

    yield begin
    for site in opened:
        site.store.close()


@pytest.fixture
def site(open_site: Callable[..., Site]) -> Site:
    """Without a token, and with no Redis."""
    return open_site()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A private, empty Redis."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("redis"))
    child = server.start(settings)
    yield server.socket_url(settings)
    children.end(child, 0)
    server.clear(settings)
