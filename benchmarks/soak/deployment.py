"""The services of compose as processes of this machine: Redis, PostgreSQL, workers by stage, two
schedulers, web."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.fetch import free_port
from benchmarks.servers import postgres, postmaster
from benchmarks.soak.web import host
from pipeline.settings import Settings, load
from workers import children, server

#: how long a service may take to end when told to (s)
PATIENCE = 30.0
_PLANTED = Path(__file__).parent / "planted"
#: name -> command
_SERVICES = {
    "fetch": ("worker", "--queues", "poll,fetch", "--concurrency", "2", "--name", "fetch"),
    "clean": ("worker", "--queues", "clean,extract", "--concurrency", "2", "--name", "clean"),
    "store": ("worker", "--queues", "store", "--concurrency", "1", "--name", "store"),
    "scheduler": ("scheduler",),
    "standby": ("scheduler",),
}
#: which service gets the planted leak
LEAKING = "clean"


@dataclass(frozen=True)
class Deployment:
    """What runs: name -> process id of its topmost process, and where it is reached."""

    settings: Settings
    pids: dict[str, int]
    web: str
    #: the port of the local web
    port: int
    #: as the services have it
    environment: dict[str, str]


@contextmanager
def running(home: Path, *, plant: bool) -> Iterator[Deployment]:
    """All services, until the block ends. ``plant``: one of them leaks. Their words are in home/*.log."""
    with ExitStack() as stack:
        url = stack.enter_context(postgres())
        port, web_port = free_port(), free_port()
        settings = load(
            data_dir=home,
            database_url=url,
            redis_url=server.socket_url(Settings(data_dir=home)),
            allow_addresses="127.0.0.0/8",
            public_url=f"http://127.0.0.1:{web_port}",
            width=64,
            host_delay=0.05,
            poll_least=10.0,
            retry_seconds=2.0,
        )
        redis = server.start(settings)
        stack.callback(server.clear, settings)
        stack.callback(children.end, redis, 0)
        environment = _environment(settings)
        subprocess.run([*_COMMAND, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
        pids = {"redis": redis.pid, "postgres": postmaster(url)}
        for name, command in {**_SERVICES, "web": ("serve", "--port", str(web_port))}.items():
            env = environment
            if plant and name == LEAKING:
                env = env | {"PYTHONPATH": f"{_PLANTED}{os.pathsep}{env.get('PYTHONPATH', '')}"}
            pids[name] = _start(stack, home, name, [*_COMMAND, *command], env)
        _start(
            stack, home, "local-web", [sys.executable, "-m", "benchmarks.soak.web", str(port)], environment
        )
        _wait(home, f"http://127.0.0.1:{web_port}/readyz", f"http://{host(0)}:{port}/story/0")
        yield Deployment(settings, pids, f"http://127.0.0.1:{web_port}", port, environment)


def _wait(home: Path, *urls: str) -> None:
    """Until all answer. Raises SystemExit when they do not."""
    ends = time.monotonic() + PATIENCE
    for url in urls:
        while True:
            try:
                urllib.request.urlopen(url, timeout=5).close()
                break
            except OSError as error:
                if time.monotonic() > ends:
                    raise SystemExit(f"{url} does not answer ({error}); see the logs in {home}.") from error
                time.sleep(0.1)


_COMMAND = (sys.executable, "-m", "workers.cli")


def _start(stack: ExitStack, home: Path, name: str, command: list[str], env: dict[str, str]) -> int:
    with (home / f"{name}.log").open("ab") as log:
        child = children.spawn(command, env=env, log=log.fileno())
    stack.callback(children.end, child, PATIENCE)
    return child.pid


def _environment(settings: Settings) -> dict[str, str]:
    from workers.embedded import environment

    return environment(replace(settings))
