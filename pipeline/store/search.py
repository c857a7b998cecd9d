"""The full-text index: an article's words beside its row, written in the same transaction.

SQLite keeps them in an FTS5 table, PostgreSQL in a tsvector with a GIN index. Both get words that
`pipeline.search.words` made, so that both find the same articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Double,
    Float,
    Integer,
    Select,
    String,
    TableClause,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.types import UserDefinedType

from pipeline import urls
from pipeline.model import Article
from pipeline.search import GAP, Query, Wanted, marked, words
from pipeline.store.acceptance import chunks
from pipeline.store.schema import articles

#: words of a text that are found; a tsvector takes a megabyte at most
MOST_WORDS = 50_000
#: articles that are ranked together, the newest of those that match: ranking looks at each of them
RANKED = 1_000
#: articles that are looked into for the words of a phrase in their order, the newest of those that have all
#: of them: so many at a time, until `ENOUGH` are found. PostgreSQL's index does not tell the order, and what
#: is looked into for one answer fits a fifth of a second
LOOKED_INTO = (400, 1_200)
ENOUGH = 100
#: articles that have a filter's words: up to so many are taken from PostgreSQL's index and sorted; of more
#: the newest articles are looked into
FEW = 3_000
#: what a word is worth in title, about and text
WEIGHTS = (8.0, 4.0, 1.0)
#: the same for ts_rank, from D to A; C is not used
_WEIGHTS: ColumnElement[Any] = literal_column("CAST('{0.125, 0, 0.5, 1}' AS REAL[])")
#: divide by 1 + the logarithm of the length: long texts are not the best for being long
_BY_LENGTH: ColumnElement[Any] = literal_column("1")
#: positions that PostgreSQL tells apart, and how many of one word it keeps
_LAST_POSITION, _POSITIONS = 16_383, 255
_NUMBERS = [str(number) for number in range(_LAST_POSITION + 1)]

_FTS5 = """CREATE VIRTUAL TABLE article_words USING fts5(title, about, text, tokenize = "ascii")"""
_TSVECTOR = (
    "CREATE TABLE article_words ("
    "article_id BIGINT CONSTRAINT pk_article_words PRIMARY KEY"
    " CONSTRAINT fk_article_words_article_id REFERENCES articles (id) ON DELETE CASCADE,"
    " words TSVECTOR NOT NULL)",
    # Whoever fills the list of what is not sorted in yet does so for all: with the usual 4 MB
    # one batch in hundreds would wait for seconds.
    "CREATE INDEX ix_article_words_words ON article_words USING gin (words)"
    " WITH (gin_pending_list_limit = 256)",
)
_SQLITE = {
    "drop": text("DELETE FROM article_words WHERE rowid = :id"),
    "write": text(
        "INSERT INTO article_words (rowid, title, about, text) VALUES (:id, :title, :about, :text)"
    ),
}
_POSTGRESQL = text(
    "INSERT INTO article_words (article_id, words) VALUES (:id, CAST(:words AS TSVECTOR))"
    " ON CONFLICT (article_id) DO UPDATE SET words = excluded.words"
)


class _TsQuery(UserDefinedType[str]):
    """PostgreSQL's type of a query; its dialect is loaded only where it is used."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "TSQUERY"


class Words(NamedTuple):
    """What is found of an article, by column of the index."""

    title: list[str]
    about: list[str]
    text: list[str]


def create(connection: Connection) -> None:
    """Make the index of a database that has none."""
    for statement in (_FTS5,) if _is_sqlite(connection) else _TSVECTOR:
        connection.execute(text(statement))


def drop(connection: Connection) -> None:
    connection.execute(text("DROP TABLE article_words"))


def write(connection: Connection, articles: Iterable[tuple[int, str, str, Article]], new: bool) -> None:
    """Index articles, given as (id, key, source, article). ``new``: none of them has been before."""
    found = [(number, words_of(article, key, source)) for number, key, source, article in articles]
    if not found:
        return
    if _is_sqlite(connection):
        if not new:
            connection.execute(_SQLITE["drop"], [{"id": number} for number, _ in found])
        rows = [
            {"id": number} | {name: " ".join(part) for name, part in told._asdict().items()}
            for number, told in found
        ]
        connection.execute(_SQLITE["write"], rows)
    else:
        connection.execute(_POSTGRESQL, [{"id": number, "words": tsvector(told)} for number, told in found])


def remove(connection: Connection, article: int) -> None:
    """Forget a deleted article; on PostgreSQL its row goes with the article's."""
    if _is_sqlite(connection):
        connection.execute(_SQLITE["drop"], {"id": article})


def words_of(article: Article, key: str, source: str) -> Words:
    """The words under which an article is found: its own, and those of its fields once more, marked."""
    titles = [one for one in (article.title, *article.subtitles) if one]
    people = [*article.authors, *(one.name for one in article.contributors)]
    plain = [*people, article.agency, article.section, *article.tags]
    dateline = article.dateline
    fields: dict[str, list[str | None]] = {
        "title": [*titles],
        "author": [*people],
        "agency": [article.agency, dateline.agency if dateline else None],
        "section": [article.section],
        "tag": [*article.tags],
        "language": [article.language],
        "site": [urls.host_of(article.url or key), article.site_name],
        "source": [source],
        "place": [dateline.place if dateline else None],
    }
    about = _gapped(words(one) for one in plain if one)
    for field, values in fields.items():
        about += _gapped(marked(field, value) for value in values if value)
    return Words(
        title=_gapped(words(one) for one in titles)[:MOST_WORDS],
        about=about[:MOST_WORDS],
        text=words(article.text)[:MOST_WORDS],
    )


def _gapped(parts: Iterable[list[str]]) -> list[str]:
    return [word for part in parts if part for word in (*part, GAP)]


def tsvector(told: Words) -> str:
    """A tsvector as PostgreSQL reads it: each word with its places and their weights."""
    places: dict[str, list[str]] = {}
    start = 1
    for part, weight in zip(told, ("A", "B", ""), strict=True):
        positions = _NUMBERS[start : start + len(part)]
        positions += _NUMBERS[-1:] * (len(part) - len(positions))
        for word, position in zip(part, positions, strict=True):
            places.setdefault(word, []).append(position + weight)
        start = min(start + len(part) + 1, _LAST_POSITION)
    places.pop(GAP, None)
    return " ".join([f"'{word}':{','.join(where[:_POSITIONS])}" for word, where in places.items()])


# -- queries ------------------------------------------------------------------------------------


class Ranked(NamedTuple):
    """Articles that answer a search, the best first, and where the others are."""

    #: score, the higher the better, and article
    places: list[tuple[float, int]]
    #: those that were not looked at are up to this number; None: all were
    older: int | None


def ranked(
    connection: Connection, query: Query, conditions: Sequence[ColumnElement[bool]], newest: int
) -> Ranked:
    """The articles up to a number that answer a query with words and meet the conditions: the newest
    `RANKED` of them, or of a phrase on PostgreSQL those that `LOOKED_INTO` finds. The query must have
    groups."""
    if _is_sqlite(connection):
        found = select(articles.c.id).where(*conditions, articles.c.id <= newest)
        # bm25() is the lower the better.
        score = literal_column(f"-bm25(article_words, {', '.join(map(str, WEIGHTS))})", Float)
        found = found.order_by(articles.c.id.desc()).limit(RANKED).add_columns(score.label("score"))
        return _told(connection, _matching(found, _index(connection), query))
    # PostgreSQL takes looking into an article's words for cheap, and would do so with all the newest: a sum
    # is in no index's order, so those that match come out of the words' own index, and only these are ranked.
    connection.execute(select(func.set_config("enable_seqscan", "off", True)))
    index = _index(connection)
    asked = cast(tsquery(query), _TsQuery)
    if not any(len(one.words) > 1 for group in query.groups for one in group):
        return _told(connection, _scored(index, asked, _newest(index, asked, conditions, newest, RANKED)))
    found_in_order, older = _in_order(connection, query, conditions, newest)
    some = select(index.c.article_id).where(index.c.article_id.in_(found_in_order))
    return _told(connection, _scored(index, asked, some))._replace(older=older)


def _scored(index: TableClause, asked: ColumnElement[Any], some: Select[Any]) -> Select[Any]:
    best, shown = some.subquery(), index.alias("ranked")
    # It is told in four bytes, and no number of eight that a client sends back would be equal to that.
    score = cast(func.ts_rank(_WEIGHTS, shown.c.words, asked, _BY_LENGTH), Double)
    joined = best.join(shown, shown.c.article_id == best.c.article_id)
    return select(best.c.article_id.label("id"), score.label("score")).select_from(joined)


def _told(connection: Connection, best: Select[Any]) -> Ranked:
    found = ((float(row.score), int(row.id)) for row in connection.execute(best))
    places = sorted(found, reverse=True)
    full = len(places) == RANKED
    return Ranked(places, min(number for _, number in places) - 1 if full else None)


def _newest(
    index: TableClause,
    asked: ColumnElement[Any],
    conditions: Sequence[ColumnElement[bool]],
    last: int,
    most: int,
) -> Select[Any]:
    """The newest articles up to a number that the index gives for a query."""
    number = index.c.article_id
    some = select(number).where(index.c.words.op("@@", is_comparison=True)(asked), number <= last)
    if conditions:
        some = some.join(articles, articles.c.id == number).where(*conditions)
    return some.order_by((number + 0).desc()).limit(most)


def _in_order(
    connection: Connection, query: Query, conditions: Sequence[ColumnElement[bool]], newest: int
) -> tuple[list[int], int | None]:
    """The newest articles that answer a query with a phrase: those that have its words, looked into. And
    the number up to which none was; None: all were."""
    index = _index(connection)
    apart, asked = cast(tsquery(query, apart=True), _TsQuery), cast(tsquery(query), _TsQuery)
    found: list[int] = []
    for most in LOOKED_INTO:
        some = list(connection.execute(_newest(index, apart, conditions, newest, most)).scalars())
        found += _looked_into(connection, asked, some)
        if len(some) < most:
            return found, None
        newest = some[-1] - 1
        if len(found) >= ENOUGH:
            break
    return found, newest


def _looked_into(connection: Connection, asked: ColumnElement[Any], some: Sequence[int]) -> Iterator[int]:
    """Those of some articles that answer a query, on PostgreSQL."""
    index = _index(connection)
    # By its function: for the operator PostgreSQL would ask the index, and look into all.
    answers = select(index.c.article_id).where(func.ts_match_vq(index.c.words, asked))
    for part in chunks(some):
        yield from connection.execute(answers.where(index.c.article_id.in_(part))).scalars()


def of_many(connection: Connection, query: Query) -> bool:
    """Whether so many articles answer a query that it is better to look into the newest (`among`) than to
    sort all that do (`answering`): on PostgreSQL only."""
    if _is_sqlite(connection):
        return False
    some = _matching(select(literal_column("1")), _index(connection), query, joined=False).limit(FEW + 1)
    return (connection.scalar(select(func.count()).select_from(some.subquery())) or 0) > FEW


def among(connection: Connection, query: Query, some: Sequence[int]) -> set[int]:
    """Those of some articles that answer a query; where `of_many` says so."""
    return set(_looked_into(connection, cast(tsquery(query), _TsQuery), some))


def some(connection: Connection, query: Query, most: int) -> list[int]:
    """A few of the articles that answer a query without a phrase, in no order."""
    index = _index(connection)
    if _is_sqlite(connection):
        asked = text("SELECT rowid FROM article_words WHERE article_words MATCH :asked LIMIT :most")
        return list(connection.execute(asked, {"asked": match(query), "most": most}).scalars())
    answers = index.c.words.op("@@", is_comparison=True)(cast(tsquery(query), _TsQuery))
    return list(connection.scalars(select(index.c.article_id).where(answers).limit(most)))


def answering(connection: Connection, query: Query) -> ColumnElement[bool]:
    """The condition that an article answers a query. The index is asked once and first: where PostgreSQL
    takes the answers for many, it would look into article after article instead."""
    found = _numbers(connection, query).cte("answering")
    return articles.c.id.in_(select(found.prefix_with("MATERIALIZED", dialect="postgresql").c.id))


def unwanted(connection: Connection, query: Query) -> ColumnElement[bool]:
    """The condition that an article has nothing of what a query excludes, where that is all it says."""
    return articles.c.id.not_in(_numbers(connection, Query(groups=(query.excluded,))))


def _numbers(connection: Connection, query: Query) -> Select[Any]:
    """The numbers of the articles that answer a query, out of the index alone."""
    index = _index(connection)
    number = index.c.rowid if _is_sqlite(connection) else index.c.article_id
    return _matching(select(number.label("id")), index, query, joined=False)


def published(query: Query) -> list[ColumnElement[bool]]:
    """What a query asks of the time of publication, as conditions."""
    bounds = query.filters
    wanted: list[ColumnElement[bool]] = []
    if bounds.after is not None:
        wanted.append(articles.c.published_ts >= bounds.after)
    if bounds.before is not None:
        wanted.append(articles.c.published_ts < bounds.before)
    return wanted


def _matching(query: Select[Any], index: TableClause, asked: Query, *, joined: bool = True) -> Select[Any]:
    """The articles of a query that answer another. ``joined``: with their rows."""
    found: ColumnElement[bool]
    if "article_id" in index.c:
        number, found = (
            index.c.article_id,
            index.c.words.op("@@", is_comparison=True)(cast(tsquery(asked), _TsQuery)),
        )
    else:
        number = index.c.rowid
        # Not as a text with a parameter: two of them in one statement would be one parameter.
        found = literal_column("article_words").op("MATCH", is_comparison=True)(match(asked))
    return query.select_from(index.join(articles, articles.c.id == number) if joined else index).where(found)


def _index(connection: Connection) -> TableClause:
    if _is_sqlite(connection):
        return table("article_words", column("rowid", Integer))
    return table("article_words", column("article_id", BigInteger), column("words", String))


def match(query: Query) -> str:
    """A query in the words of SQLite's FTS5 (sqlite.org/fts5.html, 3)."""

    def spell(one: Wanted) -> str:
        return f'"{" ".join(one.marked)}"' + ("*" if one.prefix else "")

    def any_of(some: Iterable[Wanted]) -> str:
        return f"({' OR '.join(map(spell, some))})"

    asked = " AND ".join(map(any_of, query.groups))
    return f"({asked}) NOT {any_of(query.excluded)}" if query.excluded else asked


def tsquery(query: Query, *, apart: bool = False) -> str:
    """A query in the words of PostgreSQL's tsquery. ``apart``: one that the index alone can answer, which
    takes a phrase for its words, and excludes nothing."""

    def spell(one: Wanted) -> str:
        phrase = [f"'{word}'" for word in one.marked]
        phrase[-1] += ":*" if one.prefix else ""
        return f"({(' & ' if apart else ' <-> ').join(phrase)})"

    def any_of(some: Iterable[Wanted]) -> str:
        return f"({' | '.join(map(spell, some))})"

    asked = " & ".join(map(any_of, query.groups))
    return f"{asked} & !{any_of(query.excluded)}" if query.excluded and not apart else asked


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"
