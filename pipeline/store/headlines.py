"""Items by the headline that their feed's entry has: these stand in no index, so the newest are read."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from pipeline import packing
from pipeline.model import Entry, Value
from pipeline.search import words
from pipeline.search.likeness import NEARLY, likeness
from pipeline.store.rows import read_item_row
from pipeline.store.schema import items
from pipeline.store.shown import ItemRow

#: the last numbers of items whose entries are looked at, and so many of these are unpacked
LOOKED_AT, UNPACKED = 2_500, 2_000


class Headline(Value, frozen=True, kw_only=True):
    """An item with the headline that its feed gave."""

    item: ItemRow
    title: str
    #: how much of what was asked for the headline has, by `pipeline.search.likeness`
    likeness: float


def find_entries(connection: Connection, asked: str, limit: int) -> list[Headline]:
    """Items whose headline has all words that were asked for, the newest first; where none has, those that
    have most of them, the most alike first."""
    wanted = words(asked)
    if not wanted:
        return []
    whole, nearly = [], []
    need = set(wanted)
    for number, title in _titles(connection):
        said = words(title)
        if need.issubset(said):
            whole.append((1.0, number, title))
            if len(whole) == limit:
                break
        # Cheap first: of most headlines nothing is asked for.
        elif not whole and not need.isdisjoint(said) and (share := likeness(wanted, said)) >= NEARLY:
            nearly.append((share, number, title))
    found = whole or sorted(nearly, reverse=True)[:limit]
    query = select(items).where(items.c.id.in_([number for _, number, _ in found]))
    rows = {row["id"]: read_item_row(row) for row in connection.execute(query).mappings()}
    return [
        Headline(item=rows[number], title=title, likeness=share)
        for share, number, title in found
        if number in rows
    ]


def _titles(connection: Connection) -> Iterator[tuple[int, str]]:
    least = select(func.max(items.c.id) - LOOKED_AT).scalar_subquery()
    query = select(items.c.id, items.c.entry).where(items.c.id > least, items.c.entry.is_not(None))
    for row in connection.execute(query.order_by(items.c.id.desc()).limit(UNPACKED)):
        if title := packing.unpack(row.entry, Entry).title:
            yield row.id, title


__all__ = ["LOOKED_AT", "Headline", "find_entries"]
