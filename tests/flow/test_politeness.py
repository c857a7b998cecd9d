"""What other people's servers see of a whole deployment."""

from __future__ import annotations

import time
from collections.abc import Callable

from mill import Mill, story
from web import Web

from pipeline.model import Counts
from pipeline.store.contract import ArticleFilter

Start = Callable[..., Mill]

#: the server's own clock and threads take their part of a pause (s)
AIR = 0.01


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


def test_pauses_hold_over_all_workers_and_a_slow_host_holds_up_no_other(start: Start, web: Web) -> None:
    mill = start(host_delay=0.3, width=3)
    urls = []
    for number in range(24):
        web.serve(f"/{number}", page(number))
        urls.append(web.url(f"/{number}", f"127.0.1.{number % 3 + 1}"))
    assert mill.run(*urls).outcomes == Counts(stored=24)
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


def test_a_redirect_to_another_host_waits_for_its_turn_there(start: Start, web: Web) -> None:
    mill = start(host_delay=0.3)
    urls = []
    for number in range(5):
        web.serve(f"/new/{number}", page(number))
        target = web.url(f"/new/{number}", "127.0.4.9")
        web.serve(f"/old/{number}", "", status=301, Location=target)
        urls.append(web.url(f"/old/{number}", f"127.0.4.{number + 1}"))
    job = mill.enqueue(*urls)
    assert mill.finish(job).outcomes == Counts(stored=5)
    assert min(web.pauses("127.0.4.9")) >= 0.3 - AIR
    assert web.asked["/old/0"] == 1
    article = mill.deployment.store.article(
        mill.deployment.store.articles(wanted=ArticleFilter(job=job))[0].id
    )
    assert article is not None
    assert "/new/" in article["url"]
    (item,) = mill.deployment.store.find_items(web.url("/old/0", "127.0.4.1"))
    assert any("redirected: " in (step.message or "") for step in item.trace)


def test_robots_are_heeded_and_read_once(start: Start, web: Web) -> None:
    mill = start(host_delay=0.0)
    web.serve("/robots.txt", "User-agent: Feedmill\nDisallow: /private/\n", Content_Type="text/plain")
    web.serve("/public/1", page(1))
    web.serve("/private/2", page(2))
    job = mill.enqueue(web.url("/public/1"), web.url("/private/2"))
    assert mill.finish(job).outcomes == Counts(stored=1, skipped=1)
    assert [item.code for item in mill.deployment.store.items(job=job, outcome="skipped")] == ["robots"]
    assert web.asked["/robots.txt"] == 1
    assert web.asked["/private/2"] == 0


def test_nothing_is_fetched_where_robots_cannot_be_had(start: Start, web: Web) -> None:
    mill = start(host_delay=0.0, max_attempts=1)
    web.serve("/robots.txt", "", status=503)
    web.serve("/1", page(1))
    job = mill.enqueue(web.url("/1"))
    assert mill.finish(job).outcomes == Counts(failed=1)
    assert [item.code for item in mill.deployment.store.items(job=job)] == ["robots_away"]
    assert web.asked["/1"] == 0


def test_the_text_of_an_entry_stands_in_for_a_page_that_cannot_be_had(start: Start, web: Web) -> None:
    mill = start(host_delay=0.0)
    web.serve(
        "/teaser", "<html><body><article><h1>Story</h1><p>Only for subscribers.</p></article></body></html>"
    )
    web.serve("/whole", page(3))
    web.serve(
        "/feed",
        rss(
            (web.url("/missing"), full_text(1)),
            (web.url("/teaser"), full_text(2)),
            (web.url("/whole"), None),
        ),
        Content_Type="application/rss+xml",
    )
    job = mill.enqueue(web.url("/feed"))
    assert mill.finish(job).outcomes == Counts(stored=3)
    store = mill.deployment.store
    found = {
        row.key.rpartition("/")[2]: store.article(row.id)
        for row in store.articles(wanted=ArticleFilter(job=job))
    }
    for name, number in (("missing", 1), ("teaser", 2), ("whole", 3)):
        article = found[name]
        assert article is not None
        assert story(number).strip().split("\n\n")[1] in article["text"]
    (missing,) = store.find_items(web.url("/missing"))
    assert any("404" in (step.message or "") for step in missing.trace)


def test_a_host_that_takes_no_connection_fails_its_items_without_asking_for_each(
    start: Start, web: Web
) -> None:
    mill = start(host_delay=0.0, max_attempts=1)
    for number in range(30):
        web.serve(f"/{number}", page(number))
    dead = [f"http://127.0.5.1:9/{number}" for number in range(30)]
    alive = [web.url(f"/{number}", f"127.0.5.{number + 2}") for number in range(10)]
    began = time.monotonic()
    job = mill.enqueue(*dead, *alive)
    assert mill.finish(job).outcomes == Counts(stored=10, failed=30)
    items = mill.deployment.store.items(job=job, outcome="failed")
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


def test_a_deleted_article_stays_deleted(start: Start, web: Web) -> None:
    mill = start(host_delay=0.0)
    url = web.serve("/1", page(1))
    mill.run(url)
    store = mill.deployment.store
    (row,) = store.articles()
    assert store.delete_article(row.id, time.time())
    asked = web.asked["/1"]
    assert mill.run(url).outcomes == Counts(skipped=1)
    assert web.asked["/1"] == asked
