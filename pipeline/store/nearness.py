"""Near duplicates among the stored articles: the look-up by bands that `decide` judges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, select

from pipeline import decide
from pipeline.store.schema import articles, simhash_bands

#: candidates read for one batch. Random hashes give about 400 for 32 articles among 200,000;
#: a flood of pages that share a quarter of their hash must not slow the batch down.
MOST_CANDIDATES = 4096

_SELECT_BANDS = (
    select(simhash_bands)
    .where(simhash_bands.c.band.in_(bindparam("bands", expanding=True)))
    .limit(MOST_CANDIDATES)
)
_SELECT_OLD = select(articles.c.id, articles.c.simhash).where(
    articles.c.id.in_(bindparam("ids", expanding=True))
)
_INTO_BANDS = "INSERT INTO simhash_bands (band, article_id, simhash)"
_ARRAYS = "(%s::integer[], %s::bigint[], %s::bigint[])"
_DELETE_BAND = delete(simhash_bands).where(
    simhash_bands.c.band == bindparam("of_band"), simhash_bands.c.article_id == bindparam("of_article")
)


class Nearness:
    """The near articles of one batch, in a transaction that nobody else writes articles beside."""

    def __init__(self, connection: Connection, simhashes: Iterable[str]) -> None:
        self._connection = connection
        #: band -> article -> simhash
        self._near: dict[int, dict[int, int]] = defaultdict(dict)
        self._placed: dict[int, int] = {}
        numbers = [number for number in map(_number, simhashes) if number is not None]
        wanted = {band for number in numbers for band in decide.bands(number)}
        if wanted:
            for row in connection.execute(_SELECT_BANDS, {"bands": list(wanted)}):
                self._near[row.band][row.article_id] = row.simhash

    def place(self, article: int, simhash: str) -> int | None:
        """The article that this one nearly repeats; those placed after it see this one, too."""
        number = _number(simhash)
        if number is None:
            return None
        mine = decide.bands(number)
        others = {other: value for band in mine for other, value in self._near[band].items()}
        others.pop(article, None)
        others.update((other, self._placed[other]) for other in others.keys() & self._placed.keys())
        for band in mine:
            self._near[band][article] = number
        self._placed[article] = number
        return decide.near_duplicate(number, others)

    def nearest_before(self, article: int, simhash: str) -> int | None:
        """The article that this one nearly repeats, of those stored before it."""
        number = _number(simhash)
        if number is None:
            return None
        others = {
            other: value
            for band in decide.bands(number)
            for other, value in self._near[band].items()
            if other < article
        }
        return decide.near_duplicate(number, others)

    def remove(self, article: int, simhash: str) -> None:
        """Take an article's bands out of the table: nothing is near it any more."""
        number = _number(simhash)
        if number is None:
            return
        gone = [{"of_band": band, "of_article": article} for band in decide.bands(number)]
        self._connection.execute(_DELETE_BAND, gone)
        for band in decide.bands(number):
            self._near[band].pop(article, None)

    def write(self) -> None:
        """Put the placed articles' bands in the table. Call it before the articles change."""
        if not self._placed:
            return
        old = [
            {"of_band": band, "of_article": row.id}
            for row in self._connection.execute(_SELECT_OLD, {"ids": list(self._placed)})
            for band in decide.bands(_number(row.simhash) or 0)
        ]
        if old:
            self._connection.execute(_DELETE_BAND, old)
        new = [
            (band, article, _signed(number))
            for article, number in self._placed.items()
            for band in decide.bands(number)
        ]
        # Four rows an article, numbers only: handed to the driver as they are, they cost a third.
        if self._connection.dialect.name == "sqlite":
            self._connection.exec_driver_sql(f"{_INTO_BANDS} VALUES (?, ?, ?)", new)
        else:
            columns = tuple(map(list, zip(*new, strict=True)))
            self._connection.exec_driver_sql(f"{_INTO_BANDS} SELECT * FROM unnest{_ARRAYS}", columns)


def _number(simhash: str) -> int | None:
    try:
        return int(simhash, 16) if simhash else None
    except ValueError:
        return None


def _signed(number: int) -> int:
    # Both databases hold signed integers of 64 bits.
    return number - (1 << 64) if number >> 63 else number
