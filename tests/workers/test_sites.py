"""What the pages of a host repeat, on a real Redis: shared by workers, bounded, and needed by none."""

from __future__ import annotations

import logging
import random
from dataclasses import replace
from zlib import crc32

import pytest

from pipeline.clean.memory import BLOCKS, PAGES, Kept, SiteMemory, fingerprint
from pipeline.model import Fetched, Page
from pipeline.settings import Settings
from workers.sites import IN_HAND, LIFETIME_MS, SHARE, Sites
from workers.stages import Stages

EVERYWHERE = fingerprint("Our letter comes every morning.")
URL = "https://post.example/news/{}"


def page(url: str | None, final_url: str | None = None) -> Page:
    fetched = Fetched(final_url=final_url, status=200, headers={}) if final_url else None
    return Page(body=b"", digest="", key=url or "file:///story.html", url=url, fetched=fetched)


def learn(sites: Sites, url: str) -> None:
    """Of a page that keeps a long block of its own, and a short one that all pages have."""
    memory = sites.memory(page(url))
    assert memory is not None
    memory.learn(url, [Kept(crc32(url.encode()), 90), Kept(EVERYWHERE, 10)])


def keep(stages: Stages, *urls: str) -> None:
    """One batch of pages."""
    sites = Sites(stages)
    for url in urls:
        learn(sites, url)
    sites.keep()


def pages(stages: Stages, host: str = "post.example") -> int:
    """How many pages of a host a new worker is told of."""
    memory = Sites(stages).memory(page(f"https://{host}/"))
    assert memory is not None
    return len(memory)


def full(seed: int) -> SiteMemory:
    rng = random.Random(seed)
    memory = SiteMemory()
    for at in range(PAGES):
        memory.learn(str(at), [Kept(rng.getrandbits(63) | 1, 200) for _ in range(BLOCKS)])
    return memory


def test_what_one_batch_learned_the_next_one_knows(stages: Stages) -> None:
    keep(stages, URL.format(1), URL.format(2))
    memory = Sites(stages).memory(page(URL.format(3)))
    assert memory is not None
    assert memory.seen([EVERYWHERE]) == [1.0]
    assert len(memory) == 2


def test_each_host_has_its_own(stages: Stages) -> None:
    keep(stages, URL.format(1), "https://other.example/1")
    assert (pages(stages), pages(stages, "other.example"), pages(stages, "third.example")) == (1, 1, 0)


def test_a_page_belongs_to_the_host_at_which_it_was_had(stages: Stages) -> None:
    sites = Sites(stages)
    memory = sites.memory(page("https://short.example/x", final_url="https://POST.example:443/news/1"))
    assert memory is not None
    assert memory is sites.memory(page(URL.format(1)))


@pytest.mark.parametrize("url", [None, "", "no address"])
def test_a_page_without_an_address_has_no_site(stages: Stages, url: str | None) -> None:
    assert Sites(stages).memory(page(url)) is None


def test_a_page_that_is_cleaned_twice_counts_once(stages: Stages) -> None:
    for _ in range(3):
        keep(stages, URL.format(1))
    assert pages(stages) == 1


def test_two_workers_that_store_one_after_the_other_are_both_heard(stages: Stages) -> None:
    keep(stages, URL.format(0))
    one, other = Sites(stages), Sites(stages)
    learn(one, URL.format(1))
    learn(other, URL.format(2))
    one.keep()
    other.keep()
    assert pages(stages) == 3


def test_more_hosts_than_are_held_at_once_are_all_kept(stages: Stages) -> None:
    hosts = [f"host{at}.example" for at in range(2 * IN_HAND + 3)]
    keep(stages, *(f"https://{host}/1" for host in hosts))
    assert [pages(stages, host) for host in hosts] == [1] * len(hosts)


@pytest.mark.parametrize("damage", [b"", b"rubbish", full(1).pack()[:-9]], ids=["empty", "rubbish", "cut"])
def test_a_damaged_memory_is_dropped_with_a_word(
    stages: Stages, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    keep(stages, URL.format(1), "https://other.example/1")
    stages.redis.hset(stages.key("sites"), "post.example", damage)
    with caplog.at_level(logging.WARNING):
        keep(stages, URL.format(2))
    assert "what was remembered of post.example is dropped" in caplog.text
    assert (pages(stages), pages(stages, "other.example")) == (1, 1)


def test_a_memory_damaged_while_it_was_used_is_replaced(stages: Stages) -> None:
    sites = Sites(stages)
    learn(sites, URL.format(1))
    stages.redis.hset(stages.key("sites"), "post.example", b"rubbish")
    sites.keep()
    assert pages(stages) == 1


def test_an_emptied_redis_is_begun_anew(stages: Stages) -> None:
    keep(stages, URL.format(1))
    sites = Sites(stages)
    learn(sites, URL.format(2))
    stages.redis.flushall()
    sites.keep()
    assert pages(stages) == 2


def test_without_redis_pages_have_no_memory_and_nothing_fails(caplog: pytest.LogCaptureFixture) -> None:
    sites = Sites(Stages(Settings(redis_url="redis://127.0.0.1:1/0")))
    assert sites.memory(page(URL.format(1))) is None
    assert sites.memory(page("https://other.example/")) is None
    sites.keep()
    assert caplog.text.count("pages are cleaned without it") == 1


def test_a_full_redis_keeps_what_it_has(stages: Stages, caplog: pytest.LogCaptureFixture) -> None:
    keep(stages, URL.format(1))
    stages.redis.config_set("maxmemory", 1)
    try:
        keep(stages, URL.format(2))
    finally:
        stages.redis.config_set("maxmemory", 0)
    assert "was not kept" in caplog.text
    assert pages(stages) == 1


def test_all_hosts_together_stay_within_their_share_of_redis(settings: Settings, stages: Stages) -> None:
    narrow = Stages(replace(settings, redis_high_water=1_200_000))
    before = stages.memory()
    for at in range(8):
        sites = Sites(narrow)
        url = f"https://host{at}.example/"
        memory = sites.memory(page(url))
        assert memory is not None
        memory.merge(full(at))
        sites.keep()
    kept = [at for at in range(8) if pages(stages, f"host{at}.example")]
    assert kept == [3, 4, 5, 6, 7]
    assert stages.memory() - before < 1_200_000 * SHARE * 2
    narrow.close()


def test_what_is_counted_is_what_is_there(stages: Stages) -> None:
    for at in range(4):
        keep(stages, URL.format(at), f"https://host{at}.example/")
    packed = stages.redis.hgetall(stages.key("sites"))
    counted = int(stages.redis.get(stages.key("sites", "bytes")))
    assert counted == sum(2 * len(host) + len(one) + 200 for host, one in packed.items())
    assert {host for host, _ in packed.items()} == set(
        stages.redis.zrange(stages.key("sites", "used"), 0, -1)
    )


def test_a_host_is_forgotten_when_no_page_of_it_came_for_long(stages: Stages) -> None:
    keep(stages, URL.format(1), "https://other.example/1")
    stages.redis.zincrby(stages.key("sites", "used"), -LIFETIME_MS, "post.example")
    keep(stages, "https://other.example/2")
    assert (pages(stages), pages(stages, "other.example")) == (0, 2)
    for key in ("sites", "sites:used", "sites:bytes"):
        assert 0 < stages.redis.pttl(stages.key(key)) <= LIFETIME_MS
