"""Pages that kill, hang or bloat their process: they end alone, and cost the others a moment."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from mill import PATIENCE, Mill, story, write_stories
from web import Web

from pipeline.store.contract import ItemRow

Start = Callable[..., Mill]

#: longer than any test waits: what goes on sooner did not wait for the end of a lease
FOREVER = 3600.0

#: read by every process of the deployment when it starts; a slow page notes that it is worked on, and lasts
#: until a gate is opened
POISON = """
import ctypes, itertools, os, time
import pipeline.clean as cleaning
_clean = cleaning.clean
def clean(page, memory=None):
    body = page.body
    if b"KILLED" in body:
        os.kill(os.getpid(), 9)
    if b"BROKEN" in body:
        ctypes.string_at(0)
    if b"EXIT" in body:
        os._exit(3)
    if b"ENDLESS" in body:
        while True:
            pass
    if b"DEAF" in body:
        sum(itertools.repeat(1, 10**13))  # one call in C: no signal is handled meanwhile
    if b"GREEDY" in body:
        kept = []
        while True:
            kept.append(bytearray(20_000_000))
    if b"SLOW" in body:
        with open(os.environ["POISON_TALLY"], "a") as tally:
            tally.write("begun\\n")
        while not os.path.exists(os.environ["POISON_GATE"]):
            time.sleep(0.05)
    return _clean(page, memory)
cleaning.clean = clean
import pipeline.fetch.reading as reading
_read = reading.read_feed
def read_feed(body, *args, **named):
    if b"BROKEN" in body:
        ctypes.string_at(0)
    if b"DEAF" in body:
        sum(itertools.repeat(1, 10**13))
    return _read(body, *args, **named)
reading.read_feed = read_feed
"""


@pytest.fixture
def poisoned(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Start a deployment in which a word in a page does harm."""
    (tmp_path / "sitecustomize.py").write_text(POISON)
    monkeypatch.setenv("POISON_TALLY", str(tmp_path / "tally"))
    monkeypatch.setenv("POISON_GATE", str(tmp_path / "gate"))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    return start


def write(folder: Path, *words: str) -> Path:
    for number, word in enumerate(words):
        (folder / f"{word.lower()}.txt").write_text(f"{word}\n\n{story(90_000 + number)}")
    return folder


def failed(mill: Mill) -> dict[str, ItemRow]:
    return {Path(item.name).stem: item for item in mill.deployment.store.items(outcome="failed")}


def test_pages_that_kill_their_process_end_alone_with_what_was_seen(poisoned: Start, tmp_path: Path) -> None:
    mill = poisoned(lease_seconds=FOREVER)
    words = ("KILLED", "BROKEN", "EXIT")
    status = mill.run(write(write_stories(tmp_path / "in", 20), *words))
    assert (status.outcomes.stored, status.outcomes.failed) == (20, len(words))
    ends = failed(mill)
    for name, told in {
        "killed": "signal 9 (SIGKILL)",
        "broken": "signal 11 (SIGSEGV)",
        "exit": "exit code 3",
    }.items():
        assert ends[name].code == "crashed", name
        assert told in (ends[name].message or ""), name
    trace = ends["broken"].trace
    assert [step.stage for step in trace] == ["fetch", *["clean"] * (len(trace) - 1)]
    assert all("SIGSEGV" in (step.message or "") for step in trace[1:])
    # Once among others, then alone, as often as is set.
    assert len(trace) - 1 == 1 + mill.deployment.settings.max_crashes
    mill.until(lambda: not mill.deployment.stages.live(), "nothing is in flight")


@pytest.mark.timeout(300)
def test_pages_that_hang_or_need_too_much_memory_end_at_once(poisoned: Start, tmp_path: Path) -> None:
    mill = poisoned(item_seconds=1.0, lease_seconds=FOREVER, process_bytes=700_000_000)
    words = ("ENDLESS", "DEAF", "GREEDY")
    # Each takes its limit, or three where it gets no processor, and its process begins anew: in turn.
    job = mill.enqueue(write(write_stories(tmp_path / "in", 20), *words))
    status = mill.finish(job, patience=3 * PATIENCE)
    assert (status.outcomes.stored, status.outcomes.failed) == (20, len(words))
    ends = failed(mill)
    codes = {"endless": "timeout", "deaf": "timeout", "greedy": "memory"}
    assert {name: item.code for name, item in ends.items()} == codes
    assert "beyond 1 s" in (ends["deaf"].message or "")
    assert "700 MB" in (ends["greedy"].message or "")
    assert [step.stage for step in ends["deaf"].trace] == ["fetch", "clean"]


def test_the_mates_of_a_page_that_hangs_go_on_while_it_hangs(poisoned: Start, tmp_path: Path) -> None:
    mill = poisoned(item_seconds=FOREVER, lease_seconds=FOREVER)
    job = mill.enqueue(write(write_stories(tmp_path / "in", 40), "DEAF"))
    mill.until(lambda: mill.status(job).outcomes.stored == 40, "all others are stored")
    assert mill.status(job).in_flight == 1


def test_a_kill_from_outside_is_not_held_against_a_slow_page(poisoned: Start, tmp_path: Path) -> None:
    mill = poisoned(lease_seconds=FOREVER)
    (tmp_path / "tally").touch()

    def begun(times: int) -> bool:
        return len((tmp_path / "tally").read_text().splitlines()) == times

    (tmp_path / "in").mkdir()
    job = mill.enqueue(write(tmp_path / "in", "SLOW"))
    for kills in range(mill.deployment.settings.max_crashes + 2):
        mill.until(partial(begun, kills + 1), "it is worked on")
        assert mill.kill_pool_processes() > 1
    mill.until(partial(begun, kills + 2), "it was given back, once more")
    (tmp_path / "gate").touch()
    assert mill.finish(job).outcomes.stored == 1


def test_feeds_that_kill_or_hang_their_process_have_failed_polls_and_the_others_are_polled(
    poisoned: Start, web: Web
) -> None:
    mill = poisoned(item_seconds=0.5, lease_seconds=FOREVER, poll=True, host_delay=0.0)
    store = mill.deployment.store
    rss = "<rss version='2.0'><channel><title>{0}</title></channel></rss>"
    feeds = {
        name: store.add_feed(web.serve(f"/{name}", rss.format(name)), time.time())
        for name in ("BROKEN", "DEAF", *(f"feed{number}" for number in range(10)))
    }
    mill.deployment.stages.wake()
    mill.until(lambda: all(feed.last_polled_at for feed in store.feeds()), "all were polled")
    ends = {name: store.feeds([feed.id])[0] for name, feed in feeds.items()}
    problems = {name: feed.problem.code for name, feed in ends.items() if feed.problem}
    assert problems == {"BROKEN": "crashed", "DEAF": "timeout"}
    for name in problems:
        assert (ends[name].state, ends[name].errors) == ("active", 1)
        assert ends[name].due_at > time.time() + 60, "it is asked again, later"
    assert "SIGSEGV" in ends["BROKEN"].problem.message  # type: ignore[union-attr]
    mill.until(lambda: not mill.deployment.stages.live("poll"), "nothing is in flight")
