"""A whole deployment for each test: real Redis, real database, real workers, short leases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mill import Mill
from web import Web

from pipeline.settings import Settings
from workers.embedded import Deployment


@pytest.fixture
def web() -> Iterator[Web]:
    """A web on loopback addresses whose pages a test puts up."""
    web = Web()
    yield web
    web.stop()


@pytest.fixture
def start(data_folder: Path) -> Iterator[Callable[..., Mill]]:
    """Start a deployment with settings of one's own; all are stopped at the end.

    Its database is there already, as from the second start on; the tests of `feedmill run` begin with none.
    """
    running: list[Deployment] = []

    def begin(**settings: object) -> Mill:
        values: dict[str, object] = {
            "data_dir": data_folder,
            "lease_seconds": 1.5,
            "slice_seconds": 0.5,
            "concurrency": 2,
            "allow_addresses": "127.0.0.0/8",
            "host_delay": 0.05,
            **settings,
        }
        poll = bool(values.pop("poll", False))
        deployment = Deployment(Settings(**values), poll_feeds=poll)  # type: ignore[arg-type]
        deployment.patience = 3.0
        running.append(deployment.__enter__())
        return Mill(deployment)

    yield begin
    for deployment in running:
        deployment.__exit__(None, None, None)
