"""What a row costs while the tables grow: the store's whole part of an item's life, without the stages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.backlog.sources import text
from benchmarks.processes import cpu
from pipeline import dedup
from pipeline.model import Article, Ending, NewItem, Step
from pipeline.store.contract import NewPage, Store

#: items of one job, and of one batch that ends together
JOB, BATCH = 2_000, 200


@dataclass(frozen=True)
class Part:
    """A part of the run: articles there were at its end, and CPU in ms an item, client and server."""

    articles: int
    cost: float


def grow(store: Store, items: int, server: list[int], parts: int = 10) -> Iterator[Part]:
    """Accept, admit, keep the page, finish; ``server``: processes whose CPU counts beside our own."""
    size = max(JOB, items // parts // JOB * JOB)
    for part in range(parts):
        began = time.process_time() + cpu(server)
        for first in range(part * size, (part + 1) * size, JOB):
            _job(store, first)
        spent = time.process_time() + cpu(server) - began
        yield Part((part + 1) * size, 1000 * spent / size)


def _job(store: Store, first: int) -> None:
    now = time.time()
    job = store.open_job(["growing"], now, now + 3600)
    numbers = range(first, first + JOB)
    for start in range(0, JOB, 500):
        store.accept(job, [_item(number) for number in numbers[start : start + 500]], now)
    store.close_job(job, now)
    number = first
    while ids := store.admit(BATCH, now):
        loaded = store.load(ids)
        pages = [
            NewPage(item=one.id, body=one.key.encode() * 20, fetched=None, content_type=None)
            for one in loaded
        ]
        kept = store.keep_pages(pages, now)
        endings = []
        for one, page in zip(loaded, kept, strict=True):
            steps = [
                Step(stage=stage, at=now, seconds=0.01, worker="here", result="ok")
                for stage in ("fetch", "clean", "extract", "store")
            ]
            article = _article(number)
            number += 1
            endings.append(Ending(item=one.id, article=article, page_digest=page.digest, trace=steps))
        store.finish(endings, now)
    store.end_jobs(now)


def _item(number: int) -> NewItem:
    url = f"https://{number % 997}.example.org/{number}"
    return NewItem(key=url, name=url, source="growing", url=url)


def _article(number: int) -> Article:
    body = text(number)
    return Article(
        text=body,
        title=f"Report {number}",
        content_hash=dedup.content_hash(body),
        simhash=dedup.simhash(body),
        word_count=len(body.split()),
        extractor_version="1",
    )
