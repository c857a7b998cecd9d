"""The deployment under test: the services of docker-compose.yml as processes of this machine."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks.chaos import poison, servers
from benchmarks.chaos.clock import Clock
from benchmarks.chaos.disk import Disk
from benchmarks.chaos.intruder import Intruder
from benchmarks.chaos.proxy import Proxy, free_port
from benchmarks.chaos.services import GRACE, Service
from pipeline.errors import PipelineError
from pipeline.settings import PREFIX, Settings
from pipeline.store import open_store
from pipeline.store.contract import Store
from workers.stages import Stages

T = TypeVar("T")

#: how long the servers may take to answer at the start (s)
START_SECONDS = 90.0
#: as in docker-compose.yml: service -> its command
WORKERS = {
    "worker-fetch": ("worker", "--queues", "fetch,poll", "--concurrency", "2", "--name", "fetch"),
    "worker-clean": ("worker", "--queues", "clean,extract", "--concurrency", "2", "--name", "clean"),
    "worker-store": ("worker", "--queues", "store", "--concurrency", "1", "--name", "store"),
}
SCHEDULERS = {"scheduler-1": ("scheduler",), "scheduler-2": ("scheduler",)}
#: what the campaign sets beside the defaults
SETTINGS = {"ALLOW_ADDRESSES": "127.0.0.0/8", "HOST_DELAY": "0.05", "WIDTH": "64", "LOG_LEVEL": "INFO"}


class Deployment:
    """Redis, database, workers and schedulers, each behind a proxy where it listens.

    database: "sqlite" or "postgres". plant: code that is loaded into every process, to see whether
    the campaign finds the defect.
    """

    def __init__(self, folder: Path, database: str, plant: str = "") -> None:
        self.folder, self.database = folder, database
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True)
        self.disk = Disk(folder / "disk")
        self.clock = Clock(folder / "clock")
        _install(folder / "path" / "all", self.clock.code + plant)
        _install(folder / "path" / "worker-clean", self.clock.code + plant + poison.CODE)
        redis_port, postgres_port = free_port(), free_port()
        self.redis_proxy = Proxy(redis_port)
        self.postgres_proxy = Proxy(postgres_port) if database == "postgres" else None
        self.redis = servers.redis(
            self.disk.folder / "redis", redis_port, self.clock.env, self.logs / "redis.log"
        )
        self.postgres: Service | None = None
        url = ""
        if database == "postgres":
            self.postgres = servers.postgres(
                self.disk.folder / "postgres", postgres_port, self.logs / "postgres.log"
            )
            url = "postgresql://postgres@127.0.0.1:{}/postgres"
        through = self.postgres_proxy.port if self.postgres_proxy else 0
        self.settings = self._settings(redis_port, url.format(postgres_port))
        self.env = self._env(_variables(self.settings))
        proxied = _variables(self._settings(self.redis_proxy.port, url.format(through)))
        self.services = {
            name: self._service(name, command, proxied) for name, command in {**WORKERS, **SCHEDULERS}.items()
        }
        self.intruder = Intruder(redis_port, self.settings.redis_prefix)
        self.backends = [one for one in (self.redis, self.postgres) if one]

    @property
    def workers(self) -> list[Service]:
        return [self.services[name] for name in WORKERS]

    @property
    def schedulers(self) -> list[Service]:
        return [self.services[name] for name in SCHEDULERS]

    @property
    def all(self) -> list[Service]:
        return [*self.backends, *self.services.values()]

    def start(self) -> None:
        """Start everything; the database is migrated when this returns."""
        for one in self.backends:
            one.look(time.monotonic())
        self.stages = Stages(self.settings)
        self._await(self.stages.ping)
        self.store: Store = self._await(lambda: open_store(self.settings))
        self.store.migrate()
        self.look()
        self._await(self._workers_are_there)

    def _workers_are_there(self) -> None:
        heard = len(self.stages.workers())
        if heard < len(WORKERS):
            raise PipelineError(f"{heard} of {len(WORKERS)} workers were heard of.", code="redis")

    def look(self) -> None:
        """Supervise: start again what ended."""
        now = time.monotonic()
        for one in self.all:
            one.look(now)

    def ticking(self) -> Service | None:
        """The scheduler that holds the lock."""
        try:
            holder = self.stages.coordinator()
        except PipelineError:
            return None
        pid = int(str(holder["name"]).split(":")[1]) if holder else 0
        return next((one for one in self.schedulers if one.pid == pid), None)

    def stop(self, patience: float = GRACE) -> dict[str, list[int]]:
        """Stop all, services first. Returns the processes that outlived each. May be called twice."""
        order = [*self.services.values(), *reversed(self.backends)]
        left = {one.name: one.end(patience) for one in order}
        for proxy in (self.redis_proxy, self.postgres_proxy):
            if proxy:
                proxy.stop()
        return left

    def remove(self, *, keep: bool) -> None:
        """Remove its folder; with keep only the disk, whose database is copied beside the logs."""
        if keep:
            for path in self.disk.folder.glob("data/feedmill.db*"):
                shutil.copy(path, self.folder)
        self.disk.remove()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _settings(self, redis_port: int, database_url: str) -> Settings:
        return Settings(
            data_dir=self.disk.folder / "data",
            redis_url=f"redis://127.0.0.1:{redis_port}/0",
            database_url=database_url,
        )

    def _service(self, name: str, command: tuple[str, ...], env: dict[str, str]) -> Service:
        # /tmp is each container's own: the heartbeat file of a scheduler is there.
        own = self.folder / "tmp" / name
        own.mkdir(parents=True)
        words = [sys.executable, "-m", "workers.cli", *command]
        full = self._env(
            {**env, "TMPDIR": str(own)}, name if (self.folder / "path" / name).exists() else "all"
        )
        return Service(name, words, full, self.logs / f"{name}.log")

    def _env(self, more: dict[str, str], loaded: str = "all") -> dict[str, str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        path = os.pathsep.join([str(self.folder / "path" / loaded), str(Path(__file__).parents[2])])
        given = {PREFIX + name: value for name, value in SETTINGS.items()}
        return {**env, "PYTHONPATH": path, **given, **more}

    @staticmethod
    def _await(call: Callable[[], T]) -> T:
        ends = time.monotonic() + START_SECONDS
        while True:
            try:
                return call()
            except PipelineError:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.05)


def _install(folder: Path, code: str) -> None:
    """Code that every Python process with this folder on its path runs before anything else."""
    folder.mkdir(parents=True)
    (folder / "sitecustomize.py").write_text(code)


def _variables(settings: Settings) -> dict[str, str]:
    given = {
        "DATA_DIR": str(settings.data_dir),
        "REDIS_URL": settings.redis_url,
        "DATABASE_URL": settings.database_url,
    }
    return {PREFIX + name: value for name, value in given.items()}
