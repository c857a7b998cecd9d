"""Each broken state of Redis, made for real: doctor finds it and names the cure."""

from __future__ import annotations

import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from waiting import until

from pipeline.settings import Settings
from workers import server
from workers.doctor import Bounds, Finding, examine
from workers.stages import Stages

QUICK = Bounds(again=0.01)


def said_of(settings: Settings, name: str, bounds: Bounds = QUICK) -> list[Finding]:
    return [one for one in examine(settings, bounds=bounds) if one.name == name]


def only(settings: Settings, name: str, bounds: Bounds = QUICK) -> Finding:
    (found,) = said_of(settings, name, bounds)
    return found


Start = Callable[..., Settings]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Start]:
    """Start a server with options of one's own; all are stopped at the end."""
    running: list[subprocess.Popen[bytes]] = []
    folders: list[Path] = []

    def start(*options: str, prepare: Callable[[], None] | None = None, password: str = "") -> Settings:
        # The path of a unix socket holds about 100 characters at most.
        folder = Path(tempfile.mkdtemp(prefix="feedmill-r-", dir="/tmp"))
        folders.append(folder)
        (folder / "d").mkdir()
        command = [server.binary(), "--port", "0", "--unixsocket", str(folder / "s")]
        command += ["--save", "", "--dir", str(folder / "d"), *options]
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        running.append(subprocess.Popen(command, preexec_fn=prepare, **quiet))  # noqa: PLW1509 - two system calls
        settings = Settings(redis_url=f"unix://{password}{folder}/s", data_dir=tmp_path / "data")
        until((folder / "s").exists)
        return settings

    yield start
    for one in running:
        one.kill()
        one.wait()
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def client(settings: Settings) -> Iterator[Any]:
    with closing(Stages(settings)) as stages:
        yield stages.redis


def test_one_that_is_well_is_one_line(redis: Start) -> None:
    found = only(redis("--appendonly", "yes"), "redis")
    assert (found.ok, found.warning, found.cure) == (True, False, "")


def test_away() -> None:
    found = only(Settings(redis_url="redis://127.0.0.1:1/0"), "redis")
    assert not found.ok
    assert "127.0.0.1:1" in found.says
    assert "FEEDMILL_REDIS_URL" in found.cure


def test_away_is_said_once_and_not_by_all_who_need_it() -> None:
    wrong = [one for one in examine(Settings(redis_url="redis://127.0.0.1:1/0")) if not one.ok]
    assert [one.name for one in wrong] == ["redis"]


@pytest.mark.parametrize("password", ["", ":wrong@"])
def test_a_wrong_password_or_none(redis: Start, password: str) -> None:
    settings = redis("--requirepass", "right-and-secret", "--appendonly", "yes", password=password)
    found = only(settings, "redis")
    assert not found.ok
    assert "password" in found.cure
    assert "wrong" not in found.says.replace("WRONGPASS", "")
    right = settings.redis_url.replace("unix://" + password, "unix://:right-and-secret@")
    assert only(replace(settings, redis_url=right), "redis").ok


def test_a_server_that_never_answers_costs_no_more_than_the_patience() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = Settings(redis_url=f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        found = examine(settings, bounds=Bounds(patience=1.0))
    of_redis = [one.says for one in found if one.name in ("redis", "workers", "items", "scheduler")]
    assert of_redis == ["no answer within 1 s"]


def test_full(redis: Start) -> None:
    settings = redis("--maxmemory", "4mb", "--appendonly", "yes")
    with client(settings) as r:
        until(lambda: _is_refused(r))
    found = only(settings, "redis")
    assert not found.ok
    assert "maxmemory" in found.says
    assert "maxmemory" in found.cure


def _is_refused(r: Any) -> bool:
    try:
        r.rpush("filling", b"x" * 100_000)
    except Exception as error:
        return "maxmemory" in str(error)
    return False


def test_a_policy_that_drops_work(redis: Start) -> None:
    found = only(
        redis("--maxmemory", "500mb", "--maxmemory-policy", "allkeys-lru", "--appendonly", "yes"), "redis"
    )
    assert not found.ok
    assert "allkeys-lru" in found.says
    assert "noeviction" in found.cure


def test_a_high_water_mark_above_what_there_is(redis: Start) -> None:
    settings = redis("--maxmemory", "50mb", "--appendonly", "yes")
    found = only(settings, "redis")
    assert not found.ok
    assert "FEEDMILL_REDIS_HIGH_WATER" in found.says
    assert only(replace(settings, redis_high_water=20_000_000), "redis").ok


def test_a_server_that_something_else_fills_holds_pages_back(redis: Start) -> None:
    settings = redis("--appendonly", "yes")
    told = "no further page is taken up"
    assert not any(told in one.says for one in said_of(settings, "redis"))
    filled = replace(settings, redis_high_water=1_000_000)
    with client(settings) as r:
        r.set("another application", b"x" * 2_000_000)
    assert [one.warning for one in said_of(filled, "redis") if told in one.says] == [True]


def test_an_append_only_file_that_cannot_be_written(redis: Start) -> None:
    def small_files_only() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    settings = redis("--appendonly", "yes", "--appendfsync", "everysec", prepare=small_files_only)
    with client(settings) as r:
        until(lambda: _misconfigured(r))
    found = only(settings, "redis")
    assert not found.ok
    assert "append-only file" in found.says or "MISCONF" in found.says
    assert "room" in found.cure


def _misconfigured(r: Any) -> bool:
    try:
        r.set("filling", b"x" * 50_000)
    except Exception as error:
        return "MISCONF" in str(error)
    return False


def test_a_snapshot_that_cannot_be_written(redis: Start) -> None:
    settings = redis()
    with client(settings) as r:
        folder = Path(r.config_get("dir")["dir"])
        shutil.rmtree(folder)
        r.set("a", 1)
        r.bgsave()
        until(lambda: r.info("persistence")["rdb_last_bgsave_status"] == "err")
    found = [one for one in said_of(settings, "redis") if not one.ok]
    assert "snapshot" in found[0].says


def test_a_replica(redis: Start) -> None:
    settings = redis("--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "yes")
    found = next(one for one in said_of(settings, "redis") if not one.ok)
    assert "replica of 127.0.0.1:1" in found.says
    assert "127.0.0.1:1" in found.cure


def test_nothing_on_disk_is_a_warning_but_for_our_own(redis: Start) -> None:
    found = next(one for one in said_of(redis(), "redis") if one.warning)
    assert "begins again" in found.says
    assert "appendonly" in found.cure


def test_connections_that_run_out(redis: Start) -> None:
    settings = redis("--maxclients", "30", "--appendonly", "yes")
    open_ones = [Stages(settings) for _ in range(26)]
    for one in open_ones:
        one.ping()
    found = only(settings, "redis")
    for one in open_ones:
        one.close()
    assert not found.ok
    assert "connections" in found.says
    assert "maxclients" in found.cure


@contextmanager
def slowly(settings: Settings, seconds: float) -> Iterator[Settings]:
    """The same server behind a line on which each request takes its time."""
    path = settings.redis_url.removeprefix("unix://")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def carry(source: socket.socket, to: socket.socket, pause: float) -> None:
            try:
                while data := source.recv(65_536):
                    time.sleep(pause)
                    to.sendall(data)
            except OSError:
                pass
            finally:
                to.close()

        def accept() -> None:
            while True:
                try:
                    near, _ = listening.accept()
                except OSError:
                    return
                far = socket.socket(socket.AF_UNIX)
                far.connect(path)
                for ends in ((near, far, seconds), (far, near, 0.0)):
                    threading.Thread(target=carry, args=ends, daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield replace(settings, redis_url=f"redis://127.0.0.1:{listening.getsockname()[1]}/0")


@pytest.mark.parametrize(("slow", "very_slow", "ok"), [(0.05, 30.0, True), (0.05, 0.1, False)])
def test_slow_is_a_warning_and_very_slow_a_problem(
    redis: Start, slow: float, very_slow: float, ok: bool
) -> None:
    with slowly(redis("--appendonly", "yes"), 0.15) as settings:
        found = said_of(settings, "redis", Bounds(again=0.01, slow=slow, very_slow=very_slow))[0]
    assert (found.ok, found.warning) == (ok, ok)
    assert "for an answer" in found.says


def test_too_old_a_server() -> None:
    """It answers as Redis 5 does: it knows no HELLO."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer(connection: socket.socket) -> None:
            while asked := connection.recv(65_536):
                told = b"# Server\r\nredis_version:5.0.14\r\nrole:master\r\nused_memory:1\r\n"
                if b"INFO" in asked:
                    connection.sendall(b"$%d\r\n%s\r\n" % (len(told), told))
                elif b"HELLO" in asked:
                    connection.sendall(b"-ERR unknown command `HELLO`, with args beginning with: `3`\r\n")
                else:
                    connection.sendall(b"+PONG\r\n" * asked.count(b"*"))

        def accept() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        settings = Settings(redis_url=f"redis://127.0.0.1:{listening.getsockname()[1]}/0")
        found = [one for one in said_of(settings, "redis", Bounds(patience=5.0)) if not one.ok]
    assert "6.2" in found[0].cure


def test_a_clock_that_differs_from_ours(redis: Start) -> None:
    wrong = said_of(redis("--appendonly", "yes"), "clock", Bounds(again=0.01, clock=-1.0))
    assert "NTP" in wrong[0].cure
