"""A PostgreSQL that is silent, locked or frozen costs a bounded time, and others go on meanwhile."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

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


class Proxy:
    """The database behind something that passes everything on, and takes everything, until it is told
    to fall silent: then for the connections that are open, and ``for_good`` for all later ones too."""

    def __init__(self, url: str) -> None:
        folder = url.split("host=")[1].replace("%2F", "/")
        name = url.split("?")[0].rsplit("/", 1)[1]
        self._server = f"{folder}/.s.PGSQL.5432"
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = [self._listening]
        self._speaking: list[threading.Event] = []
        self._for_good = False
        port = self._listening.getsockname()[1]
        self.url = f"postgresql://postgres@127.0.0.1:{port}/{name}?sslmode=disable&gssencmode=disable"
        threading.Thread(target=self._accept, daemon=True).start()

    def fall_silent(self, *, for_good: bool = False) -> None:
        self._for_good = for_good
        for one in self._speaking:
            one.clear()

    def close(self) -> None:
        for one in self._speaking:
            one.set()
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                self._ends += [client, server]
                speaking = threading.Event()
                self._speaking.append(speaking)
                if not self._for_good:
                    speaking.set()
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=_carry, args=(*pair, speaking), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket, speaking: threading.Event) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            speaking.wait()
            target.sendall(data)


@pytest.fixture
def proxy(postgres_database: str) -> Iterator[Proxy]:
    proxy = Proxy(postgres_database)
    yield proxy
    proxy.close()


def test_a_server_that_falls_silent_is_given_up(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    shortened(monkeypatch, statement=60, idle=60, silence=0.5)
    monkeypatch.setattr(patience, "_LIVELINESS", {"connect_timeout": 2})
    database = opened(proxy.url)

    def ask() -> None:
        with database.reading() as connection:
            proxy.fall_silent(for_good=True)
            connection.execute(text("SELECT 1"))

    with pytest.raises(StoreError) as caught:
        ask()
    assert caught.value.retry_helps
    assert "no answer" in caught.value.message
    with pytest.raises(StoreError), database.reading():
        pass


def test_an_idle_connection_that_is_dead_is_replaced(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PING_SECONDS", 0.3)
    # Nothing else bounds the wait: were it not for the ping, this would never end.
    monkeypatch.setattr(patience.Patient, "silence", None)
    database = opened(proxy.url)
    proxy.fall_silent()
    with database.reading() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def test_a_long_conversation_is_no_silence(postgres_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shortened(monkeypatch, statement=60, idle=60, silence=0.5)
    # Larger than the server's buffer: each row goes out by itself.
    rows = text("SELECT repeat('x', 20000), pg_sleep(0.2) FROM generate_series(1, 6)")
    with opened(postgres_database).reading() as connection:
        assert len(connection.execute(rows).all()) == 6
