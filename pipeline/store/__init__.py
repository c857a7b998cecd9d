"""Storage: jobs, items, pages, articles and feeds on SQLite or PostgreSQL.

The contract is in `pipeline.store.contract`; `open_store` gives the store that the settings name.
"""

from __future__ import annotations

from pipeline.settings import Settings
from pipeline.store.contract import (
    SKIP_CODES,
    ArticleRow,
    Chosen,
    CursorError,
    FailureGroup,
    ItemRow,
    Listing,
    Seen,
    Store,
)
from pipeline.store.sql import SqlStore


def open_store(settings: Settings, *, probe: bool = True) -> Store:
    """The store at ``settings.effective_database_url``; the folder of a SQLite file is made.

    Open it in the process that uses it: connections do not survive a fork. The schema may be
    missing or old still: `Store.migrate` brings it up to date, `Store.check` tells.
    Without a probe it need not be reachable yet, and whoever asks it first learns.
    Raises StoreError, which says which database, where (without the password) and what to do.
    """
    return SqlStore(settings, probe=probe)


__all__ = [
    "SKIP_CODES", "ArticleRow", "Chosen", "CursorError", "FailureGroup", "ItemRow", "Listing", "Seen",
    "Store", "open_store",
]  # fmt: skip
