"""Redis and PostgreSQL as services of the campaign: how they are made and started."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from benchmarks.chaos.services import Service
from tests import private_postgres
from workers import server

#: as in docker-compose.yml
REDIS_OPTIONS = (
    *("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
    *("--maxmemory", "512mb", "--maxmemory-policy", "noeviction", "--loglevel", "notice"),
)
#: no write waits for the disk: what is killed here is processes, never the machine
POSTGRES_OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "100",
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
    "wal_recycle": "off",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
}


def redis(folder: Path, port: int, env: Mapping[str, str], log: Path) -> Service:
    """A Redis that writes down what it does in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        server.binary(),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        str(folder),
        *REDIS_OPTIONS,
    ]
    return Service("redis", command, env, log)


def postgres(folder: Path, port: int, log: Path) -> Service:
    """A PostgreSQL with an empty database in a folder. Raises RuntimeError where there is none to start."""
    binaries = private_postgres.binaries()
    if binaries is None:
        raise RuntimeError("No PostgreSQL found. Install it, or run with DATABASE=sqlite.")
    folder.mkdir(parents=True)
    user = _unprivileged()
    # PostgreSQL refuses to run as root.
    become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
    if user:
        shutil.chown(folder, user, user)
        become += ["--pdeathsig", "QUIT"]
    make = [str(binaries / "initdb"), "-D", str(folder), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    made = subprocess.run(
        [*become, *make, "--locale=C.UTF-8", "--no-sync"], check=False, capture_output=True, cwd="/"
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr.decode(errors='replace')}")
    options = [part for name, value in POSTGRES_OPTIONS.items() for part in ("-c", f"{name}={value}")]
    command = [*become, str(binaries / "postgres"), "-D", str(folder), "-p", str(port), *options]
    return Service("postgres", command, {"PATH": os.environ["PATH"]}, log, stop=signal.SIGINT)


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {one.pw_name for one in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)
