"""Politeness inside one process: spacing, one at a time, and nobody waits for another's host."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

from fetch_web import Web, page, silence

from pipeline.fetch import Client
from pipeline.fetch.hosts import HostRules
from pipeline.fetch.turns import Turns
from pipeline.settings import Settings

TEXT = b"<p>text</p>"


def turns_of(delay: float, parallel: int, **settings: Any) -> Turns:
    return Turns(HostRules(Settings(host_delay=delay, **settings)), parallel=parallel)


def test_requests_to_one_host_keep_their_distance() -> None:
    async def work() -> list[float]:
        async with (
            Web({"/": page(TEXT)}) as web,
            Client(Settings(host_delay=0.1, allow_addresses="127.0.0.0/8")) as client,
        ):
            await asyncio.gather(*(client.get(web.url("/"), max_bytes=100) for _ in range(4)))
            return [request.at for request in web.asked]

    times = asyncio.run(work())
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 3
    assert min(gaps) >= 0.099


def test_a_silent_host_holds_up_nobody_else() -> None:
    async def work() -> None:
        settings = Settings(
            host_delay=0.0,
            fetch_seconds=60,
            first_byte_seconds=60,
            fetch_parallel=3,
            allow_addresses="127.0.0.0/8",
        )
        async with Web({"/": silence()}) as slow, Web({"/": page(TEXT)}) as good, Client(settings) as client:
            stuck = [asyncio.create_task(client.get(slow.url("/"), max_bytes=100)) for _ in range(20)]
            while not slow.asked:
                await asyncio.sleep(0)
            for _ in range(5):
                await client.get(good.url("/"), max_bytes=100)
            assert len(slow.asked) == 1
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)

    asyncio.run(asyncio.wait_for(work(), 20))


def test_no_more_requests_run_at_once_than_allowed() -> None:
    async def work() -> int:
        turns, running, most = turns_of(0.0, 3), 0, 0

        async def ask(host: str) -> None:
            nonlocal running, most
            async with turns.turn(f"http://{host}/"):
                running += 1
                most = max(most, running)
                for _ in range(5):
                    await asyncio.sleep(0)
                running -= 1

        await asyncio.gather(*(ask(f"h{number}.example") for number in range(20)))
        return most

    assert asyncio.run(work()) == 3


def test_a_cancelled_wait_leaves_the_host_free() -> None:
    async def work() -> None:
        turns = turns_of(0.0, 1)
        async with turns.turn("http://a.example/"):
            waiting = asyncio.create_task(turns.turn("http://a.example/").__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(5), turns.turn("http://a.example/"):
            pass

    asyncio.run(work())


def test_idle_hosts_are_forgotten_and_pausing_ones_are_not(tmp_path: Path) -> None:
    async def work() -> None:
        file = tmp_path / "hosts.toml"
        file.write_text('["kept.example"]\ndelay = 0.3\n')
        turns = turns_of(0.0, 1, hosts_file=str(file))
        async with turns.turn("http://kept.example/"):
            pass
        released = asyncio.get_running_loop().time()
        for number in range(5000):
            async with turns.turn(f"http://h{number}.example/"):
                pass
        assert len(turns._hosts) <= 2001
        async with turns.turn("http://kept.example/"):
            assert asyncio.get_running_loop().time() >= released + 0.29

    asyncio.run(work())


def test_a_host_with_two_places_is_asked_twice_at_once_and_each_place_pauses() -> None:
    async def work() -> tuple[int, float]:
        turns, running, most = turns_of(0.1, 9, host_parallel=2), 0, 0

        async def ask(number: int) -> None:
            nonlocal running, most
            async with turns.turn(f"http://a.example/{number}"):
                running += 1
                most = max(most, running)
                await asyncio.sleep(0)
                running -= 1

        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(ask(number) for number in range(6)))
        return most, asyncio.get_running_loop().time() - began

    most, took = asyncio.run(work())
    assert most == 2
    assert took >= 0.2


def test_hosts_of_one_domain_share_their_turn_where_that_is_set() -> None:
    async def at_once(scope: str) -> int:
        turns, running, most = turns_of(0.0, 9, host_scope=scope), 0, 0

        async def ask(host: str) -> None:
            nonlocal running, most
            async with turns.turn(f"http://{host}/"):
                running += 1
                most = max(most, running)
                await asyncio.sleep(0)
                running -= 1

        await asyncio.gather(*(ask(host) for host in ("a.site.co.uk", "b.site.co.uk", "site.co.uk")))
        return most

    assert asyncio.run(at_once("host")) == 3
    assert asyncio.run(at_once("domain")) == 1
