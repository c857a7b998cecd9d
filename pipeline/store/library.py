"""The articles as people ask for them: listed, filtered, searched, and counted by what they can be
filtered by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Text,
    false,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from pipeline import urls
from pipeline.search import Query, Wanted, parse, snippet, words
from pipeline.store import search as finding
from pipeline.store.acceptance import chunks
from pipeline.store.article_filter import MOST_COUNTED, ArticleFilter, Facet, Facets
from pipeline.store.contract import ArticleRow
from pipeline.store.leading import is_one
from pipeline.store.paging import Amount, Listing, Number, Order
from pipeline.store.rows import base_language, folded, host_without_www, read_article_row
from pipeline.store.schema import articles, is_near_another
from pipeline.store.wording import storable

#: articles, the newest, among which values to choose from are looked for: however many there are, a page
#: asks for no more
LOOKED_AT = 2000
#: values to choose from, of each kind
MOST_VALUES = 40

_NEWEST = Order("articles", tuple[Amount, Number])
#: the newest article that is ranked; then score and article of the last that was shown
_BEST = Order("found", tuple[Number, Amount, Number])
#: a place before that of any article
_BEFORE_ALL = (1e300, (1 << 63) - 1)
_ARTICLE_ROW = [articles.c[name] for name in ArticleRow.__struct_fields__ if name != "passage"]
#: filters that are words of a field in the full-text index
_BY_WORDS = ("author", "section", "tag", "source")


def list_articles(
    connection: Connection, search: str | None, wanted: ArticleFilter, limit: int, cursor: str | None = None
) -> Listing[ArticleRow]:
    """The newest articles that pass a filter, or those of them that answer a search, best first. Raises
    QueryError, CursorError."""
    asked = parse(search or "")
    conditions = [*_conditions(wanted), *finding.published(asked)]
    named, values = _named(wanted), list(_values(connection, wanted))
    if asked.groups:
        conditions += [column == value for column, value in values]
        return _best(connection, asked, named, conditions, limit, cursor)
    of_words = Query(groups=named)
    looks_into = bool(named) and finding.of_many(connection, of_words)
    if named and not looks_into:
        conditions.append(finding.answering(connection, of_words))
    if asked.excluded:
        conditions.append(finding.unwanted(connection, asked))
    if cursor is not None:
        conditions.append(tuple_(articles.c.stored_at, articles.c.id) < _NEWEST.place(cursor))
    order: list[ColumnElement[Any]] = [articles.c.stored_at.desc(), articles.c.id.desc()]
    if values:
        (column, value), *values = values
        # The index of this value has the newest first: see `leading`.
        conditions.append(is_one(connection, column, value))
        order.insert(0, column.desc())
    conditions += [column == value for column, value in values]
    if looks_into:
        return _looked_into(connection, of_words, conditions, order, limit)
    query = select(*_ARTICLE_ROW).where(*conditions).order_by(*order).limit(limit + 1)
    rows = [read_article_row(row) for row in connection.execute(query).mappings()]
    return _NEWEST.page(rows, limit, lambda row: (row.stored_at, row.id))


def _looked_into(
    connection: Connection,
    asked: Query,
    conditions: list[ColumnElement[bool]],
    order: list[ColumnElement[Any]],
    limit: int,
) -> Listing[ArticleRow]:
    """One page of the newest articles of which many have a filter's words: so many are looked into until
    it is full, and the next page goes on behind them."""
    walk = select(articles.c.stored_at, articles.c.id).where(*conditions).order_by(*order)
    found: list[tuple[float, int]] = []
    more = True
    for most in finding.LOOKED_INTO:
        some = [(row.stored_at, row.id) for row in connection.execute(walk.limit(most))]
        fit = finding.among(connection, asked, [number for _, number in some])
        found += [place for place in some if place[1] in fit]
        more = len(some) == most
        if not more or len(found) > limit:
            break
        walk = walk.where(tuple_(articles.c.stored_at, articles.c.id) < some[-1])
    shown = _NEWEST.page(found, limit, lambda place: place)
    if shown.next is None and more:
        shown.next = _NEWEST.cursor(some[-1])
    query, rows = select(*_ARTICLE_ROW), dict[int, ArticleRow]()
    for part in chunks([number for _, number in shown]):
        told = connection.execute(query.where(articles.c.id.in_(part))).mappings()
        rows.update((row["id"], read_article_row(row)) for row in told)
    return Listing([rows[number] for _, number in shown if number in rows], shown.next)


def _best(
    connection: Connection,
    asked: Query,
    named: tuple[tuple[Wanted, ...], ...],
    conditions: list[ColumnElement[bool]],
    limit: int,
    cursor: str | None,
) -> Listing[ArticleRow]:
    """One page of what a search finds, among the articles that there were when its first page was read:
    those that came since would move the window of the newest that are ranked. Behind the last page of a
    window comes the next window, of older ones."""
    last: tuple[float, int] | None = None
    if cursor is None:
        newest = connection.execute(select(func.max(articles.c.id))).scalar() or 0
    else:
        newest, score, article = _BEST.place(cursor)
        last = (score, article)
    whole = msgspec.structs.replace(asked, groups=asked.groups + named)
    best = finding.ranked(connection, whole, conditions, newest)
    places = best.places[_behind(best.places, last) :]
    shown = _BEST.page(places, limit, lambda place: (newest, *place))
    if shown.next is None and best.older is not None and best.older > 0:
        shown.next = _BEST.cursor((best.older, *_BEFORE_ALL))
    query = select(*_ARTICLE_ROW, articles.c.text)
    rows = {
        row["id"]: read_article_row(row, snippet(row["text"], asked))
        for some in chunks([number for _, number in shown])
        for row in connection.execute(query.where(articles.c.id.in_(some))).mappings()
    }
    return Listing([rows[number] for _, number in shown if number in rows], shown.next)


def _behind(places: list[tuple[float, int]], last: tuple[float, int] | None) -> int:
    """How many places are up to and with the last one that was shown. It is found by its article:
    SQLite's ranks shift a little, all together, with every article that is added."""
    if last is None:
        return 0
    for number, (_, article) in enumerate(places, 1):
        if article == last[1]:
            return number
    return sum(place >= last for place in places)


def _values(connection: Connection, wanted: ArticleFilter) -> Iterator[tuple[Column[Any], str]]:
    """Columns that must have one value, each with an index that has the newest first; the rarest first."""
    if wanted.job is not None:
        yield articles.c.job, storable(wanted.job)
    if wanted.site is not None:
        yield _site(connection, storable(wanted.site))
    if wanted.agency is not None:
        yield articles.c.agency, folded(storable(wanted.agency))
    if wanted.language is not None:
        yield articles.c.base_language, base_language(_language(wanted.language))


def _conditions(wanted: ArticleFilter) -> Iterator[ColumnElement[bool]]:
    """What else a filter asks of the columns."""
    if wanted.language is not None and "-" in (asked := _language(wanted.language)):
        yield func.lower(articles.c.language) == asked.lower()
    if wanted.published_from is not None:
        yield articles.c.published_ts >= wanted.published_from
    if wanted.published_before is not None:
        yield articles.c.published_ts < wanted.published_before
    if wanted.stored_since is not None:
        yield articles.c.stored_at >= wanted.stored_since
    if wanted.min_confidence is not None:
        yield articles.c.confidence >= wanted.min_confidence
    if wanted.max_confidence is not None:
        yield articles.c.confidence < wanted.max_confidence
    # A name without a word in it, such as "?", is nobody's.
    if any(said is not None and not words(said) for said in (getattr(wanted, name) for name in _BY_WORDS)):
        yield false()


def _language(said: str) -> str:
    return storable(said.strip().replace("_", "-"))


def _site(connection: Connection, site: str) -> tuple[Column[Any], str]:
    """A host if there is an article of it, else a name. Not both at once: only one of them is then an index
    that has the newest first."""
    address = urls.host_of(site if urls.is_url(site) else f"http://{site.strip()}")
    host = host_without_www(address)
    if host and connection.execute(select(articles.c.id).where(articles.c.host == host).limit(1)).first():
        return articles.c.host, host
    return articles.c.site, folded(site)


def _named(wanted: ArticleFilter) -> tuple[tuple[Wanted, ...], ...]:
    """What a filter asks of fields that are found by their words."""
    said = ((name, getattr(wanted, name)) for name in _BY_WORDS)
    found = ((name, tuple(words(one))) for name, one in said if one is not None)
    return tuple((Wanted(words=told, field=name),) for name, told in found if told)


# -- what to choose from ------------------------------------------------------------------------


def facets(connection: Connection) -> Facets:
    """Values that are frequent among the newest articles. Reads `LOOKED_AT` rows, and counts up to
    `MOST_COUNTED` of each value by index."""
    newest = select(articles.c.site_name, articles.c.host, articles.c.base_language, articles.c.agency)
    newest = newest.order_by(articles.c.stored_at.desc(), articles.c.id.desc()).limit(LOOKED_AT)
    sites: Counter[tuple[str, str]] = Counter()
    languages: Counter[str] = Counter()
    agencies: Counter[str] = Counter()
    for row in connection.execute(newest):
        if row.site_name or row.host:
            sites[(row.site_name or "", "" if row.site_name else row.host)] += 1
        languages.update([row.base_language] if row.base_language else [])
        agencies.update([row.agency] if row.agency else [])
    by_name = {folded(name): name for (name, _), _ in sites.most_common(MOST_VALUES) if name}
    by_host = {host: host for (_, host), _ in sites.most_common(MOST_VALUES) if host}
    told = {one: one for one, _ in languages.most_common(MOST_VALUES)}
    shown = {one: _agency(connection, one) for one, _ in agencies.most_common(MOST_VALUES)}
    named = (*_counted(connection, articles.c.site, by_name), *_counted(connection, articles.c.host, by_host))
    return Facets(
        sites=_most_first(named),
        languages=_most_first(_counted(connection, articles.c.base_language, told)),
        agencies=_most_first(_counted(connection, articles.c.agency, shown)),
    )


def _counted(connection: Connection, column: Column[str], shown: dict[str, str]) -> Iterator[Facet]:
    for value, name in shown.items():
        some = select(literal_column("1").label("one")).where(column == value).limit(MOST_COUNTED).subquery()
        yield Facet(value=name, count=connection.scalar(select(func.count()).select_from(some)) or 0)


def _most_first(found: Iterator[Facet] | tuple[Facet, ...]) -> tuple[Facet, ...]:
    return tuple(sorted(found, key=lambda one: (-one.count, folded(one.value))))


def _agency(connection: Connection, agency: str) -> str:
    """How an agency's name is written, as one of its articles has it."""
    written = articles.c.data["agency"].as_string()
    query = select(written.cast(Text)).where(articles.c.agency == agency)
    newest = query.order_by(articles.c.stored_at.desc(), articles.c.id.desc()).limit(1)
    return connection.scalar(newest) or agency


def near_duplicates(connection: Connection, article: int, limit: int) -> list[ArticleRow]:
    query = select(articles.c.near_duplicate_of).where(articles.c.id == article)
    repeated = connection.execute(query).scalar()
    group = [article] if repeated is None else [article, repeated]
    # Said once more in the words of the partial index.
    like = is_near_another & articles.c.near_duplicate_of.in_(group)
    query = select(*_ARTICLE_ROW).where(or_(like, articles.c.id.in_(group)), articles.c.id != article)
    rows = connection.execute(query.order_by(articles.c.id).limit(limit)).mappings()
    return [read_article_row(row) for row in rows]
