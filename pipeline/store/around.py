"""What stands around an article: how it came and changed, its feed, and its neighbours from the same host."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select, tuple_

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import Value
from pipeline.store.leading import is_one
from pipeline.store.rows import Row, read_item_row
from pipeline.store.schema import articles, feeds, items, names
from pipeline.store.shown import ItemRow
from pipeline.store.wording import storable_key

#: revisions that are told of, the newest
MOST = 20


class Neighbour(Value, frozen=True, kw_only=True):
    """An article beside another."""

    article: int
    title: str | None


class Around(Value, frozen=True, kw_only=True):
    """What is known beside an article's own row."""

    #: the feed that brought it; None: no feed that is subscribed did
    feed: int | None = None
    #: how often it was written
    revision: int
    #: items that were stored as one of its revisions, the newest first; older ones may be missing
    revisions: tuple[ItemRow, ...] = ()
    #: names under which it came, its own first
    names: tuple[str, ...] = ()
    #: stored next from its host, and before
    newer: Neighbour | None = None
    older: Neighbour | None = None


def around(connection: Connection, article: int) -> Around | None:
    """None if there is no such article."""
    columns = ("id", "key", "source", "host", "stored_at", "revision")
    query = select(*(articles.c[name] for name in columns)).where(articles.c.id == article)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    others = select(names.c.key).where(names.c.article_id == article).order_by(names.c.key).limit(MOST)
    known = tuple(dict.fromkeys([row["key"], *connection.scalars(others)]))
    return Around(
        feed=_feed(connection, row["source"]),
        revision=row["revision"],
        revisions=tuple(_revisions(connection, article, known)),
        names=known,
        newer=_beside(connection, row, newer=True),
        older=_beside(connection, row, newer=False),
    )


def _revisions(connection: Connection, article: int, keys: tuple[str, ...]) -> list[ItemRow]:
    wrote = items.c.outcome.in_(("stored", "updated")) & (items.c.article_id == article)
    query = select(items).where(items.c.key.in_(keys), wrote).order_by(items.c.id.desc()).limit(MOST)
    return [read_item_row(row) for row in connection.execute(query).mappings()]


def _feed(connection: Connection, source: str) -> int | None:
    try:
        key = storable_key(urls.canonical(source))
    except SourceError:
        return None
    return connection.scalar(select(feeds.c.id).where(feeds.c.key == key))


def _beside(connection: Connection, row: Row, *, newer: bool) -> Neighbour | None:
    place = tuple_(articles.c.stored_at, articles.c.id)
    here = tuple_(row["stored_at"], row["id"])
    beyond: ColumnElement[bool] = place > here if newer else place < here
    order = [articles.c.host, articles.c.stored_at, articles.c.id]
    query = select(articles.c.id, articles.c.title).where(
        is_one(connection, articles.c.host, row["host"]), beyond
    )
    query = query.order_by(*order if newer else [one.desc() for one in order]).limit(1)
    found = connection.execute(query).first()
    return Neighbour(article=found.id, title=found.title) if found else None


__all__ = ["Around", "Neighbour", "around"]
