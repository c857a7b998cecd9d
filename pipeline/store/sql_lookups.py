"""The part of the store that looks single things up; see `pipeline.store.lookups` for what it promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.store import library, people
from pipeline.store.around import Around, around
from pipeline.store.database import Database
from pipeline.store.guessing import Guesses, guesses
from pipeline.store.headlines import Headline, find_entries
from pipeline.store.shown import ArticleRow, ItemRow
from pipeline.store.trail import Trail, trail


class SqlLookups:
    """A `pipeline.store.lookups.Lookups` on SQLite and PostgreSQL."""

    _database: Database

    def article(self, article: int) -> dict[str, Any] | None:
        with self._database.reading() as connection:
            return people.article(connection, article)

    def near_duplicates(self, article: int, limit: int = 100) -> list[ArticleRow]:
        with self._database.asking() as connection:
            return library.near_duplicates(connection, article, limit)

    def article_item(self, article: int) -> int | None:
        with self._database.reading() as connection:
            return people.article_item(connection, article)

    def around(self, article: int) -> Around | None:
        with self._database.asking() as connection:
            return around(connection, article)

    def titles(self, articles: Sequence[int]) -> dict[int, str]:
        with self._database.reading() as connection:
            return people.titles(connection, articles)

    def find_items(self, name: str, limit: int = 20) -> list[ItemRow]:
        with self._database.asking() as connection:
            return people.find_items(connection, name, limit)

    def find_entries(self, words: str, limit: int = 20) -> list[Headline]:
        with self._database.asking() as connection:
            return find_entries(connection, words, limit)

    def guesses(self, keys: Sequence[str], headline: str, limit: int = 5) -> Guesses:
        with self._database.asking() as connection:
            return guesses(connection, keys, headline, limit)

    def trail(self, keys: Sequence[str], host: str = "", domain: str = "") -> Trail:
        with self._database.asking() as connection:
            return trail(connection, keys, host, domain)


__all__ = ["SqlLookups"]
