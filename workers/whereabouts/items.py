"""What items tell of an article, and what became of the article itself."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from pipeline.errors import CODES
from pipeline.settings import Settings
from pipeline.store.contract import ItemRow, Store
from pipeline.store.trail import Grave, Sighting
from workers.prospects import what_next
from workers.whereabouts.clue import Clue, Deed
from workers.wording import from_now, line

#: items that are told of, the newest; the others are counted
MOST_ITEMS = 5
#: outcomes of items that lead to an article
WITH_ARTICLE = ("stored", "updated", "unchanged", "duplicate")
#: codes of what was skipped, and may end otherwise when it is handed in again
_MAY_CHANGE = ("no_article", "low_confidence", "empty", "not_text", "robots")


def item_clues(store: Store, items: Sequence[ItemRow], now: float, settings: Settings) -> Iterator[Clue]:
    """Of each item one clue, the newest first."""
    for item in items[:MOST_ITEMS]:
        yield item_clue(store, item, now, settings)
    if len(items) > MOST_ITEMS:
        yield Clue("note", f"{len(items) - MOST_ITEMS} or more older items have that name, too.")


def item_clue(store: Store, item: ItemRow, now: float, settings: Settings, title: str | None = None) -> Clue:
    """How one item stands. ``title``: the headline that its feed gave it; None: it is looked up."""
    link = {"link": f"/items/{item.id}", "link_words": f"What happened to item {item.id}"}
    name = _called(item, entry_title(store, item.id) if title is None else title)
    when = f" {from_now(item.finished_at, now)}" if item.finished_at else ""
    if item.outcome is None:
        says = f"{name} is on its way, in job {item.job}: accepted {from_now(item.created_at, now)}."
        if item.code:
            says += f" It failed so far ({item.code}): {item.message}"
        return Clue(
            "wait", says, next=what_next(item, now, settings), command=f"feedmill why {item.id}", **link
        )
    if item.outcome in WITH_ARTICLE:
        return _with_article(store, item, name, when)
    advice = CODES.get(item.code or "", "")
    told = f"({item.code}): {item.message or advice}"
    command = f"feedmill retry {item.id}" if item.can_retry else ""
    deed = Deed("retry", str(item.id)) if item.can_retry else None
    if item.outcome == "skipped":
        if deed is None and item.url and item.code in _MAY_CHANGE:
            deed = Deed("hand_in", item.url)
        return Clue(
            "bad", f"{name} was skipped{when} {told}", next=advice, command=command, deed=deed, **link
        )
    return Clue(
        "bad",
        f"{name} failed{when} {told}",
        next=f"{advice} {what_next(item, now, settings)}" if item.can_retry else advice,
        command=command,
        deed=deed,
        **link,
    )


def entry_title(store: Store, item: int) -> str:
    """The headline that the feed gave an item; empty if there is none."""
    row = store.item(item)
    return line(row.entry.title) if row is not None and row.entry is not None else ""


def _called(item: ItemRow, title: str) -> str:
    """How people know an item: by its headline, before its address and its number."""
    return (
        f'"{line(title)}" ({line(item.name)}, item {item.id})'
        if title
        else f"Item {item.id} ({line(item.name)})"
    )


def _with_article(store: Store, item: ItemRow, name: str, when: str) -> Clue:
    article = store.article(item.article) if item.article is not None else None
    if article is None:
        return _deleted_since(store, item, name, when)
    told = f'article {article["id"]} "{line(article["title"]) or "(no title)"}"'
    says = {
        "stored": f"{name} was stored{when} as {told}.",
        "updated": f"{name} was stored{when} as a new revision of {told}.",
        "unchanged": f"{name} had not changed{when}: it is stored as {told}.",
        "duplicate": f"{name} was not stored a second time{when}: its text is that of {told}.",
    }[item.outcome or "stored"]
    if article["is_paywalled"]:
        says += " Its page says that it is behind a paywall: the text may be only its beginning."
    link = (f"/articles/{article['id']}", f"Article {article['id']}")
    return Clue(
        "good", says + _near(article["near_duplicate_of"]), *link, command=f"feedmill show {article['id']}"
    )


def _deleted_since(store: Store, item: ItemRow, name: str, when: str) -> Clue:
    says = f"{name} ended {item.outcome}{when}, and its article was deleted since."
    says += f" {item.message}" if item.message else ""
    link = (f"/items/{item.id}", f"What happened to item {item.id}")
    if store.deleted([item.key]):
        step = "It stays deleted until that is taken back; then hand it in again."
        command = f"feedmill delete --forget {shlex.quote(item.key)}"
        return Clue("bad", says, *link, step, command, Deed("restore", item.key))
    step = "The deletion was taken back: hand it in again."
    again = item.url or item.name
    deed = Deed("hand_in", item.url) if item.url else None
    return Clue("bad", says, *link, step, f"feedmill enqueue {shlex.quote(again)}", deed)


def article_clues(articles: Sequence[Sighting], told: frozenset[int]) -> Iterator[Clue]:
    """Articles that no item of these led to: under another address, or whose page gives this one."""
    for one in articles:
        if one.article in told:
            continue
        name = f'article {one.article} "{line(one.title) or "(no title)"}"'
        how = (
            f"The page of {name} gives this address as its own (canonical); it came as {line(one.key)}."
            if one.is_canonical
            else f"It is stored as {name}, which came as {line(one.key)}."
        )
        link = (f"/articles/{one.article}", f"Article {one.article}")
        yield Clue("good", how + _near(one.near_duplicate_of), *link, command=f"feedmill show {one.article}")


def grave_clues(graves: Sequence[Grave], now: float) -> Iterator[Clue]:
    """What was deleted here, and does not come back."""
    for grave in graves:
        yield Clue(
            "bad",
            f"Article {grave.article} was deleted here {from_now(grave.deleted_at, now)}, and what comes as "
            f"{line(grave.key)} is skipped.",
            next="Take the deletion back, then hand the article in again.",
            command=f"feedmill delete --forget {shlex.quote(grave.key)}",
            deed=Deed("restore", grave.key),
        )


def _near(original: int | None) -> str:
    return f" It nearly repeats article {original}." if original is not None else ""


__all__ = [
    "MOST_ITEMS", "WITH_ARTICLE", "article_clues", "entry_title", "grave_clues", "item_clue", "item_clues",
]  # fmt: skip
