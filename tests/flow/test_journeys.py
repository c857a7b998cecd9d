"""From sources to outcomes, through a whole deployment and a small web of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from mill import Mill, story, write_stories
from web import Web

from pipeline.model import Counts
from pipeline.store import Chosen
from pipeline.store.contract import ArticleFilter

Start = Callable[..., Mill]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def mill(request: pytest.FixtureRequest) -> Mill:
    """One for all tests, on each kind of database."""
    # The database first: it is taken down after the deployment that uses it.
    settings = (
        {"database_url": request.getfixturevalue("module_postgres_database")}
        if request.param == "postgres"
        else {}
    )
    keep: Start = request.getfixturevalue("keep")
    return keep(host_delay=0.0, retry_seconds=0.2, window=80, **settings)


@pytest.fixture
def web(apart: Web) -> Web:
    return apart


def page(number: int, head: str = "") -> str:
    title, _, body = story(number).partition("\n\n")
    paragraphs = "".join(f"<p>{one}</p>" for one in body.split("\n\n"))
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


def rss(*links: str) -> str:
    items = "".join(f"<item><title>Entry</title><link>{link}</link></item>" for link in links)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


def test_the_same_file_a_changed_file_and_a_copy(mill: Mill, tmp_path: Path, first: int) -> None:
    folder = write_stories(tmp_path / "in", 2, first)
    assert mill.run(folder).outcomes == Counts(stored=2)
    assert mill.run(folder).outcomes == Counts(unchanged=2)
    (folder / f"story-{first:05}.txt").write_text(story(first + 77))
    (folder / "copy.txt").write_text(story(first + 1))
    job = mill.enqueue(folder)
    assert mill.finish(job).outcomes == Counts(updated=1, duplicate=1, unchanged=1)
    (copy,) = mill.deployment.store.items(job=job, outcome="duplicate")
    assert copy.name.endswith("copy.txt")
    assert copy.article is not None
    assert f"article {copy.article}" in (copy.message or "")
    assert mill.run(folder).outcomes == Counts(unchanged=3)


def test_the_same_source_twice_in_one_job_is_done_once(mill: Mill, tmp_path: Path, first: int) -> None:
    file = write_stories(tmp_path / "in", 1, first) / f"story-{first:05}.txt"
    outcomes = mill.run(file, file).outcomes
    assert (outcomes.stored, outcomes.unchanged) == (1, 1)


def test_what_cannot_be_an_article_costs_no_other(mill: Mill, tmp_path: Path, first: int) -> None:
    folder = write_stories(tmp_path / "in", 3, first)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    (folder / "links.html").write_text(
        "<html><body><nav>" + "<a href=/x>More</a> " * 90 + "</nav></body></html>"
    )
    (folder / "broken.jsonl").write_text('{"url": "https://a.example/1", "text": ' + '\n{"no": 1}\n')
    job = mill.enqueue(folder, tmp_path / "missing.txt")
    outcomes = mill.finish(job).outcomes
    codes = {Path(item.name).name: item.code for item in mill.deployment.store.items(job=job) if item.code}
    assert codes["empty.txt"] == "empty"
    assert codes["picture.txt"] == "not_text"
    assert codes["links.html"] == "no_article"
    assert codes["missing.txt"] == "not_found"
    assert sorted(code for code in codes.values() if code == "bad_line")
    assert outcomes == Counts(stored=3, skipped=3, failed=3)


def test_an_article_address_is_fetched_and_stored(mill: Mill, web: Web, first: int) -> None:
    url = web.serve("/story", page(first + 1))
    assert mill.run(url).outcomes == Counts(stored=1)
    assert mill.run(url).outcomes == Counts(unchanged=1)
    web.serve("/story", page(first + 2))
    assert mill.run(url).outcomes == Counts(updated=1)


def test_a_feed_address_becomes_its_entries(mill: Mill, web: Web, first: int) -> None:
    links = [web.serve(f"/story/{number}", page(first + number)) for number in range(4)]
    feed = web.serve("/any-name", rss(*links), Content_Type="text/html")
    status = mill.run(feed)
    assert (status.items, status.outcomes) == (4, Counts(stored=4))


def test_a_home_page_leads_to_its_feed(mill: Mill, web: Web, first: int) -> None:
    links = [web.serve(f"/story/{number}", page(first + number)) for number in range(3)]
    web.serve("/feed.xml", rss(*links))
    teasers = "".join(f'<li><a href="{link}">Story</a></li>' for link in links)
    home = web.serve(
        "/",
        '<html><head><title>Site</title><link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        f"</head><body><ul>{teasers}</ul></body></html>",
    )
    job = mill.enqueue(home)
    assert mill.finish(job).outcomes == Counts(stored=3)
    told = [step.message or "" for item in mill.deployment.store.items(job=job) for step in item.trace]
    assert any("/feed.xml is the feed of" in message for message in told)


def test_a_failure_that_may_pass_is_tried_again(mill: Mill, web: Web, first: int) -> None:
    url = web.serve("/story", "later", status=503)
    job = mill.enqueue(url)
    mill.until(lambda: web.asked["/story"] >= 1, "it was asked for")
    web.serve("/story", page(first + 1))
    assert mill.finish(job).outcomes == Counts(stored=1)
    (item,) = mill.deployment.store.items(job=job)
    assert [step.result for step in item.trace if step.stage == "fetch"] == ["http_server", "ok"]


def test_a_final_failure_can_be_retried_by_hand(mill: Mill, web: Web, first: int) -> None:
    url = web.url("/story")
    job = mill.enqueue(url)
    assert mill.finish(job).outcomes == Counts(failed=1)
    (group,) = mill.deployment.store.failures(Chosen(job=job)).groups
    assert (group.code, group.count) == ("http_client", 1)
    web.serve("/story", page(first + 1))
    assert mill.deployment.store.retry(time.time(), Chosen(job=job)) == 1
    mill.deployment.stages.wake()
    assert mill.finish(job).outcomes == Counts(stored=1)


def test_a_job_that_is_cancelled_under_work_ends_each_item_once(
    mill: Mill, web: Web, tmp_path: Path, first: int
) -> None:
    # Wherever its items are: at a host that has no time, in every stage, and in the database.
    pages = [web.serve(f"/story/{number}", page(first + 200 + number)) for number in range(4)]
    slow = [web.url(f"/slow/{number}") for number in range(20)]
    web.serve("/robots.txt", "User-agent: *\nCrawl-delay: 30", Content_Type="text/plain")
    job = mill.enqueue(write_stories(tmp_path / "in", 200, first), *pages, *slow)
    mill.until(lambda: mill.status(job).outcomes.stored >= 8, "it is under way")
    store = mill.deployment.store
    assert store.cancel(job, time.time())
    mill.deployment.stages.wake()
    mill.until(lambda: mill.status(job).state == "cancelled", "the job is cancelled")
    outcomes = mill.status(job).outcomes
    assert outcomes.skipped + outcomes.stored + outcomes.failed == 224
    assert outcomes.skipped >= 20
    assert len(store.articles(wanted=ArticleFilter(job=job), limit=1000)) == outcomes.stored
    assert {item.code for item in store.items(job=job, outcome="skipped")} == {"cancelled"}
    assert store.check() == []
    # Redis has nothing of it left: not even a place at the host that would have had time in minutes.
    stages = mill.deployment.stages
    mill.until(lambda: not stages.live() and not any(map(sum_of, stages.depths().values())), "Redis is empty")
    assert not stages.names("hostq")
    assert not stages.names("pay")
    # And all of it can be had after all.
    web.serve("/robots.txt", "", Content_Type="text/plain")
    ids = [item.id for item in store.items(job=job, code="cancelled") if item.url is None]
    assert store.retry(time.time(), Chosen(item=ids[0])) == 1
    mill.deployment.stages.wake()
    assert mill.finish(job).outcomes.skipped == outcomes.skipped - 1


def sum_of(depth: dict[str, int]) -> int:
    return sum(depth.values())


def test_one_article_is_stored_in_well_under_the_time_of_a_tick(
    mill: Mill, tmp_path: Path, first: int
) -> None:
    mill.run(write_stories(tmp_path / "warm", 5, first))
    status = mill.run(write_stories(tmp_path / "one", 1, first + 50))
    assert status.finished_at is not None
    assert status.outcomes == Counts(stored=1)


def test_a_subscribed_feed_brings_new_entries_once(start: Start, web: Web, first: int) -> None:
    mill = start(host_delay=0.0, poll=True)
    links = [web.serve(f"/story/{number}", page(first + number)) for number in range(3)]
    web.serve("/feed", rss(*links[:2]), ETag='"one"')
    store = mill.deployment.store
    feed = store.add_feed(web.url("/feed"), time.time())
    mill.deployment.stages.wake()
    mill.until(lambda: store.totals().outcomes.stored == 2, "both entries are stored")
    web.serve("/feed", rss(*links), ETag='"two"')
    store.touch_feeds([feed.id], time.time())
    mill.deployment.stages.wake()
    mill.until(lambda: store.totals().outcomes.stored == 3, "the new entry is stored")
    assert store.totals().items == 3
    assert web.asked["/story/0"] == 1
