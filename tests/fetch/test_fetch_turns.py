"""Politeness inside one process: spacing, one at a time, and nobody waits for another's host."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from fetch_web import Web, page, silence

from pipeline.fetch import Client
from pipeline.fetch.turns import Turns
from pipeline.settings import Settings

TEXT = b"<p>text</p>"


def test_requests_to_one_host_keep_their_distance() -> None:
    async def work() -> list[float]:
        async with Web({"/": page(TEXT)}) as web, Client(Settings(host_delay=0.1)) as client:
            await asyncio.gather(*(client.get(web.url("/"), max_bytes=100) for _ in range(4)))
            return [request.at for request in web.asked]

    times = asyncio.run(work())
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 3
    assert min(gaps) >= 0.099


def test_a_silent_host_holds_up_nobody_else() -> None:
    async def work() -> None:
        settings = Settings(host_delay=0.0, fetch_seconds=60, fetch_parallel=3)
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
        turns, running, most = Turns(delay=0.0, parallel=3), 0, 0

        async def ask(host: str) -> None:
            nonlocal running, most
            async with turns.turn(host):
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
        turns = Turns(delay=0.0, parallel=1)
        async with turns.turn("a.example"):
            waiting = asyncio.create_task(turns.turn("a.example").__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(5), turns.turn("a.example"):
            pass

    asyncio.run(work())


def test_idle_hosts_are_forgotten_and_pausing_ones_are_not() -> None:
    async def work() -> None:
        turns = Turns(delay=0.3, parallel=1)
        async with turns.turn("kept.example"):
            pass
        released = asyncio.get_running_loop().time()
        turns._delay = 0.0
        for number in range(5000):
            async with turns.turn(f"h{number}.example"):
                pass
        assert len(turns._hosts) <= 2001
        if asyncio.get_running_loop().time() < released + 0.2:
            async with turns.turn("kept.example"):
                assert asyncio.get_running_loop().time() >= released + 0.29

    asyncio.run(work())
