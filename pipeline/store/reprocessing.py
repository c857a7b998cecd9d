"""Kept pages once more through `clean` and `extract`: items that begin with the page of an article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, Insert, insert, literal, select, update

from pipeline.store.acceptance import chunks, grow
from pipeline.store.schema import articles, items, names

#: what the new item has of the one that last wrote the article
_SAME = ("key", "name", "url", "host", "content_type", "entry", "page_digest", "fetched", "landed")


def reprocess(
    connection: Connection, job: str, of_articles: Sequence[int], now: float, accepting_until: float
) -> int:
    """A new item for each article whose page is kept; returns how many.

    What the pages gave the last time is forgotten in the same transaction: else `fetch` would end the
    items as unchanged, and `decide` would not compare what comes of them. A page that is fetched again
    meanwhile is compared, too, which costs time and changes nothing.
    """
    added = 0
    for some in chunks(of_articles):
        added += len(connection.execute(_copy(job, some, now).returning(items.c.id)).all())
        forget = update(names).where(names.c.article_id.in_(some)).values(extractor_version="")
        connection.execute(forget)
    grow(connection, job, Counter(items=added), accepting_until)
    return added


def _copy(job: str, of_articles: list[int], now: float) -> Insert:
    told = {
        "job": literal(job),
        "source": items.c.source,
        **{name: items.c[name] for name in _SAME},
        "expand": literal(False),
        "state": literal("pending"),
        "attempts": literal(0),
        "due_at": literal(now),
        "created_at": literal(now),
    }
    query = (
        select(*(value.label(name) for name, value in told.items()))
        .join_from(articles, items, items.c.id == articles.c.item)
        .where(articles.c.id.in_(of_articles), items.c.page_digest.is_not(None))
        .order_by(articles.c.id)
    )
    return insert(items).from_select(list(told), query)


__all__ = ["reprocess"]
