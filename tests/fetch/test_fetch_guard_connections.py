"""The guard at work: what a client connects to, however the address is spelled, resolved or reached."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest
from fetch_web import Web, page, redirect

from pipeline.errors import FetchError
from pipeline.fetch import Client
from pipeline.settings import Settings

TEXT = b"<p>The harbour was closed at noon.</p>"
GUARDED = Settings(host_delay=0.0, fetch_seconds=5.0)
LOOPBACK = Settings(host_delay=0.0, fetch_seconds=5.0, allow_addresses="127.0.0.1/32")


def code_of(url: str, settings: Settings = GUARDED) -> FetchError:
    async def work() -> None:
        async with Client(settings) as client:
            await client.get(url, max_bytes=1000)

    with pytest.raises(FetchError) as caught:
        asyncio.run(work())
    return caught.value


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "localhost",
        "LOCALHOST", "0", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "10.0.0.1",
        "169.254.169.254", "192.168.0.1", "public.example@127.0.0.1", "[fe80::1]", "[64:ff9b::7f00:1]",
    ],
)  # fmt: skip
def test_no_spelling_of_a_private_address_is_asked(host: str) -> None:
    async def work() -> tuple[str, bool, str, int]:
        async with Web({"/": page(TEXT)}) as web:
            url = f"http://{host}:{web.port}/"
            async with Client(GUARDED) as client:
                with pytest.raises(FetchError) as caught:
                    await client.get(url, max_bytes=1000)
            error = caught.value
            return error.code, error.retry_helps, error.message, web.connections

    code, retry_helps, message, connections = asyncio.run(work())
    assert (code, retry_helps, connections) == ("address", False, 0)
    assert "FEEDMILL_ALLOW_ADDRESSES" in message
    assert host.rpartition("@")[2].strip("[]").lower() in message.lower()


@pytest.mark.parametrize(
    "host",
    ["0177.0.0.1", "127.0.0.1.", "localhost.", "１２７.0.0.1", "①27.0.0.1", "127。0。0。1", "ⓛocalhost"],
)
def test_odd_spellings_lead_nowhere_either(host: str) -> None:
    error = code_of(f"http://{host}:9/")
    assert error.code in ("address", "bad_url", "dns")


def test_a_redirect_into_the_private_network_is_not_followed() -> None:
    async def work() -> tuple[FetchError, int]:
        async with Web({"/": page(TEXT)}) as inside:
            pages = {"/": redirect(f"http://127.0.0.2:{inside.port}/")}
            async with Web(pages) as web, Client(LOOPBACK) as client:
                with pytest.raises(FetchError) as caught:
                    await client.get(web.url("/"), max_bytes=1000)
                return caught.value, inside.connections

    error, connections = asyncio.run(work())
    assert (error.code, error.retry_helps, connections) == ("address", False, 0)
    assert "127.0.0.2" in error.message


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], list[str]]]:
    """A name server of the test's own: what each name resolves to, asked anew each time."""
    known: dict[str, Callable[[], list[str]]] = {}
    system = socket.getaddrinfo

    def resolve(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in known:
            return system(host, port, *args, **kwargs)
        return [found for one in known[host]() for found in system(one, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "::ffff:127.0.0.1"])
def test_a_name_that_resolves_to_a_private_address_is_refused(
    names: dict[str, Callable[[], list[str]]], address: str
) -> None:
    names["rebound.example"] = lambda: [address]
    error = code_of("http://rebound.example/")
    assert (error.code, error.retry_helps) == ("address", False)
    assert "rebound.example" in error.message
    assert address.removeprefix("::ffff:") in error.message


def test_of_several_addresses_the_allowed_ones_are_used(names: dict[str, Callable[[], list[str]]]) -> None:
    async def work() -> bytes:
        async with Web({"/": page(TEXT)}) as web, Client(LOOPBACK) as client:
            names["mixed.example"] = lambda: ["127.0.0.2", "10.0.0.1", "127.0.0.1", "::1"]
            return (await client.get(f"http://mixed.example:{web.port}/", max_bytes=1000)).body

    assert asyncio.run(work()) == TEXT


def test_a_name_that_changes_its_mind_does_not_get_through(names: dict[str, Callable[[], list[str]]]) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.3"], ["127.0.0.3"]])

    async def work() -> tuple[int, FetchError, int]:
        pages = {"/": page(TEXT, connection="close")}
        async with Web(pages) as web, Client(LOOPBACK) as client:
            names["fickle.example"] = lambda: next(answers)
            first = await client.get(f"http://fickle.example:{web.port}/", max_bytes=1000)
            with pytest.raises(FetchError) as caught:
                await client.get(f"http://fickle.example:{web.port}/", max_bytes=1000)
            return first.status, caught.value, web.connections

    status, error, connections = asyncio.run(work())
    assert (status, error.code, connections) == (200, "address", 1)


def test_an_address_that_does_not_answer_gives_way_to_the_next(
    names: dict[str, Callable[[], list[str]]],
) -> None:
    async def work() -> bytes:
        settings = Settings(host_delay=0.0, fetch_seconds=9.0, allow_addresses="127.0.0.0/8")
        async with Web({"/": page(TEXT)}) as web, Client(settings) as client:
            # The server listens on 127.0.0.1 alone.
            names["two.example"] = lambda: ["127.0.0.9", "127.0.0.1"]
            return (await client.get(f"http://two.example:{web.port}/", max_bytes=1000)).body

    assert asyncio.run(work()) == TEXT


def test_a_posted_form_is_guarded_as_well() -> None:
    async def work() -> None:
        async with Client(GUARDED) as client:
            await client.post("http://127.0.0.1/", {"hub.mode": "subscribe"})

    with pytest.raises(FetchError) as caught:
        asyncio.run(work())
    assert caught.value.code == "address"


def test_a_closed_port_of_a_public_address_is_refused_before_connecting() -> None:
    error = code_of("http://8.8.8.8:6379/")
    assert (error.code, error.retry_helps) == ("address", False)
    assert "6379" in error.message
