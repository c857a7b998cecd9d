"""See `benchmarks.pictures`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.pictures import chromium, terminal
from benchmarks.pictures.history import Day
from benchmarks.pictures.web import EDITION, SEEDS, papers
from pipeline.settings import Settings
from pipeline.store import open_store
from workers.embedded import Deployment
from workers.intake import enqueue
from workers.pulse import pulse
from workers.web import server
from workers.web.child import WebChild

OUT = Path(__file__).parents[2] / "docs"
WIDTH, HEIGHT = 1280, 1180
#: a picture that is larger makes the front page slow (bytes)
LARGEST = 300_000
#: nothing here takes longer (s)
PATIENCE = 180.0
#: hosts that are being read while the picture is taken
HOSTS = 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the pictures")
    parser.add_argument("--hours", type=int, default=24, help="how much past the charts show")
    given = parser.parse_args()
    path = chromium.executable()
    if path is None:
        print("No Chromium found: install it (apt-get install chromium).", file=sys.stderr)
        return 2
    with (
        tempfile.TemporaryDirectory() as folder,
        papers() as port,
        deployment(Path(folder), given.hours) as mill,
    ):
        os.chdir(folder)
        (Path(folder) / "seeds").symlink_to(SEEDS)
        for feed in ("harbour-courier.rss.xml", "field-notes.atom.xml", "weather-desk.rss.xml", "closed.xml"):
            mill.store.add_feed(f"http://127.0.0.1:{port}/{feed}", time.time())
        seeds = finish(mill, "seeds")
        with WebChild(mill.settings, server.bind("127.0.0.1", 0)) as web, chromium.running(path) as browser:
            window = browser.new_context(
                base_url=web.url, viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light",
                reduced_motion="reduce", locale="en-GB",
            )  # fmt: skip
            window.set_default_timeout(PATIENCE * 1000)
            work(mill, port)
            page = window.new_page()
            take(page, "/", given.out / "screenshot.png")
            take(
                page,
                f"/items/{item_of(mill, seeds, 'tram-depot.html')}",
                given.out / "screenshot-passport.png",
            )
            take(page, "/articles?q=harbour", given.out / "screenshot-articles.png")
        terminal.draw(mill.settings, given.out / "terminal.svg")
    return 0


@contextmanager
def deployment(folder: Path, hours: int) -> Iterator[Deployment]:
    """One that has been at work for some hours."""
    settings = Settings(data_dir=folder / "feedmill-data", allow_addresses="127.0.0.0/8", concurrency=1)
    settings.data_dir.mkdir()
    store = open_store(settings)
    store.migrate()
    Day(store, time.time()).pass_by(hours)
    store.close()
    with Deployment(settings, poll_feeds=True) as mill:
        yield mill


def finish(mill: Deployment, source: str) -> str:
    """Hand a source in, and wait until its job ends; the job."""
    job = enqueue(mill.store, [source], mill.settings).job
    mill.stages.wake()

    def ended() -> bool:
        status = mill.store.job_status(job)
        return status is not None and status.state == "done"

    until(ended, "the samples are stored")
    return job


def work(mill: Deployment, port: int) -> None:
    """Begin with a job that takes minutes, and come back when its pace is known."""
    editions = [f"http://127.0.0.{2 + n}:{port}/{EDITION}" for n in range(HOSTS)]
    enqueue(mill.store, editions, mill.settings)
    mill.stages.wake()

    def paced() -> bool:
        mill.check()
        now = pulse(mill.store, mill.stages)
        return bool(now.rate and now.seconds_left and now.stages["store"].rate)

    until(paced, "the pace is known")


def item_of(mill: Deployment, job: str, name: str) -> int:
    return next(one.id for one in mill.store.items(job=job) if one.name.endswith(name))


def until(condition: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > ends:
            raise SystemExit(f"Gave up waiting until {what}.")
        time.sleep(0.2)


def take(page: Page, address: str, path: Path) -> None:
    page.goto(address)
    page.screenshot(path=path)
    size = path.stat().st_size
    print(f"{path} {size:,} bytes")
    if size > LARGEST:
        raise SystemExit(f"{path} has more than {LARGEST:,} bytes.")


if __name__ == "__main__":
    raise SystemExit(main())
