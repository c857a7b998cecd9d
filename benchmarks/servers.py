"""PostgreSQL as deployments run it: durable, with autovacuum; on a unix socket, in a folder of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests import private_postgres

#: PostgreSQL's own defaults but for the address, and for words that nobody reads here
_SETTINGS = {"listen_addresses": "", "log_min_messages": "log", "log_checkpoints": "off"}


@contextmanager
def postgres(data: Path | None = None) -> Iterator[str]:
    """The URL of a server, which ends with the block. ``data``: a folder in which its database stays; else
    it is fresh. Raises SystemExit where none is installed."""
    folder = private_postgres.binaries()
    if folder is None:
        raise SystemExit("No PostgreSQL is installed. Debian and Ubuntu: apt-get install postgresql")
    with private_postgres.running(folder, _SETTINGS, data=data) as url:
        yield url


def postmaster(url: str) -> int:
    """The topmost process of a server, which answers soon."""
    for _ in range(100):
        try:
            with psycopg.connect(url) as connection:
                row = connection.execute(
                    "SELECT pg_read_file(current_setting('data_directory') || '/postmaster.pid')"
                )
                told = row.fetchone()
                assert told
                return int(str(told[0]).split()[0])
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise SystemExit("PostgreSQL did not start.")
