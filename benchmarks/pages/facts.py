"""What there is in a database to ask for: ids, names and words of a few things of each kind."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import func, select

from pipeline.store.contract import Chosen
from pipeline.store.schema import articles, feeds, is_failed, is_running, is_waiting, items, jobs
from pipeline.store.sql import SqlStore


@dataclass(frozen=True)
class Facts:
    """One of each; the largest where that matters."""

    #: the job with the most items, the one of those that run, and a small one
    large_job: str
    running_job: str
    small_job: str
    stored_item: int
    failed_item: int
    failed_name: str
    failed_host: str
    failed_code: str
    waiting_item: int
    in_flight_item: int
    article: int
    old_article: int
    article_url: str
    article_host: str
    source: str
    feed: int
    failing_feed: int
    feed_url: str
    now: float


def facts(store: SqlStore) -> Facts:
    """Look the database over. Raises SystemExit when it holds too little to ask for."""
    group = store.failures(Chosen(), limit=1).groups
    with store._database.reading(unbounded=True) as connection:
        ask = connection.execute
        large = ask(select(jobs.c.id).order_by(jobs.c["items"].desc()).limit(1)).scalar()
        running = ask(select(jobs.c.id).where(is_running).order_by(jobs.c["items"].desc()).limit(1)).scalar()
        small = ask(select(jobs.c.id).where(jobs.c["items"] < 1000).order_by(jobs.c.id).limit(1)).scalar()
        newest = ask(select(articles).order_by(articles.c.id.desc()).limit(1)).mappings().first()
        waiting = ask(select(items.c.id).where(is_waiting).limit(1)).scalar()
        flying = ask(select(items.c.id).where(items.c.state == "in_flight").limit(1)).scalar()
        failing = ask(select(feeds.c.id).where(feeds.c.errors > 0).limit(1)).scalar()
        feed = ask(select(feeds).order_by(feeds.c.id.desc()).limit(1)).mappings().first()
        failed = ask(select(items).where(is_failed).limit(1)).mappings().first()
        old = ask(select(func.min(articles.c.id))).scalar()
        if not (group and large and running and small and newest and feed and failed and old):
            raise SystemExit("The database holds too little to ask for: fill another.")
        return Facts(
            large_job=large,
            running_job=running,
            small_job=small,
            stored_item=newest["item"],
            failed_item=failed["id"],
            failed_name=failed["name"],
            failed_host=group[0].host,
            failed_code=group[0].code,
            waiting_item=waiting or failed["id"],
            in_flight_item=flying or failed["id"],
            article=newest["id"],
            old_article=old,
            article_url=newest["key"],
            article_host=newest["key"].split("/")[2],
            source=newest["source"],
            feed=feed["id"],
            failing_feed=failing or feed["id"],
            feed_url=feed["url"],
            now=time.time(),
        )
