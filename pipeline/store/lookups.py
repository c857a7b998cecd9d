"""What storage promises to those who look single things up: an article, an item, or where one is.

A part of `pipeline.store.contract.Store`, whose laws hold here, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.store.shown import ArticleRow, ItemRow

if TYPE_CHECKING:
    from pipeline.store.around import Around
    from pipeline.store.guessing import Guesses
    from pipeline.store.headlines import Headline
    from pipeline.store.trail import Trail


class Lookups(Protocol):
    """Each is answered by an index, or looks at a number of rows that is bounded."""

    def article(self, article: int) -> dict[str, Any] | None:
        """`Article.to_dict()` plus ``id``, ``job``, ``fetched_at`` (ISO 8601)."""

    def near_duplicates(self, article: int, limit: int = 100) -> list[ArticleRow]:
        """The others that say nearly the same as an article, by their numbers: those that it repeats, that
        repeat it, and that repeat the same as it does."""

    def article_item(self, article: int) -> int | None:
        """The item whose ending last wrote this article."""

    def around(self, article: int) -> Around | None:
        """An article's feed, revisions and names, and its neighbours from the same host."""

    def titles(self, articles: Sequence[int]) -> dict[int, str]:
        """Of those of the articles that have one."""

    def find_items(self, name: str, limit: int = 20) -> list[ItemRow]:
        """Items by id, URL, path or name as a person would type it, newest first: also under another
        spelling of the address, and by where it led. Only if none is so called, the newest of whose
        names it is a part."""

    def find_entries(self, words: str, limit: int = 20) -> list[Headline]:
        """Of the newest items those whose feed's entry has all words in its headline, newest first; where
        none has, those that have most of them."""

    def guesses(self, keys: Sequence[str], headline: str, limit: int = 5) -> Guesses:
        """What may be meant where nothing is called so: keys beside some, titles that are nearly one."""

    def trail(self, keys: Sequence[str], host: str = "", domain: str = "") -> Trail:
        """What is known of an address, in all its spellings, beside items: articles, tombstones, entries
        of feeds; and the feeds near its host or registered domain."""


__all__ = ["Lookups"]
