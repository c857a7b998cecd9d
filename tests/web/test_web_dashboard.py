"""The dashboard: what is loud, what is calm, and what those hear who do not see the charts."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from web_site import Site, article, linked, new_item

from pipeline.model import Ending, Problem
from pipeline.settings import Settings
from pipeline.store.readings import MINUTE
from workers.stages import Stages

Open = Callable[..., Site]


@pytest.fixture
def stages(redis_url: str, open_site: Open) -> Iterator[tuple[Site, Stages]]:
    """A deployment whose Redis is its own."""
    site = open_site(redis_url=redis_url, redis_prefix="dash")
    stages = Stages(site.settings)
    stages.redis.flushall()
    yield site, stages
    stages.close()


def test_a_stage_with_work_that_no_worker_serves_is_said_loudly_with_the_command(
    stages: tuple[Site, Stages],
) -> None:
    site, redis = stages
    site.job([new_item("a"), new_item("b"), new_item("c")])
    redis.admit("fetch", site.store.admit(1, 1_001.0))
    redis.beat("w@here", {"queues": ["clean", "extract", "store"]})
    shown = site.read("/")
    assert "No worker serves fetch , where 3 items wait." in shown
    assert "feedmill worker --queues fetch" in shown
    assert "No worker serves clean" not in shown
    assert "<title>Stuck: no worker for fetch" in site.browser.get("/").text
    redis.beat("v@here", {"queues": ["fetch"]})
    shown = site.read("/")
    assert "No worker serves fetch" not in shown
    # Nothing waits there yet: that is said, but not loudly.
    assert "No worker serves poll: what comes there will wait." in shown
    assert "feedmill worker --queues" not in shown


def test_it_says_first_whether_all_is_well(stages: tuple[Site, Stages]) -> None:
    site, redis = stages
    assert "Work stands still." in site.read("/")
    redis.hold("scheduler-1")
    assert "No worker is alive: what is handed in now waits." in site.read("/")
    redis.beat("w@here", {"queues": ["poll", "fetch", "clean", "extract"]})
    assert "No worker serves store: what comes there will wait." in site.read("/")
    redis.beat("w@here", {"queues": ["poll", "fetch", "clean", "extract", "store"]})
    assert "Ready." in site.read("/")
    site.job([new_item("a")])
    site.finish({"a": article()})
    assert "All is well." in site.read("/")


def test_what_asks_for_somebody_is_named_with_where_to_go(stages: tuple[Site, Stages]) -> None:
    site, redis = stages
    redis.hold("scheduler-1")
    now = time.time()
    redis.beat("w@here", {"queues": ["poll", "fetch", "clean", "extract", "store"], "at": now + 3_600})
    site.store.note_totals(now)
    site.job([new_item("a", problem=Problem(code="gone", message="Gone."))])
    site.store.end_jobs(now)
    site.store.add_feed("https://late.example/feed", 1.0, None, "The <late> paper")
    shown = site.read("/")
    assert "3 things ask for attention." in shown
    assert re.search(
        r"The clock of w@here is (1 h|59 min \d+ s|1 h \d+ \w+) ahead of the one of Redis", shown
    )
    assert "1 item failed in the last day. See why" in shown
    assert "1 feed asks for attention: 1 late." in shown
    assert "late The &lt;late&gt; paper" in shown


def test_without_a_scheduler_it_says_what_stands_still(stages: tuple[Site, Stages]) -> None:
    site, redis = stages
    assert "No scheduler ticks: nothing new is taken up" in site.read("/")
    redis.hold("scheduler-1")
    assert "No scheduler ticks" not in site.read("/")


def test_what_workers_tell_of_themselves_is_shown(stages: tuple[Site, Stages]) -> None:
    site, redis = stages
    facts = {"queues": ["clean"], "processes": 4, "busy": 3, "memory": 512_000_000, "cpu": 30.0, "since": 1.0}
    redis.beat("w@here", facts)
    assert re.search(r"w@here since 1970-\S+ \S+ clean 3 of 4 512 MB 0 %", site.read("/"))
    assert re.search(r"Redis uses \d+ MB", site.read("/"))


def test_why_nothing_is_taken_up_is_said(redis_url: str, open_site: Open) -> None:
    site = open_site(redis_url=redis_url, redis_prefix="held", redis_high_water=1)
    site.job([new_item("a")])
    assert "Held back. Redis uses" in site.read("/")


def test_what_waits_to_be_tried_again_is_counted_by_cause(site: Site) -> None:
    site.job([linked("a"), linked("b")])
    now, problem = time.time(), Problem(code="connect", message="No.", retry_helps=True)
    site.store.finish([Ending(item=one, problem=problem) for one in site.store.admit(9, now)], now)
    site.job([linked("c"), linked("d"), linked("e")])
    site.store.defer(dict.fromkeys(site.store.admit(2, now), now + 3_600))
    shown = site.read("/")
    assert "5 items to go. 2 of them wait to be tried again: 2 connect (first in " in shown
    assert re.search(r"2 items wait until their hosts may be asked again \(the last in .*?\)\.", shown)


def test_charts_say_in_words_and_in_a_table_what_they_draw(site: Site) -> None:
    now = time.time()
    for ago in (3, 2, 1, 0):
        site.store.note_totals(now - ago * MINUTE)
    site.job([new_item("a"), new_item("b", problem=Problem(code="gone", message="Gone."))])
    site.finish({"a": article()})
    shown = site.browser.get("/").text
    # The bar of the job is the third.
    assert shown.count("<svg") == shown.count('role="img"') == 3
    assert re.search(r"<desc[^>]*>2 items ended, 1 stored, 1 failed; at most 2 in 1 min\.", shown)
    (hour,) = re.findall(r"<svg[^>]*hour-title.*?</svg>", shown, re.S)
    assert len(re.findall(r'class="(stored|failed)"', hour)) == 2
    assert 'class="gap"' in hour
    table = shown[shown.index('id="hour-table"') :]
    row = re.sub(r"<[^>]*>", " ", table[table.index("<tbody>") : table.index("</tbody>")]).split()
    assert row[2:10] == ["1", "min", "1", "0", "0", "0", "0", "1"]
    assert "not known" in " ".join(row)


def test_feeds_are_counted_by_health_with_links(site: Site) -> None:
    site.store.add_feed("https://news.example/feed.xml", 1.0)
    shown = site.browser.get("/").text
    assert re.search(r'<a href="/feeds\?health=late".*<strong>1</strong>', shown)
    assert "1 of them asks for attention" in site.read("/")


def test_the_settings_name_what_may_be_handed_in(open_site: Open) -> None:
    site = open_site(max_upload_bytes=7_000_000)
    assert isinstance(site.settings, Settings)
    assert "up to 7 MB in all" in site.read("/")


def test_who_may_not_write_sees_no_form(open_site: Open) -> None:
    site = open_site(api_token="t" * 20)
    assert "<textarea" not in site.browser.get("/").text
