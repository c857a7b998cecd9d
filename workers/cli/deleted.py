"""Articles by their exact name, and what is said of those that were deleted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.store.contract import ItemRow, Store


_LISTS = "`feedmill articles` lists those there are."


def named_article(store: Store, name: str) -> dict[str, Any] | None:
    """An article by id, or the newest that came of exactly this URL or path: a part of a name, which is
    enough to show one, must not delete one."""
    if _is_number(name):
        return store.article(int(name))
    for item in _items(store, name):
        if item.article is not None and (article := store.article(item.article)) is not None:
            return article
    return None


def keys_of(store: Store, name: str) -> list[str]:
    """The identities that a name stands for: of a URL or a file, and of the items called so. A number
    names no key: nothing of a deleted article is left under it."""
    if _is_number(name):
        return []
    return list(dict.fromkeys([*_plain_keys(name), *(item.key for item in _items(store, name))]))


def no_article(store: Store, name: str) -> str:
    """Why no article is to be had under a name, and the way out."""
    from workers.wording import line

    keys = keys_of(store, name)
    if keys and store.deleted(keys):
        return (
            f"Article {line(name)} was deleted, and does not come back. "
            f"`feedmill delete --forget {line(keys[0])}` lets it in again."
        )
    if _is_number(name):
        return f"There is no article {name}, or no longer: it may have been deleted. {_LISTS}"
    return f"There is no article {line(name)}. {_LISTS}"


def was_deleted(store: Store, item: ItemRow) -> bool:
    """Whether the article that an item gave, or repeated, is there no more."""
    if item.outcome not in ("stored", "updated", "unchanged", "duplicate"):
        return False
    return item.article is None or store.article(item.article) is None


def _items(store: Store, name: str) -> list[ItemRow]:
    keys = _plain_keys(name)
    return [one for one in store.find_items(name) if one.key in keys or name in (one.name, one.url)]


def _plain_keys(name: str) -> list[str]:
    from pipeline.errors import SourceError
    from pipeline.urls import canonical, file_key, is_url

    try:
        return [canonical(name)] if is_url(name) else [name, file_key(Path(name))]
    except SourceError:
        return [name]


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit() and int(name) < 1 << 63


__all__ = ["keys_of", "named_article", "no_article", "was_deleted"]
