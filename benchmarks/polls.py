"""``python -m benchmarks.polls``: what it costs to claim feeds that are due, and polls that end in 304."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks import local_web
from benchmarks.fetch import free_port, running_web
from pipeline.settings import Settings, load
from pipeline.store import open_store
from workers.coordinator import Coordinator
from workers.embedded import Deployment


def good_hosts() -> list[int]:
    return [n for n in range(600) if local_web.temper(n) == "good"]


def claims(count: int, mill: Deployment) -> float:
    """Seconds for one tick's claiming and queueing of so many due feeds."""
    now = time.time()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        store = open_store(settings)
        store.migrate()
        for number in range(count):
            store.add_feed(f"https://host{number}.example/feed", now)
        coordinator = Coordinator(store, mill.stages, settings, lambda stage: None, poll_feeds=True)
        began = time.perf_counter()
        coordinator._poll_due_feeds(now)
        took = time.perf_counter() - began
        store.close()
    assert len(mill.stages.live("poll")) >= count
    mill.stages.redis.flushall()
    return took


def polls(feeds: int, rounds: int) -> tuple[float, float]:
    """CPU ms of the poll stage for a poll that ends in 304, and polls a second."""
    port = free_port()
    data = Path(tempfile.mkdtemp(prefix="feedmill-bench-"))
    os.environ |= {"FEEDMILL_ALLOW_ADDRESSES": "127.0.0.0/8", "FEEDMILL_HOST_DELAY": "0.1"}
    try:
        with (
            running_web(port, data / "web.log"),
            Deployment(load(data_dir=data / "data"), poll_feeds=True) as mill,
        ):
            store = mill.store
            hosts = good_hosts()
            for number in range(feeds):
                host = local_web.address(hosts[number % len(hosts)])
                store.add_feed(f"http://{host}:{port}/feed{number // len(hosts)}", time.time())
            wait(mill, 0.0)
            time.sleep(mill.settings.slice_seconds)
            spent = before = mill.stages.counters().get("poll:cpu_us", 0)
            wall = 0.0
            for _ in range(rounds):
                began = time.time()
                store.touch_feeds(None, began)
                mill.stages.wake()
                wall += wait(mill, began)
                time.sleep(mill.settings.slice_seconds)
            spent = mill.stages.counters()["poll:cpu_us"] - before
            bad = [
                feed for feed in store.feeds() if feed.problem or feed.history[-1].result != "not_modified"
            ]
            assert not bad, bad[0]
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return spent / 1000 / (feeds * rounds), feeds * rounds / wall


def wait(mill: Deployment, since: float) -> float:
    """Until every feed was polled; seconds that it took."""
    began = time.perf_counter()
    while any((feed.last_polled_at or -1.0) < since for feed in mill.store.feeds()):
        mill.check()
        time.sleep(0.2)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.polls", description=__doc__)
    parser.add_argument("--due", type=int, default=10_000, help="feeds that are due at once")
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Deployment(load(data_dir=Path(folder)), poll_feeds=False) as mill,
    ):
        print(f"{given.due} due feeds claimed and queued in {claims(given.due, mill):.2f} s", flush=True)
    spent, rate = polls(given.feeds, given.rounds)
    print(
        f"{given.feeds} feeds, {given.rounds} rounds of 304: {spent:.2f} ms of CPU a poll, {rate:.0f} polls/s"
    )


if __name__ == "__main__":
    main()
