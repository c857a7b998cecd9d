"""A whole deployment for a test or a module: real Redis, real database, real workers, short leases."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from mill import Mill
from web import Web

from pipeline.settings import Settings
from workers.embedded import Deployment

_numbers = itertools.count(1)


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
    with ExitStack() as running:
        yield lambda **settings: running.enter_context(deployed(data_folder, **settings))


@pytest.fixture(scope="module")
def keep(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Callable[..., Mill]]:
    """The same for all tests of a module that can share one: a start costs two seconds of CPU. They tell
    what is theirs by its job, by hosts (`apart`) and texts (`first`) that no other test of the module has."""

    def begin(**settings: object) -> Mill:
        folder = tmp_path_factory.mktemp("kept") / "data"
        folder.mkdir()
        shutil.copy(sqlite_template, folder)
        return running.enter_context(deployed(folder, **settings))

    with ExitStack() as running:
        yield begin


@pytest.fixture
def apart() -> Iterator[Web]:
    """A web on a host of its own: what a deployment remembers of other tests' hosts does not touch it."""
    number = next(_numbers)
    web = Web(f"127.2.{number // 250}.{number % 250 + 1}")
    yield web
    web.stop()


@pytest.fixture
def first() -> int:
    """The number of a story from which on no other test has any."""
    return 1000 * next(_numbers)


@contextmanager
def deployed(folder: Path, **settings: object) -> Iterator[Mill]:
    """A deployment on a data folder, while the block runs."""
    values: dict[str, object] = {
        "data_dir": folder,
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
    with deployment:
        yield Mill(deployment)
