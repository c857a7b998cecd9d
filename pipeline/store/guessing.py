"""What somebody may have meant by an address or a headline that nothing is called: neighbours in an index,
and titles that have most of the words. Bounded, however many articles and items there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from sqlalchemy import Column, Connection, func, select

from pipeline.model import Value
from pipeline.search import Query, Wanted, words
from pipeline.search.likeness import NEARLY, likeness
from pipeline.store import search
from pipeline.store.acceptance import chunks
from pipeline.store.schema import articles, items, names
from pipeline.store.wording import storable_key

#: keys that are looked at on each side of an address
BESIDE = 40
#: different words of a headline that are looked for, the longest
MOST_WORDS = 12
#: a word in more titles than that tells too little; titles that are compared
COMMON, COMPARED = 300, 200


class Guess(Value, frozen=True, kw_only=True):
    """An article that may be meant."""

    article: int
    title: str
    key: str
    #: how much of what was asked for its title has, by `pipeline.search.likeness`
    likeness: float


class Guesses(Value, frozen=True, kw_only=True):
    """What may be meant."""

    #: known keys beside those that were asked for, in no order
    keys: tuple[str, ...] = ()
    #: the most alike first
    articles: tuple[Guess, ...] = ()


def guesses(connection: Connection, keys: Sequence[str], headline: str, limit: int) -> Guesses:
    """Keys that stand beside some, and articles whose titles are nearly a headline."""
    return Guesses(
        keys=tuple(_beside(connection, keys)), articles=tuple(_titled(connection, headline, limit))
    )


def _beside(connection: Connection, keys: Sequence[str]) -> set[str]:
    """In whatever order the database has texts: what differs late stands near in all of them."""
    found: set[str] = set()
    for key in map(storable_key, keys):
        columns: tuple[Column[str], ...] = (names.c.key, items.c.key)
        for column in columns:
            below = select(column).where(column < key).order_by(column.desc()).limit(BESIDE)
            above = select(column).where(column > key).order_by(column).limit(BESIDE)
            found.update(connection.scalars(below))
            found.update(connection.scalars(above))
    return found


def _titled(connection: Connection, headline: str, limit: int) -> list[Guess]:
    asked = words(headline)
    chosen = sorted(dict.fromkeys(asked), key=len, reverse=True)[:MOST_WORDS]
    if len(chosen) < 2:
        return []
    if connection.dialect.name != "sqlite":
        # As in `search.ranked`: a word's own index, whatever PostgreSQL thinks of how common it is.
        connection.execute(select(func.set_config("enable_seqscan", "off", True)))
    seen = Counter(_with_rare_words(connection, chosen) or _with_all_but_one(connection, chosen))
    best = [article for article, _ in seen.most_common(COMPARED)]
    columns = (articles.c.id, articles.c.title, articles.c.key)
    found = [
        Guess(
            article=row.id,
            title=row.title or "",
            key=row.key,
            likeness=likeness(asked, words(row.title or "")),
        )
        for some in chunks(best)
        for row in connection.execute(select(*columns).where(articles.c.id.in_(some)))
    ]
    alike = sorted(
        (one for one in found if one.likeness >= NEARLY), key=lambda one: (-one.likeness, -one.article)
    )
    return list(islice(alike, limit))


def _with_rare_words(connection: Connection, chosen: Sequence[str]) -> list[int]:
    """Once for each word that few titles have."""
    found: list[int] = []
    for word in chosen:
        some = search.some(connection, _all_of([word]), COMMON + 1)
        found += some if len(some) <= COMMON else []
    return found


def _with_all_but_one(connection: Connection, chosen: Sequence[str]) -> list[int]:
    """Where each word is common, or nowhere: one of them may be wrong."""
    found: list[int] = []
    for left_out in chosen if len(chosen) > 2 else ():
        found += search.some(connection, _all_of(word for word in chosen if word != left_out), COMMON)
    return found


def _all_of(chosen: Iterable[str]) -> Query:
    return Query(groups=tuple((Wanted(words=(word,), field="title"),) for word in chosen))


__all__ = ["Guess", "Guesses", "guesses"]
