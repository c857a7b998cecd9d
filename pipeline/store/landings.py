"""Endings as they arrive in storage: beside the rows of their items, and made storable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select

from pipeline import decide
from pipeline.model import Article, Ending, Problem, Value
from pipeline.store.rows import Row
from pipeline.store.schema import is_in_flight, items
from pipeline.store.wording import storable_article, storable_key

_NOTHING = Problem(code="internal", message="The stages ended without a result.")

# Built once: building it costs as much as running it. Locked in the order of the ids, as `defer`
# does: two transactions that lock the same rows in two orders end in a deadlock on PostgreSQL.
_SELECT_LANDING = (
    select(
        items.c.id, items.c.job, items.c.key, items.c.name, items.c.source, items.c.host, items.c.attempts,
        items.c.page_digest, items.c.fetched, items.c.created_at, items.c.trace,
    )
    .where(items.c.id.in_(bindparam("ids", expanding=True)), is_in_flight)
    .order_by(items.c.id)
    .with_for_update()
)  # fmt: skip


class Landing(Value, frozen=True, kw_only=True):
    """An ending beside the row of its item, and its article as it can be stored."""

    ending: Ending
    row: dict[str, Any]
    article: Article | None
    fingerprint: str
    page_digest: str
    #: the key of the address to which the item's led; empty: its own; None: it was not fetched
    landed: str | None

    @property
    def alias(self) -> str | None:
        """See `decide.Candidate`."""
        return self.landed if self.article else None

    @property
    def label(self) -> str:
        title = self.article.title if self.article else None
        return title or self.row["name"]


def prepare(endings: Sequence[Ending]) -> dict[int, tuple[Ending, Article | None, str]]:
    """By item, what can be done before the lock: mended texts and fingerprints. First ending wins."""
    ready: dict[int, tuple[Ending, Article | None, str]] = {}
    for ending in endings:
        if ending.item not in ready:
            if not (ending.article or ending.unchanged or ending.problem):
                ending = msgspec.structs.replace(ending, problem=_NOTHING)
            article = storable_article(ending.article) if ending.article else None
            ready[ending.item] = (ending, article, decide.fingerprint(article) if article else "")
    return ready


def land(connection: Connection, prepared: dict[int, tuple[Ending, Article | None, str]]) -> list[Landing]:
    """Those of the endings whose items are in flight, with their rows locked."""
    found = connection.execute(_SELECT_LANDING, {"ids": list(prepared)}).mappings()
    rows = {row["id"]: dict(row) for row in found}
    return [
        Landing(
            ending=ending,
            row=rows[item],
            article=article,
            fingerprint=fingerprint,
            page_digest=ending.page_digest or rows[item]["page_digest"] or "",
            landed=_landed(rows[item]),
        )
        for item, (ending, article, fingerprint) in prepared.items()
        if item in rows
    ]


def _landed(row: Row) -> str | None:
    if not row["fetched"]:
        return None
    alias = storable_key(decide.alias_of(row["key"], row["fetched"]["final_url"]))
    return "" if alias == row["key"] else alias
