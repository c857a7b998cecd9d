"""``make soak MINUTES=60``: mixed load on a deployment of its own, and whether anything grows.

Exit code 0: nothing grows, and nothing is left over. 1: something does, or is. With ``--plant`` one
service leaks on purpose: then 1 is what must come.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.processes import cpu, tree
from benchmarks.soak.deployment import Deployment, running
from benchmarks.soak.judge import BOUNDS, Verdict, judge
from benchmarks.soak.load import Load
from benchmarks.soak.samples import Sample, Sampler
from pipeline.store import Store, open_store
from workers.stages import Stages

#: how long what was accepted may take to end when the load stops (s)
DRAIN = 120.0
#: kinds of keys that may be there when nothing is in flight: what is known of hosts, of services, of ticks
LASTING = frozenset(
    {"host", "robots", "sites", "worker", "watchdog", "web", "coordinator", "tick", "clocks"}
    | {"cnt", "mq", "wake", "pump", "samples", "workers"}
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=2.0, help="items handed in a second")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two samples")
    parser.add_argument("--out", type=Path, help="folder for samples and logs  [default: a temporary one]")
    parser.add_argument("--plant", action="store_true", help="one service leaks")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="feedmill-soak-") as scratch:
        home = (given.out or Path(scratch)).absolute()
        home.mkdir(parents=True, exist_ok=True)
        with running(home, plant=given.plant) as deployment:
            return soak(deployment, home, given.minutes * 60, given.rate, given.every)


def soak(deployment: Deployment, home: Path, seconds: float, rate: float, every: float) -> int:
    load, sampler = Load(deployment, home, rate), Sampler(deployment)
    load.begin()
    series: dict[str, list[tuple[float, float]]] = defaultdict(list)
    began = next_sample = time.monotonic()
    before = _spent(deployment)
    with (home / "samples.jsonl").open("w") as log:
        while (now := time.monotonic()) < began + seconds:
            load.go_on(now)
            if now >= next_sample:
                next_sample += every
                sample = sampler.look()
                _note(series, now - began, sample)
                log.write(json.dumps({"at": round(now - began, 1), **sample}) + "\n")
                log.flush()
            time.sleep(0.2)
    spent = (_spent(deployment) - before) / seconds
    print(f"{seconds / 60:.0f} minutes, {spent:.2f} of one core; done: {dict(load.done)}")
    times = sorted(load.requests)
    if times:
        print(f"pages: median {times[len(times) // 2] * 1000:.0f} ms, slowest {times[-1] * 1000:.0f} ms")
    last = sampler.look()
    print(", ".join(f"{last[name]:,.0f} {name}" for name in ("items", "articles", "jobs", "feed entries")))
    grows = report(series)
    wrong = _left_over(deployment, every)
    sampler.close()
    for line in wrong:
        print(f"LEFT OVER: {line}")
    return 1 if grows or wrong else 0


def report(series: dict[str, list[tuple[float, float]]]) -> bool:
    """Print every verdict; whether something grows."""
    verdicts = [judge(name, found) for name, found in series.items() if name.rpartition(" ")[2] in BOUNDS]
    print(f"\n{'series':32} {'median':>10} {'highest':>10} {'rise':>10} {'an hour':>10} {'allowed':>10}")
    for one in verdicts:
        print(_line(one))
    growing = [one.name for one in verdicts if one.grows]
    print(f"\n{'GROWS: ' + ', '.join(growing) if growing else 'Nothing grows.'}")
    return bool(growing)


def _line(one: Verdict) -> str:
    told = f"{one.name:32} {one.median:10.1f} {one.highest:10.1f}"
    if one.rise is None or one.an_hour is None:
        return f"{told} too few samples"
    return f"{told} {one.rise:10.2f} {one.an_hour:10.2f} {one.allowed:10.2f}{' GROWS' if one.grows else ''}"


def _note(series: dict[str, list[tuple[float, float]]], at: float, sample: Sample) -> None:
    for name, value in sample.items():
        series[name].append((at, value))


def _spent(deployment: Deployment) -> float:
    return cpu([pid for top in deployment.pids.values() for pid in tree(top)])


def _left_over(deployment: Deployment, every: float) -> list[str]:
    """What is not as it should be once the load has stopped and everything ended."""
    store, stages = open_store(deployment.settings), Stages(deployment.settings)
    try:
        for feed in store.feeds():
            store.change_feed(feed.id, time.time(), state="paused")
        ends = time.monotonic() + DRAIN
        while time.monotonic() < ends and (store.totals().state == "running" or stages.live("poll")):
            time.sleep(every / 10)
        return _wrong(store, stages)
    finally:
        store.close()
        stages.close()


def _wrong(store: Store, stages: Stages) -> list[str]:
    totals = store.totals()
    wrong = [one.message for one in store.check()]
    if totals.state == "running":
        open_items = totals.pending + totals.in_flight
        wrong.append(f"{open_items} items had not ended {DRAIN:.0f} s after the load stopped")
    prefix = f"{stages.prefix}:"
    keys = [key.decode().removeprefix(prefix) for key in stages.redis.scan_iter(count=1000)]
    left = [key for key in keys if key.partition(":")[0] not in LASTING]
    if left:
        wrong.append(f"{len(left)} keys in Redis with nothing in flight, as {', '.join(sorted(left)[:5])}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
