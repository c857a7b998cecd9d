"""What a site says on page after page, in a deployment that remembers it and in one that does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from mill import Mill, story
from web import Web

from pipeline.model import Page
from pipeline.store.contract import ArticleFilter
from pipeline.urls import host_of
from workers.sites import Sites

PROMO = (
    "Our letter from the harbour comes every morning before the first ferry leaves, and it tells more than "
    "eleven thousand readers what the day will bring to the quays, the market and the town behind them."
)
OTHER_HOST = "127.0.0.2"


def paragraphs(number: int) -> list[str]:
    return story(number).strip().split("\n\n")[1:]


def page(number: int) -> str:
    title = story(number).partition("\n")[0]
    first, *others = paragraphs(number)
    body = "".join(f"<p>{text}</p>" for text in [first, PROMO, *others])
    head = f"<html><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1>{body}</article></body></html>"


def is_remembered(mill: Mill, url: str, pages: int) -> bool:
    """Whether so many pages of the address's host are remembered."""
    memory = Sites(mill.deployment.stages).memory(Page(body=b"", digest="", key=url, url=url))
    assert memory is not None
    return len(memory) == pages


def damage(mill: Mill, url: str) -> None:
    stages = mill.deployment.stages
    stages.redis.hset(stages.key("sites"), host_of(url), b"x")


def texts(mill: Mill, web: Web, host: str = "127.0.0.1", first: int = 1, damaged: bool = False) -> list[str]:
    """The texts of five pages of a host that come one after the other."""
    stored = []
    for number in range(first, first + 5):
        web.serve(f"/{number}", page(number))
        url = web.url(f"/{number}", host)
        job = mill.enqueue(url)
        assert mill.finish(job).outcomes.stored == 1
        (row,) = mill.deployment.store.articles(wanted=ArticleFilter(job=job), limit=10)
        article = mill.deployment.store.article(row.id)
        assert article is not None
        stored.append(str(article["text"]))
        if mill.deployment.settings.site_memory == "on":
            # It is kept at the end of a batch, which may be after a page of it has gone on.
            pages = 1 if damaged else number - first + 1
            mill.until(partial(is_remembered, mill, url, pages), "the page is remembered")
        if damaged:
            damage(mill, url)
    return stored


def says(text: str) -> bool:
    return PROMO in re.sub(r"\s+", " ", text)


def test_what_a_site_repeats_is_left_out_from_its_fourth_page_on(
    start: Callable[..., Mill], web: Web
) -> None:
    mill = start(site_memory="on", host_delay=0.0)
    first = texts(mill, web)
    assert [says(text) for text in first] == [True, True, True, False, False]
    for number, text in enumerate(first, 1):
        assert all(one in text for one in paragraphs(number)), number
    other = texts(mill, web, OTHER_HOST, 11)
    assert [says(text) for text in other] == [True, True, True, False, False], "each host has its own memory"


def test_what_a_site_repeats_stays_where_nothing_is_remembered(start: Callable[..., Mill], web: Web) -> None:
    mill = start(host_delay=0.0)
    assert all(says(text) for text in texts(mill, web))
    assert not list(mill.deployment.stages.redis.scan_iter("*sites*"))


def test_damaged_memories_cost_no_article(start: Callable[..., Mill], web: Web) -> None:
    mill = start(site_memory="on", host_delay=0.0)
    assert all(says(text) for text in texts(mill, web, damaged=True))
