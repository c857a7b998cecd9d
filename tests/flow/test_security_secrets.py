"""A deployment at work on addresses that hold secrets, with all it tells turned upside down."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from mill import Mill, story
from web import Web

from workers.cli import cli
from workers.embedded import environment

SECRET = "sEcr3t0f7heTest0123"
PROC = Path("/proc")


def said(mill: Mill, *words: str) -> str:
    result = CliRunner().invoke(cli, list(words), env=environment(mill.deployment.settings))
    return f"{result.stdout}{result.stderr}"


def test_no_secret_in_an_address_is_told_to_anybody(start: Callable[..., Mill]) -> None:
    web = Web()
    query = f"token={SECRET}"
    heading, _, text = story(7).partition("\n\n")
    page = f"<article><h1>{heading}</h1>" + "".join(f"<p>{one}</p>" for one in text.split("\n\n"))
    address = web.serve(f"/story?{query}", page).replace("http://", f"http://ann:{SECRET}@")
    web.serve(f"/moved?{query}", "", status=302, Location=web.url(f"/story?{query}"))
    item = "<item><title>A</title><link>/e</link></item>"
    rss = f"<rss version='2.0'><channel><title>T</title>{item}</channel></rss>"
    web.serve(f"/feed?{query}", rss, Content_Type="application/rss+xml")
    mill = start(log_level="DEBUG", max_attempts=1, poll=True, api_token=SECRET)
    deployment = mill.deployment
    deployment.store.add_feed(address.replace("/story", "/feed"), time.time(), None, None)
    failing = [address.replace("/story", "/missing"), f"http://ann:{SECRET}@10.0.0.1/?{query}"]
    mill.run(address, address.replace("/story", "/moved"), *failing, f"https://ann:{SECRET}/x@h/")
    mill.until(lambda: deployment.store.feeds()[0].last_polled_at is not None, "the feed was polled")
    mill.until(lambda: all(job.state == "done" for job in deployment.store.jobs(9)), "all jobs are done")

    told = {
        words: said(mill, *words.split())
        for words in (
            "status", "status --json", "failures", "failures --json", "articles", "articles --json", "show 1",
            "feeds list", "feeds list --json", "feeds show 1", "feeds show 1 --json", "feeds export",
            "doctor", "why 1", "why 2", "why 3", "why 4", "why 5", "why 3 --json",
        )
    }  # fmt: skip
    told |= {log.name: log.read_text() for log in deployment.settings.data_dir.glob("*.log")}
    rows = deployment.store.find_items("127.0.0.1")
    told |= {f"row {row.id}": f"{row.name} {row.message} {row.trace}" for row in rows}
    web.stop()
    assert len(rows) >= 3
    assert "***" in told["why 1"]
    assert not [name for name, text in told.items() if SECRET in text]
    (article,) = deployment.store.export()
    assert "ann" not in article["url"]


@pytest.mark.skipif(not PROC.is_dir(), reason="processes are looked up in /proc")
def test_the_token_of_the_web_is_not_given_to_workers(start: Callable[..., Mill]) -> None:
    mill = start(api_token=SECRET, api_read="token")
    assert mill.worker() > 0
    worker = PROC / str(mill.worker())
    assert sys.executable.encode() in (worker / "cmdline").read_bytes()
    assert SECRET.encode() not in (worker / "cmdline").read_bytes() + (worker / "environ").read_bytes()
