"""One connection as a protocol: however the bytes arrive, and whatever they are."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetch.connection import Broken, Connection, Dead

ANSWERS = {
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nX-A: b\r\n\r\nsome text",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n5\r\n text\r\n0\r\n\r\n",
    "to the end": b"HTTP/1.0 200 OK\r\n\r\nsome text",
    "hints first": (
        b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome text"
    ),
    # What Apache says of HTTP/2 in ordinary answers.
    "upgrade offered": (
        b"HTTP/1.1 200 OK\r\nUpgrade: h2,h2c\r\nConnection: Upgrade, Keep-Alive\r\n"
        b"Content-Length: 9\r\n\r\nsome text"
    ),
}


class Wire(asyncio.Transport):
    """A transport without a network."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = False

    def write(self, data: object) -> None:
        pass

    def is_closing(self) -> bool:
        return self.closed

    def abort(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


async def received(sent: bytes, cuts: list[int], *, then_lost: bool) -> tuple[int, bytes, bool]:
    connection, wire = Connection(), Wire()
    connection.connection_made(wire)
    await connection.send(b"GET / HTTP/1.1\r\n\r\n")
    places = sorted({cut % (len(sent) + 1) for cut in cuts} | {0, len(sent)})
    for start, end in pairwise(places):
        if not wire.closed:
            connection.data_received(sent[start:end])
    if then_lost:
        connection.connection_lost(None)
    status, _ = await connection.head()
    body = b"".join([piece async for piece in connection.pieces()])
    return status, body, connection.reusable


@pytest.mark.parametrize("kind", ANSWERS)
@given(cuts=st.lists(st.integers(0, 500), max_size=20))
def test_an_answer_is_the_same_in_whatever_pieces_it_arrives(kind: str, cuts: list[int]) -> None:
    lost = kind == "to the end"
    assert asyncio.run(received(ANSWERS[kind], cuts, then_lost=lost)) == (200, b"some text", not lost)


@given(st.sampled_from(sorted(ANSWERS)), st.data())
def test_damaged_answers_end_in_an_answer_or_in_a_broken_connection(kind: str, data: st.DataObject) -> None:
    sent = bytearray(ANSWERS[kind])
    for place in data.draw(st.lists(st.integers(0, len(sent) - 1), max_size=4)):
        sent[place : place + 1] = data.draw(st.binary(max_size=3))
    try:
        status, _, _ = asyncio.run(
            received(bytes(sent), data.draw(st.lists(st.integers(0, 200))), then_lost=True)
        )
    except Broken:
        return
    assert 100 <= status <= 999


@given(st.binary(max_size=300))
def test_rubbish_is_never_more_than_a_broken_connection(sent: bytes) -> None:
    with pytest.raises(Dead if not sent else Broken):
        asyncio.run(received(sent, [], then_lost=True))


def test_a_closed_connection_is_dead_before_anything_is_sent() -> None:
    async def work() -> None:
        connection = Connection()
        connection.connection_made(Wire())
        connection.connection_lost(None)
        await connection.send(b"GET / HTTP/1.1\r\n\r\n")

    with pytest.raises(Dead):
        asyncio.run(work())


def test_what_nobody_asked_for_ends_the_connection() -> None:
    async def work() -> tuple[bool, bool]:
        connection, wire = Connection(), Wire()
        connection.connection_made(wire)
        await connection.send(b"GET / HTTP/1.1\r\n\r\n")
        connection.data_received(ANSWERS["length"])
        reusable = connection.reusable
        connection.data_received(ANSWERS["length"])
        return reusable, connection.reusable or not wire.closed

    assert asyncio.run(work()) == (True, False)
