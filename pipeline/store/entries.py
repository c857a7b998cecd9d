"""Which entries of a feed are new, and which have changed: the identity of entries.

An entry is known by its key (guid, else link, else a digest: `pipeline.sources.entries`). One with
another key that says just what a known one says (title, text and link) is that one under a new
guid, and no news.
"""

from __future__ import annotations

import hashlib
import html
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select

from pipeline.errors import SourceError
from pipeline.model import NewItem
from pipeline.store.acceptance import CHUNK, chunks
from pipeline.store.schema import feed_entries
from pipeline.store.wording import storable_key
from pipeline.urls import canonical

_KNOWN = select(feed_entries.c.entry_key, feed_entries.c.digest, feed_entries.c.first_seen_at).where(
    feed_entries.c.feed_id == bindparam("feed")
)
_BY_KEY = _KNOWN.where(feed_entries.c.entry_key.in_(bindparam("keys", expanding=True)))
_BY_DIGEST = _KNOWN.where(feed_entries.c.digest.in_(bindparam("digests", expanding=True)))
_FORGET = delete(feed_entries).where(
    feed_entries.c.feed_id == bindparam("of_feed"), feed_entries.c.entry_key == bindparam("of_key")
)

_INTO = "INSERT INTO feed_entries (feed_id, entry_key, digest, first_seen_at)"
_ARRAYS = "(%s::text[], %s::text[], %s::double precision[])"
_REPLACING = (
    "ON CONFLICT (feed_id, entry_key) DO UPDATE"
    " SET digest = excluded.digest, first_seen_at = excluded.first_seen_at"
)


#: A moment of updating that more entries of one document share says when the document was made, not
#: when they changed: some feeds stamp all entries anew for each poll, and every page would be fetched.
SHARED_STAMPS = 2


class Noted(NamedTuple):
    """An entry as the feed gives it now: a row to write."""

    entry_key: str
    digest: str
    first_seen_at: float


class Sifted:
    """What the entries of one poll are to their feed, before anything of it is written."""

    def __init__(self) -> None:
        #: the items whose entries are new or have changed
        self.fresh: list[NewItem] = []
        #: keys of those among them that this feed never had
        self.strangers: set[str] = set()
        #: how many entries the document lists, and how many of those were never seen before
        self.listed = 0
        self.new = 0
        self.notes: list[Noted] = []
        #: keys that the feed has given up for new ones
        self.given_up: list[str] = []

    def written(self) -> Sifted:
        """The same once its notes and items have their rows."""
        rest = Sifted()
        rest.listed, rest.new, rest.given_up = self.listed, self.new, self.given_up
        return rest


def sift(connection: Connection, feed: int, items: Iterable[NewItem], now: float) -> Sifted:
    """Tell what is new; of entries that share a key, the first counts."""
    by_key: dict[str, NewItem] = {}
    for item in items:
        by_key.setdefault(entry_key(item), item)
    sifted = Sifted()
    sifted.listed = len(by_key)
    stamps = Counter(item.entry.updated for item in by_key.values() if item.entry)
    shared = {stamp for stamp, times in stamps.items() if times > SHARED_STAMPS}
    # A feed of 100,000 entries at its first poll: one question instead of hundreds.
    is_new = len(by_key) > CHUNK and connection.execute(_KNOWN.limit(1), {"feed": feed}).first() is None
    told: set[str] = set()
    for keys in chunks(by_key):
        rows = () if is_new else connection.execute(_BY_KEY, {"feed": feed, "keys": keys})
        known = {row.entry_key: row for row in rows}
        digests = {key: entry_digest(by_key[key], shared) for key in keys}
        strangers = {digests[key] for key in keys if key not in known} - told
        twins = {} if is_new else _twins(connection, feed, strangers, by_key)
        for key, digest in digests.items():
            before, twin = known.get(key), twins.get(digest)
            if before and before.digest == digest:
                continue
            first_seen_at = before.first_seen_at if before else twin.first_seen_at if twin else now
            sifted.notes.append(Noted(key, digest, first_seen_at))
            if before or (twin is None and digest not in told):
                sifted.fresh.append(by_key[key])
                if before is None:
                    sifted.new += 1
                    sifted.strangers.add(by_key[key].key)
            elif twin and digest not in told and twin.entry_key not in by_key:
                sifted.given_up.append(twin.entry_key)
            told.add(digest)
    return sifted


def entry_key(item: NewItem) -> str:
    """Under which key an item's entry is known."""
    return storable_key(item.entry.key if item.entry else item.key)


def noted(connection: Connection, feed: int, notes: Sequence[Noted]) -> set[str]:
    """Keys of those notes that are there as they are."""
    told = {note.entry_key: note.digest for note in notes}
    rows = connection.execute(_BY_KEY, {"feed": feed, "keys": list(told)})
    return {row.entry_key for row in rows if told[row.entry_key] == row.digest}


def write(connection: Connection, feed: int, sifted: Sifted) -> None:
    """Note the entries as they are now: they are new no more."""
    # Without this, a feed that invents new guids at each poll would fill the table.
    for keys in chunks(sifted.given_up):
        connection.execute(_FORGET, [{"of_feed": feed, "of_key": key} for key in keys])
    write_notes(connection, feed, sifted.notes)


def write_notes(connection: Connection, feed: int, told: Sequence[Noted]) -> None:
    """The same for some of the entries; those that were given up stay."""
    for notes in chunks(told):
        # Nearly no work but the driver's: SQLAlchemy's own would take ten times as long.
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"{_INTO} VALUES ({feed:d}, ?, ?, ?) {_REPLACING}", notes)
        else:
            columns = tuple(map(list, zip(*notes, strict=True)))
            connection.exec_driver_sql(
                f"{_INTO} SELECT {feed:d}, * FROM unnest{_ARRAYS} {_REPLACING}", columns
            )


def entry_digest(item: NewItem, shared: Container[str | None] = ()) -> str:
    """Of what makes an entry another one: title, content or summary, link, and when it says that it
    was updated. ``shared``: moments of updating that say nothing (see `SHARED_STAMPS`)."""
    entry, content = item.entry, item.content
    if item.problem:
        # Its name tells its place in the document, which shifts.
        parts: tuple[str | None, ...] = (item.problem.code, None, item.key)
    elif entry:
        link = _lasting(entry.link)
        updated = None if entry.updated in shared else entry.updated
        parts = (entry.title, entry.content or entry.summary, link, updated)
        if item.content and entry.link and link != entry.link:
            # A text that is handed over names the link as its base.
            content = item.content.replace(html.escape(entry.link).encode("utf-8", "replace"), b"")
    else:
        parts = (item.name, None, item.url)
    told = hashlib.sha256()
    for part in (*parts, None):
        raw = (part or "").encode("utf-8", "surrogatepass")
        told.update(len(raw).to_bytes(8, "big") + raw)
    told.update(content or b"")
    return told.hexdigest()


def _lasting(link: str | None) -> str | None:
    """The link without what some feeds make up anew for each poll: tracking parameters."""
    if link is None or "?" not in link:
        return link
    try:
        return canonical(link)
    except SourceError:
        return link


def _twins(
    connection: Connection, feed: int, digests: set[str], listed: Mapping[str, NewItem]
) -> dict[str, Any]:
    """Known entries by digest; of several, one that the feed lists no longer."""
    if not digests:
        return {}
    found: dict[str, Any] = {}
    for row in connection.execute(_BY_DIGEST, {"feed": feed, "digests": list(digests)}):
        if row.digest not in found or row.entry_key not in listed:
            found[row.digest] = row
    return found
