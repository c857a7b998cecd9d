"""``python -m benchmarks.fetch``: the polite fetcher on a local web of 500 hosts, against its schedule.

Reports for 1, 2 and 4 fetch processes: pages a second, how much of what the polite schedule permits
that is, pauses that were too short (must be none), and CPU a page; and a plain asyncio+httpx loop over
the same addresses for comparison.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from benchmarks import local_web
from benchmarks.processes import cpu, tree
from pipeline.settings import load
from workers.embedded import Deployment
from workers.intake import enqueue

#: a pause counts as too short below this share of what was asked for
TOO_SHORT = 0.95
#: longest run (s)
PATIENCE = 900.0


class Asked(NamedTuple):
    """One request as the server saw it."""

    arrived: float
    ended: float
    status: int


@contextmanager
def running_web(port: int, log: Path) -> Iterator[int]:
    """A local web on a port; gives its process id. Its log is whole when the block ends."""
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.local_web", str(port), str(log)], stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    child.stdout.readline()
    try:
        yield child.pid
    finally:
        child.send_signal(signal.SIGINT)
        child.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("0.0.0.0", 0))
        port: int = one.getsockname()[1]
        return port


def read_log(log: Path) -> dict[str, list[Asked]]:
    found: dict[str, list[Asked]] = defaultdict(list)
    for line in log.read_text().splitlines():
        host, arrived, ended, status = line.split()
        found[host].append(Asked(float(arrived), float(ended), int(status)))
    for asked in found.values():
        asked.sort()
    return found


def addresses(hosts: int, pages: int, port: int) -> list[str]:
    """Page by page over all hosts, the dead ones with few."""
    return [
        f"http://{local_web.address(host)}:{port}/{page}"
        for page in range(pages)
        for host in range(hosts)
        if page < 3 or local_web.temper(host) != "dead"
    ]


class Schedule(NamedTuple):
    """What the log says of politeness and of speed."""

    pages: int
    #: from the first request to the last answer of a good host (s)
    wall: float
    #: what the slowest good host needs at least: its answers, and a pause after each (s)
    least: float
    #: median over good hosts of least / taken
    median_share: float
    violations: int
    smallest_pause: float
    at_once: int


def judged(found: dict[str, list[Asked]], delay: float) -> Schedule:
    start = min(asked[0].arrived for asked in found.values())
    least, ends, shares, pauses, violations, at_once = [], [], [], [], 0, 1
    for host, asked in found.items():
        temper = local_web.temper(local_web.number_of(host))
        for one, following in itertools.pairwise(asked):
            pause = following.arrived - one.ended
            wanted = local_web.RETRY_AFTER if one.status == 429 else delay
            if temper != "dead":
                pauses.append(pause)
                violations += pause < wanted * TOO_SHORT
                at_once = max(at_once, 2 if pause < 0 else 1)
        if temper == "good":
            needed = sum(one.ended - one.arrived for one in asked) + delay * (len(asked) - 1)
            least.append(needed)
            ends.append(asked[-1].ended - start)
            shares.append(needed / (asked[-1].ended - start))
    pages = sum(one.status == 200 for asked in found.values() for one in asked)
    return Schedule(pages, max(ends), max(least), statistics.median(shares), violations, min(pauses), at_once)


def feedmill(processes: int, urls: list[str], port: int, delay: float, scratch: Path) -> str:
    """One run of the whole pipeline over the addresses."""
    log = scratch / f"web-{processes}.log"
    os.environ |= {
        "FEEDMILL_ALLOW_ADDRESSES": "127.0.0.0/8",
        "FEEDMILL_HOST_DELAY": str(delay),
        "FEEDMILL_WIDTH": str(processes),
        "FEEDMILL_MAX_ATTEMPTS": "2",
        "FEEDMILL_RETRY_SECONDS": "1",
        "FEEDMILL_FIRST_BYTE_SECONDS": "5",
    }
    data = Path(tempfile.mkdtemp(prefix="feedmill-bench-"))
    try:
        with running_web(port, log), Deployment(load(data_dir=data), poll_feeds=False) as mill:
            assert mill._server is not None
            job = enqueue(mill.store, urls, mill.settings).job
            redis = cpu([mill._server.pid])
            began = time.perf_counter()
            mill.stages.wake()
            while (status := mill.store.job_status(job)) and status.state != "done":
                mill.check()
                time.sleep(0.5)
                if time.perf_counter() - began > PATIENCE:
                    break
            wall = time.perf_counter() - began
            redis = cpu([mill._server.pid]) - redis
            time.sleep(1)
            spent = mill.stages.counters().get("fetch:cpu_us", 0) / 1e6
    finally:
        shutil.rmtree(data, ignore_errors=True)
    assert status is not None
    found = judged(read_log(log), delay)
    outcomes = {n: getattr(status.outcomes, n) for n in status.outcomes.__struct_fields__}
    told = ", ".join(f"{n} {k}" for k, n in outcomes.items() if n)
    return (
        f"{processes} fetch processes: {told}; all done after {wall:.1f} s\n{_line(found)}\n"
        f"  CPU ms a page: fetch {1000 * spent / found.pages:.2f},"
        f" Redis (all stages) {1000 * redis / found.pages:.2f}"
    )


async def _plain(urls: list[str], delay: float, parallel: int) -> tuple[float, int]:
    """The obvious loop: one httpx client, a task per host, a pause after each answer."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        by_host[url.split("/")[2]].append(url)
    gate = asyncio.Semaphore(parallel)
    got = 0
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(timeout=5, limits=limits) as client:

        async def one_host(mine: list[str]) -> None:
            nonlocal got
            for url in mine:
                try:
                    async with gate:
                        response = await client.get(url)
                    got += response.status_code == 200
                    await asyncio.sleep(local_web.RETRY_AFTER if response.status_code == 429 else delay)
                except httpx.HTTPError:
                    await asyncio.sleep(delay)

        began = time.process_time()
        await asyncio.gather(*(one_host(mine) for mine in by_host.values()))
        return time.process_time() - began, got


def plain(urls: list[str], port: int, delay: float, scratch: Path) -> str:
    log = scratch / "web-plain.log"
    with running_web(port, log) as web:
        tree(web)
        spent, got = asyncio.run(_plain(urls, delay, 256))
    found = judged(read_log(log), delay)
    told = f"plain asyncio and httpx, one client: {got} pages\n{_line(found)}"
    return f"{told}\n  CPU ms a page: {1000 * spent / max(got, 1):.2f}"


def _line(found: Schedule) -> str:
    return (
        f"  {found.pages / found.wall:.0f} pages/s; good hosts done after {found.wall:.1f} s, the schedule"
        f" permits {found.least:.1f} s ({found.least / found.wall:.0%}; median host"
        f" {found.median_share:.0%})\n"
        f"  pauses too short: {found.violations}; shortest {found.smallest_pause:.3f} s;"
        f" at most {found.at_once} at once"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fetch", description=__doc__)
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--pages", type=int, default=10, help="pages of each host (default 10)")
    parser.add_argument("--delay", type=float, default=2.0, help="seconds between two requests to a host")
    parser.add_argument("--processes", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--skip-plain", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="feedmill-bench-") as scratch:
        port = free_port()
        urls = addresses(given.hosts, given.pages, port)
        print(f"{len(urls)} pages of {given.hosts} hosts, a pause of {given.delay:g} s", flush=True)
        if not given.skip_plain:
            print(plain(urls, port, given.delay, Path(scratch)), flush=True)
        for processes in given.processes:
            print(feedmill(processes, urls, port, given.delay, Path(scratch)), flush=True)


if __name__ == "__main__":
    main()
