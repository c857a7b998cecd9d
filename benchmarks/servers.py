"""PostgreSQL as deployments run it: durable, with autovacuum; on a unix socket, in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests import private_postgres

#: PostgreSQL's own defaults but for the address, and for words that nobody reads here
_SETTINGS = {"listen_addresses": "", "log_min_messages": "log", "log_checkpoints": "off"}


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a fresh server, which ends with the block. Raises SystemExit where none is installed."""
    folder = private_postgres.binaries()
    if folder is None:
        raise SystemExit("No PostgreSQL is installed. Debian and Ubuntu: apt-get install postgresql")
    with private_postgres.running(folder, _SETTINGS) as url:
        yield url
