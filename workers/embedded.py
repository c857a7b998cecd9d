"""The embedded deployment: Redis, workers and coordinator as children of one command.

The same tasks as in any other deployment; only the URLs and the number of processes differ.
"""

from __future__ import annotations

import fcntl
import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import fields, replace
from pathlib import Path
from types import TracebackType
from typing import IO

from pipeline.errors import PipelineError, SettingsError
from pipeline.settings import PREFIX, Settings
from pipeline.store import open_store
from pipeline.store.contract import Store
from workers import children, server
from workers.coordinator import Coordinator
from workers.logs.rotation import keep_bounded
from workers.stages import ALL_STAGES, Stages

logger = logging.getLogger(__name__)

#: how long a worker may take to end when asked to (s)
STOP_SECONDS = 8.0
#: a worker that ends by itself sooner than this (s) cannot work here and is not replaced
REPLACE_SECONDS = 5.0


class Deployment:
    """Start what is needed, stop all that was started.

    `store` and `stages` are usable inside the block; `settings` names the Redis in use. Raises
    SettingsError when the data folder cannot be used or is in use, PipelineError (`redis`,
    `database`) when those cannot be had.
    """

    def __init__(self, settings: Settings, *, poll_feeds: bool) -> None:
        self.settings = settings
        self._poll_feeds = poll_feeds
        self._lock: IO[str] | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._worker: subprocess.Popen[bytes] | None = None
        self._worker_at = 0.0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.patience = STOP_SECONDS

    def __enter__(self) -> Deployment:
        with ExitStack() as unless_started:
            unless_started.callback(self.__exit__, None, None, None)
            self._start()
            unless_started.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._worker is not None:
            children.end(self._worker, 0 if self._is_idle() else self.patience)
        if self._thread is not None:
            self.stages.wake()
            self._thread.join(timeout=5)
        if hasattr(self, "store"):
            self.store.close()
        if self._server is not None:
            children.end(self._server, 0)  # it holds nothing that the rows do not
            server.clear(self.settings)
        if self._lock is not None:
            self._lock.close()

    def _start(self) -> None:
        self._lock = _lock(self.settings)
        if not self.settings.redis_url:
            self._server = server.start(self.settings)
            self.settings = replace(self.settings, redis_url=server.socket_url(self.settings))
        self.stages = Stages(self.settings)
        self.stages.ping()
        self._start_worker()  # starts up while the database is opened
        self.store: Store = open_store(self.settings)
        self.store.migrate()
        self._thread = threading.Thread(target=self._coordinate, name="coordinator", daemon=True)
        self._thread.start()

    def _start_worker(self) -> None:
        # A slot for every pump that may run at once: no stage ever waits for another's slice.
        cores = self.settings.concurrency or os.cpu_count() or 1
        self._log = _log_file(self.settings)
        keep_bounded(self._log)
        with self._log.open("ab") as log:
            self._worker = children.spawn(
                [
                    *(sys.executable, "-m", "workers.cli", "worker"),
                    *("--queues", ",".join(ALL_STAGES), "--concurrency", str(2 * cores + 4)),
                ],
                # Who serves no pages has no use for their token.
                env=environment(replace(self.settings, api_token="", api_read="open")),
                log=log.fileno(),
            )
        self._worker_at = time.monotonic()

    def _is_idle(self) -> bool:
        """Nothing in flight: then a worker may be killed instead of asked, which takes two seconds."""
        try:
            return not self.stages.live()
        except (AttributeError, PipelineError):  # not started, or Redis died
            return False

    def _coordinate(self) -> None:
        from workers import app as celery_app

        app = celery_app.create_app(self.settings)
        coordinator = Coordinator(
            self.store,
            self.stages,
            self.settings,
            lambda stage: celery_app.kick(app, self.stages, stage),
            poll_feeds=self._poll_feeds,
        )
        coordinator.run(self._stop)

    def check(self) -> None:
        """Replace a Redis or a worker that died. Raises PipelineError when the coordinator ended, or
        when one of them cannot start. Keeps the worker's log within bounds. Call now and then, from
        the main thread."""
        keep_bounded(self._log)
        if self._server is not None and self._server.poll() is not None:
            code = self._server.returncode
            logger.warning("the embedded Redis ended (exit code %s) and is started again", code)
            self._server = server.start(self.settings)
        if self._thread is not None and not self._thread.is_alive():
            raise PipelineError(
                "The coordinator ended unexpectedly; see the messages above.", code="internal"
            )
        if self._worker is None or self._worker.poll() is None:
            return
        # Killed by a signal: no fault of its own. Ended by itself, at once: it would do so again.
        lived = time.monotonic() - self._worker_at
        if self._worker.returncode >= 0 and lived < REPLACE_SECONDS:
            raise PipelineError(
                f"The worker ended at once with exit code {self._worker.returncode}; see {self._log}.",
                code="internal",
            )
        logger.warning("the worker ended (exit code %s) and is replaced", self._worker.returncode)
        self._start_worker()


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which a child reads the same settings."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    for one in fields(Settings):
        env[PREFIX + one.name.upper()] = str(getattr(settings, one.name))
    env[PREFIX + "DATA_DIR"] = str(settings.data_dir.absolute())
    return env


def _log_file(settings: Settings) -> Path:
    return settings.data_dir / "worker.log"


def _lock(settings: Settings) -> IO[str]:
    """The data folder, made if need be, and ours alone while the file stays open."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / "lock").open("a+")
    except OSError as error:
        raise SettingsError(
            f"The data folder {folder} cannot be used: {error.strerror or error}. "
            "Choose another one with --data-dir or FEEDMILL_DATA_DIR."
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.seek(0)
        holder = handle.read().strip() or "another process"
        handle.close()
        raise SettingsError(
            f"The data folder {folder} is in use by {holder}. Hand it work with `feedmill enqueue`, "
            "or choose another folder with --data-dir."
        ) from error
    handle.truncate(0)
    handle.write(f"process {os.getpid()}")
    handle.flush()
    return handle


__all__ = ["Deployment", "environment"]
