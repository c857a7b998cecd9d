"""An article by its headline: among all articles, and among what feeds listed lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.search import QueryError, words
from pipeline.settings import Settings
from pipeline.store.contract import ArticleRow, ItemRow, Store
from pipeline.store.headlines import LOOKED_AT
from workers.whereabouts.clue import Clue
from workers.whereabouts.items import WITH_ARTICLE, item_clue
from workers.wording import line

#: articles, and items, that are told of
MOST = 5


class Told(NamedTuple):
    """What a headline leads to."""

    clues: list[Clue]
    #: the only ones that are called so, word by word
    item: int | None = None
    article: int | None = None
    #: nothing has all of the words
    is_guess: bool = False


def headline(store: Store, asked: str, now: float, settings: Settings) -> Told:
    """Articles with these words, and items whose feed gave them such a headline."""
    wanted = words(asked)
    titled = _articles(store, " ".join(f"title:{word}" for word in wanted)) if wanted else []
    texts = [] if titled else _articles(store, asked)
    same = [row for row in titled if words(row.title or "") == wanted]
    clues = [_article(row, "is stored as") for row in titled]
    clues += [_article(row, "has these words in its text, and is stored as") for row in texts]
    seen = {row.id for row in (*titled, *texts)}
    exact: list[ItemRow] = []
    guessed: list[Clue] = []
    for one in store.find_entries(asked, MOST):
        if one.item.article in seen and one.item.outcome != "duplicate":
            continue
        clue = item_clue(store, one.item, now, settings, one.title)
        if one.likeness < 1.0:
            guessed.append(replace(clue, tone="note") if clue.tone == "good" else clue)
        else:
            clues.append(_renamed(store, one.item, one.title) or clue)
            exact += [one.item] if words(one.title) == wanted else []
    if is_guess := bool(guessed and not clues):
        clues = [
            Clue("note", "Nothing has all of these words in its headline. These have most of them:"),
            *guessed,
        ]
    sole = exact[0].id if len({item.key for item in exact}) == 1 and len(clues) == 1 and not titled else None
    return Told(clues, sole, same[0].id if len(same) == 1 else None, is_guess)


def looked_for(asked: str) -> str:
    """What was done to find a headline, where nothing was found."""
    return (
        f"Nothing here is called {line(asked)[:200]!r}. Looked through were the titles, texts and names of "
        "all articles for all of these words, their titles for most of them, and, for what became no "
        f"article, the headlines that feeds gave the last {LOOKED_AT:,} items."
    )


def _articles(store: Store, search: str) -> Sequence[ArticleRow]:
    try:
        return store.articles(search=search, limit=MOST)
    except QueryError:
        # It is no question in the language of searches, but may be a title all the same.
        return store.articles(search=f'"{search.replace(chr(34), " ")}"', limit=MOST)


def _article(row: ArticleRow, how: str) -> Clue:
    site = line(row.site_name or row.source)
    return Clue(
        "good",
        f'"{line(row.title) or "(no title)"}" ({site}) {how} article {row.id}.',
        f"/articles/{row.id}",
        f"Article {row.id}",
        command=f"feedmill show {row.id}",
    )


def _renamed(store: Store, item: ItemRow, title: str) -> Clue | None:
    """An article that its feed once called otherwise than it is called now."""
    if item.article is None or item.outcome not in WITH_ARTICLE or item.outcome == "duplicate":
        return None
    now_called = store.titles([item.article]).get(item.article)
    if now_called is None or words(now_called) == words(title):
        return None
    return Clue(
        "good",
        f'"{line(title)}" is how its feed called article {item.article}, which has the headline '
        f'"{line(now_called)}" now.',
        f"/articles/{item.article}",
        f"Article {item.article}",
        command=f"feedmill show {item.article}",
    )


__all__ = ["MOST", "Told", "headline", "looked_for"]
