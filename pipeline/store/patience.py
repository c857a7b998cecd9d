"""Connections to PostgreSQL that wait for an answer only so long. The only importer of psycopg.

A server that is paused keeps its connections open, and one behind a cut network is silent: without
a bound its clients would wait for hours, with all that they hold.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import psycopg
from psycopg.abc import PQGen

T = TypeVar("T")

#: how long a connection may take, in seconds
CONNECT_SECONDS = 10
#: how long a statement may take, waiting for locks included, in seconds; migrations and checks have no bound
STATEMENT_SECONDS = 30
#: how long the server may say nothing before the connection is given up, in seconds. It ends single
#: statements by itself; many in one go it answers together, and on a busy machine that takes a while
SILENCE_SECONDS = 60
#: how long a connection that was idle may take to show that it lives, in seconds, before a new one is made
PING_SECONDS = 5
#: how long a transaction may stand still, in seconds: a frozen client holds locks that others wait for
IDLE_SECONDS = 15

#: libpq's: after 15 s without a sign of life the other side is taken to be gone. The kernel's own
#: values are two hours of idling, and a quarter of an hour of sending again.
_LIVELINESS = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
}

#: Not as start-up options: connection poolers refuse those.
_BOUNDS = (
    f"SET statement_timeout = '{STATEMENT_SECONDS}s';"
    f" SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'"
)


class Patient(psycopg.Connection[Any]):
    """A connection that raises psycopg.OperationalError when an answer does not come."""

    #: seconds; None waits for ever
    silence: float | None = SILENCE_SECONDS

    def wait(self, gen: PQGen[T], *args: Any, **kwargs: Any) -> T:
        if self.silence is None:
            return super().wait(gen, *args, **kwargs)
        return super().wait(self._bounded(gen, self.silence), *args, **kwargs)

    def _bounded(self, gen: PQGen[T], silence: float) -> PQGen[T]:
        """The same conversation with the server, broken off when nothing comes for so long.

        Whoever waits looks in every tenth of a second, with a ready state of 0. Each sign of life begins
        the bound anew: hundreds of rows are one conversation, and a busy server answers them for minutes.
        """
        heard = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    heard = time.monotonic()
                elif time.monotonic() - heard > silence:
                    self.pgconn.finish()
                    raise psycopg.OperationalError(f"no answer from the server for {silence:g} s")
                wanted = gen.send(ready)
        except StopIteration as end:
            return cast(T, end.value)


def connect(*args: Any, **kwargs: Any) -> Patient:
    """A connection with bounds on both sides. Raises psycopg.Error."""
    connection = Patient.connect(*args, **{**_LIVELINESS, **kwargs})
    connection.autocommit = True
    connection.execute(_BOUNDS)
    connection.autocommit = False
    return connection


@contextmanager
def shortly(connection: Patient) -> Iterator[None]:
    """What is asked here has a short answer, or none: the other side went without a word."""
    before, connection.silence = connection.silence, PING_SECONDS
    try:
        yield
    finally:
        connection.silence = before


@contextmanager
def unbounded(connection: Patient) -> Iterator[None]:
    """In a transaction whose statements may take as long as they like."""
    connection.execute("SET LOCAL statement_timeout = 0")
    connection.silence = None
    try:
        yield
    finally:
        connection.silence = SILENCE_SECONDS
