"""What other people's servers see of a whole deployment."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from mill import Mill, story
from web import Web

from pipeline.model import Counts
from pipeline.store.contract import ArticleFilter

Start = Callable[..., Mill]

#: the server's own clock and threads take their part of a pause (s)
AIR = 0.01


@pytest.fixture(scope="module")
def quick(keep: Start) -> Mill:
    """One without pauses or second attempts, for all tests that can share it."""
    return keep(host_delay=0.0, max_attempts=1)


@pytest.fixture(scope="module")
def slow(keep: Start) -> Mill:
    """One with long pauses, and more than one that fetches, for all tests that can share it."""
    return keep(host_delay=0.3, width=3)


def page(number: int) -> str:
    title, *paragraphs = story(number).strip().split("\n\n")
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    head = f"<html><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1>{body}</article></body></html>"


def rss(*items: tuple[str, str | None]) -> str:
    listed = "".join(
        f"<item><link>{link}</link><title>Story {link}</title>"
        + (f"<content:encoded><![CDATA[{text}]]></content:encoded>" if text else "")
        + "</item>"
        for link, text in items
    )
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>F</title><link>http://x/</link>{listed}</channel></rss>"
    )


def full_text(number: int) -> str:
    return "".join(f"<p>{one}</p>" for one in story(number).strip().split("\n\n")[1:])


def test_pauses_hold_over_all_workers_and_a_slow_host_holds_up_no_other(
    slow: Mill, web: Web, first: int
) -> None:
    urls = []
    for number in range(24):
        web.serve(f"/{number}", page(first + number))
        urls.append(web.url(f"/{number}", f"127.0.1.{number % 3 + 1}"))
    assert slow.run(*urls).outcomes == Counts(stored=24)
    for host in ("127.0.1.1", "127.0.1.2", "127.0.1.3"):
        assert len(web.visits[host]) == 9  # robots.txt, and eight pages
        assert min(web.pauses(host)) >= 0.3 - AIR


def test_killed_workers_neither_lose_items_nor_hurry_hosts(start: Start, web: Web) -> None:
    mill = start(host_delay=0.2)
    web.latency = 0.1
    urls = []
    for number in range(20):
        web.serve(f"/{number}", page(number))
        urls.append(web.url(f"/{number}", f"127.0.2.{number % 2 + 1}"))
    job = mill.enqueue(*urls)
    for seen in (4, 10, 16):
        mill.until(lambda seen=seen: sum(map(len, web.visits.values())) >= seen, "some were fetched")
        mill.kill_worker()
    assert mill.finish(job).outcomes == Counts(stored=20)
    for host in ("127.0.2.1", "127.0.2.2"):
        assert min(web.pauses(host)) >= -AIR


def test_more_items_of_one_host_than_it_has_time_for_go_back_to_their_rows(start: Start, web: Web) -> None:
    mill = start(host_delay=0.2, window=16)
    urls = []
    for number in range(40):
        web.serve(f"/{number}", page(number))
        urls.append(web.url(f"/{number}", "127.0.3.1"))
    other = web.url("/0", "127.0.3.2")
    job = mill.enqueue(*urls, other)
    mill.until(lambda: bool(web.visits["127.0.3.2"]), "the other host is asked")
    assert len(web.visits["127.0.3.1"]) < 20
    status = mill.finish(job)
    assert status.outcomes.stored + status.outcomes.duplicate == 41
    assert len(web.visits["127.0.3.1"]) == 41
    assert min(web.pauses("127.0.3.1")) >= 0.2 - AIR


def test_a_redirect_to_another_host_waits_for_its_turn_there(slow: Mill, web: Web, first: int) -> None:
    urls = []
    for number in range(5):
        web.serve(f"/new/{number}", page(first + number))
        target = web.url(f"/new/{number}", "127.0.4.9")
        web.serve(f"/old/{number}", "", status=301, Location=target)
        urls.append(web.url(f"/old/{number}", f"127.0.4.{number + 1}"))
    job = slow.enqueue(*urls)
    assert slow.finish(job).outcomes == Counts(stored=5)
    assert min(web.pauses("127.0.4.9")) >= 0.3 - AIR
    assert web.asked["/old/0"] == 1
    article = slow.deployment.store.article(
        slow.deployment.store.articles(wanted=ArticleFilter(job=job))[0].id
    )
    assert article is not None
    assert "/new/" in article["url"]
    (item,) = slow.deployment.store.find_items(web.url("/old/0", "127.0.4.1"))
    assert any("redirected: " in (step.message or "") for step in item.trace)


def test_robots_are_heeded_and_read_once(quick: Mill, apart: Web, first: int) -> None:
    apart.serve("/robots.txt", "User-agent: Feedmill\nDisallow: /private/\n", Content_Type="text/plain")
    apart.serve("/public/1", page(first + 1))
    apart.serve("/private/2", page(first + 2))
    job = quick.enqueue(apart.url("/public/1"), apart.url("/private/2"))
    assert quick.finish(job).outcomes == Counts(stored=1, skipped=1)
    assert [item.code for item in quick.deployment.store.items(job=job, outcome="skipped")] == ["robots"]
    assert apart.asked["/robots.txt"] == 1
    assert apart.asked["/private/2"] == 0


def test_nothing_is_fetched_where_robots_cannot_be_had(quick: Mill, apart: Web, first: int) -> None:
    apart.serve("/robots.txt", "", status=503)
    apart.serve("/1", page(first + 1))
    job = quick.enqueue(apart.url("/1"))
    assert quick.finish(job).outcomes == Counts(failed=1)
    assert [item.code for item in quick.deployment.store.items(job=job)] == ["robots_away"]
    assert apart.asked["/1"] == 0


def test_the_text_of_an_entry_stands_in_for_a_page_that_cannot_be_had(
    quick: Mill, apart: Web, first: int
) -> None:
    apart.serve(
        "/teaser", "<html><body><article><h1>Story</h1><p>Only for subscribers.</p></article></body></html>"
    )
    apart.serve("/whole", page(first + 3))
    apart.serve(
        "/feed",
        rss(
            (apart.url("/missing"), full_text(first + 1)),
            (apart.url("/teaser"), full_text(first + 2)),
            (apart.url("/whole"), None),
        ),
        Content_Type="application/rss+xml",
    )
    job = quick.enqueue(apart.url("/feed"))
    assert quick.finish(job).outcomes == Counts(stored=3)
    store = quick.deployment.store
    found = {
        row.key.rpartition("/")[2]: store.article(row.id)
        for row in store.articles(wanted=ArticleFilter(job=job))
    }
    for name, number in (("missing", 1), ("teaser", 2), ("whole", 3)):
        article = found[name]
        assert article is not None
        assert story(first + number).strip().split("\n\n")[1] in article["text"]
    (missing,) = store.find_items(apart.url("/missing"))
    assert any("404" in (step.message or "") for step in missing.trace)


def test_a_host_that_takes_no_connection_fails_its_items_without_asking_for_each(
    quick: Mill, web: Web, first: int
) -> None:
    for number in range(30):
        web.serve(f"/{number}", page(first + number))
    dead = [f"http://127.0.5.1:9/{number}" for number in range(30)]
    alive = [web.url(f"/{number}", f"127.0.5.{number + 2}") for number in range(10)]
    began = time.monotonic()
    job = quick.enqueue(*dead, *alive)
    assert quick.finish(job).outcomes == Counts(stored=10, failed=30)
    items = quick.deployment.store.items(job=job, outcome="failed")
    assert {item.code for item in items} == {"connect"}
    assert time.monotonic() - began < 30


def test_the_guard_refuses_addresses_that_are_not_public(start: Start, web: Web) -> None:
    mill = start(allow_addresses="127.0.0.1/32", host_delay=0.0)
    web.serve("/away", "", status=302, Location=web.url("/1", "127.0.0.2"))
    web.serve("/1", page(1))
    job = mill.enqueue(web.url("/1", "127.0.0.2"), web.url("/away"), "http://169.254.169.254/latest")
    assert mill.finish(job).outcomes == Counts(failed=3)
    assert {item.code for item in mill.deployment.store.items(job=job)} == {"address"}
    assert not web.visits["127.0.0.2"]


def test_a_deleted_article_stays_deleted(quick: Mill, apart: Web, first: int) -> None:
    url = apart.serve("/1", page(first + 1))
    job = quick.enqueue(url)
    assert quick.finish(job).outcomes == Counts(stored=1)
    store = quick.deployment.store
    (row,) = store.articles(wanted=ArticleFilter(job=job))
    assert store.delete_article(row.id, time.time())
    asked = apart.asked["/1"]
    assert quick.run(url).outcomes == Counts(skipped=1)
    assert apart.asked["/1"] == asked
