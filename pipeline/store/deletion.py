"""Deleted articles, and the tombstones that keep them from coming back.

What items tell of their past stays: their outcome and counters, with a message that the article
was deleted. The kept page stays, too: other items may share it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update

from pipeline import decide
from pipeline.decide import Buried
from pipeline.store import search
from pipeline.store.acceptance import chunks
from pipeline.store.nearness import Nearness
from pipeline.store.people import keys_of
from pipeline.store.rows import Row, insert_or_replace
from pipeline.store.schema import articles, items, names, tombstones
from pipeline.store.wording import storable_key

#: the highest number that an article had when it was deleted; NULL: nothing ever was
HIGHEST = select(func.max(tombstones.c.article_id))

_stands = tombstones.c.forgotten.is_(False)
_SELECT_KEYS = select(tombstones.c.key, tombstones.c.deleted_at).where(
    tombstones.c.key.in_(bindparam("keys", expanding=True)), _stands
)
_SELECT_BURIED = select(tombstones.c.key, tombstones.c.content_hash, tombstones.c.deleted_at).where(
    or_(
        tombstones.c.key.in_(bindparam("keys", expanding=True)),
        tombstones.c.content_hash.in_(bindparam("hashes", expanding=True)),
    ),
    _stands,
)
_REPOINT = (
    update(articles)
    .where(articles.c.id == bindparam("of_article"))
    .values(near_duplicate_of=bindparam("near_duplicate_of"))
)


def deleted(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Those of the keys that have a tombstone."""
    asked = {storable_key(key): key for key in keys}
    return {
        asked[row.key] for some in chunks(asked) for row in connection.execute(_SELECT_KEYS, {"keys": some})
    }


def buried(connection: Connection, keys: Collection[str], hashes: Collection[str]) -> Buried:
    """What has tombstones among the keys and content hashes of one batch."""
    found = connection.execute(_SELECT_BURIED, {"keys": list(keys), "hashes": list(hashes)}).all()
    return Buried(
        keys={row.key: row.deleted_at for row in found},
        contents={row.content_hash: row.deleted_at for row in found if row.content_hash},
    )


def delete_article(connection: Connection, article: int, now: float) -> bool:
    """Call it in a serial transaction: identity is decided against names and tombstones."""
    row = connection.execute(select(articles).where(articles.c.id == article)).mappings().first()
    if row is None:
        return False
    keys = list(connection.scalars(select(names.c.key).where(names.c.article_id == article)))
    grave = {
        "content_hash": row["content_hash"] or None,
        "article_id": article,
        "deleted_at": now,
        "forgotten": False,
    }
    insert_or_replace(connection, tombstones, [grave | {"key": key} for key in {*keys, row["key"]}])
    told = f"Article {article} was deleted here on {decide.day_and_time(now)}."
    for some in chunks(keys):
        connection.execute(
            update(items)
            .where(items.c.key.in_(some), items.c.article_id == article)
            .values(article_id=None, message=told)
        )
    connection.execute(delete(names).where(names.c.article_id == article))
    _leave_neighbours(connection, row)
    search.remove(connection, article)
    connection.execute(delete(articles).where(articles.c.id == article))
    return True


def forget_deleted(connection: Connection, name: str) -> bool:
    """A key or an address as people write it: all names of its article and their content are free."""
    graves = connection.execute(
        select(tombstones.c.key, tombstones.c.content_hash, tombstones.c.article_id).where(
            tombstones.c.key.in_(keys_of(name)), _stands
        )
    ).all()
    for grave in graves:
        same = [tombstones.c.article_id == grave.article_id]
        if grave.content_hash:
            same.append(tombstones.c.content_hash == grave.content_hash)
        connection.execute(update(tombstones).where(or_(*same)).values(forgotten=True))
    return bool(graves)


def _leave_neighbours(connection: Connection, row: Row) -> None:
    """Take an article out of the near duplicates; those that pointed to it find another original."""
    orphans = connection.execute(
        select(articles.c.id, articles.c.simhash)
        .where(articles.c.near_duplicate_of == row["id"])
        .order_by(articles.c.id)
    ).all()
    nearness = Nearness(connection, [one.simhash for one in orphans])
    nearness.remove(row["id"], row["simhash"])
    changes = [
        {"of_article": one.id, "near_duplicate_of": nearness.nearest_before(one.id, one.simhash)}
        for one in orphans
    ]
    if changes:
        connection.execute(_REPOINT, changes)
