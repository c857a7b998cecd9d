"""A PostgreSQL that is silent, locked or frozen costs a bounded time, and others go on meanwhile."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import text

from pipeline.errors import StoreError
from pipeline.settings import Settings
from pipeline.store import patience
from pipeline.store.database import SERIAL_LOCK, Database

HOLD = text(f"SELECT pg_advisory_xact_lock({SERIAL_LOCK})")


def opened(url: str) -> Database:
    return Database(Settings(database_url=url).effective_database_url)


def shortened(monkeypatch: pytest.MonkeyPatch, statement: float, idle: float, silence: float) -> None:
    bounds = f"SET statement_timeout = '{statement}s'; SET idle_in_transaction_session_timeout = '{idle}s'"
    monkeypatch.setattr(patience, "_BOUNDS", bounds)
    monkeypatch.setattr(patience, "SILENCE_SECONDS", silence)
    monkeypatch.setattr(patience.Patient, "silence", silence)


def test_a_lock_that_somebody_keeps_is_waited_for_a_bounded_time(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shortened(monkeypatch, statement=0.2, idle=60, silence=60)
    first, second = opened(postgres_database), opened(postgres_database)
    with first.writing(serial=True), pytest.raises(StoreError) as caught, second.writing(serial=True):
        pass
    assert caught.value.retry_helps
    assert "holds a lock" in caught.value.message
    with second.writing(serial=True):
        pass


def test_a_transaction_that_stands_still_loses_its_locks(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shortened(monkeypatch, statement=60, idle=0.2, silence=60)
    frozen, other = opened(postgres_database), opened(postgres_database)

    def stand_still() -> None:
        with frozen.writing(serial=True) as connection:
            with other.writing(serial=True):  # waits until the server has ended the frozen one
                pass
            connection.execute(text("SELECT 1"))

    with pytest.raises(StoreError) as caught:
        stand_still()
    assert caught.value.retry_helps
    with frozen.writing(serial=True):
        pass


def test_work_without_bounds_may_take_long(postgres_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shortened(monkeypatch, statement=0.1, idle=60, silence=0.1)
    database = opened(postgres_database)
    slow = text("SELECT pg_sleep(0.5)")
    with database.reading(unbounded=True) as connection:
        connection.execute(slow)
    with pytest.raises(StoreError), database.reading() as connection:
        connection.execute(slow)


@contextmanager
def silent_proxy(url: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """The database behind a proxy that passes everything on until it is told to fall silent."""
    folder = url.split("host=")[1].replace("%2F", "/")
    speaking = threading.Event()
    speaking.set()
    listening = socket.create_server(("127.0.0.1", 0))
    ends: list[socket.socket] = [listening]

    def carry(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                speaking.wait()
                target.sendall(data)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(f"{folder}/.s.PGSQL.5432")
                ends.extend((client, server))
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=carry, args=pair, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    name = url.split("?")[0].rsplit("/", 1)[1]
    try:
        port = listening.getsockname()[1]
        yield (
            f"postgresql://postgres@127.0.0.1:{port}/{name}?sslmode=disable&gssencmode=disable",
            speaking.clear,
        )
    finally:
        speaking.set()
        for one in ends:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def test_a_server_that_falls_silent_is_given_up(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shortened(monkeypatch, statement=60, idle=60, silence=0.5)
    monkeypatch.setattr(patience, "_LIVELINESS", {"connect_timeout": 2})
    with silent_proxy(postgres_database) as (url, fall_silent):
        database = opened(url)

        def ask() -> None:
            with database.reading() as connection:
                fall_silent()
                connection.execute(text("SELECT 1"))

        with pytest.raises(StoreError) as caught:
            ask()
        assert caught.value.retry_helps
        assert "no answer" in caught.value.message
        with pytest.raises(StoreError), database.reading():
            pass


def test_a_long_conversation_is_no_silence(postgres_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shortened(monkeypatch, statement=60, idle=60, silence=0.5)
    # Larger than the server's buffer: each row goes out by itself.
    rows = text("SELECT repeat('x', 20000), pg_sleep(0.2) FROM generate_series(1, 6)")
    with opened(postgres_database).reading() as connection:
        assert len(connection.execute(rows).all()) == 6
