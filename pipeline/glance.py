"""A glance at a SQLite file for the shell's completion: it may take a few milliseconds, not the half
second that opening the store does, and it must neither wait, nor write, nor fail.

The SQL here is read-only and names only columns that have been there since the first migration.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal
from urllib.parse import quote

Named = Literal["jobs", "running", "feeds", "articles", "failed"]

#: most rows of each
_MOST = 50

_QUERIES: dict[Named, str] = {
    "jobs": "SELECT id, state || ', ' || items || ' items' FROM jobs ORDER BY id DESC LIMIT ?",
    "running": (
        "SELECT id, items || ' items' FROM jobs WHERE state = 'running' AND cancelled_at IS NULL"
        " ORDER BY id DESC LIMIT ?"
    ),
    "feeds": "SELECT id, coalesce(nullif(title, ''), url) FROM feeds ORDER BY id LIMIT ?",
    "articles": "SELECT id, title FROM articles ORDER BY id DESC LIMIT ?",
    "failed": "SELECT id, code || ': ' || name FROM items WHERE outcome = 'failed' ORDER BY id DESC LIMIT ?",
}


def glance(file: Path, what: Named) -> list[tuple[str, str]]:
    """The newest ids (of feeds: the first) with what people call them; empty when that cannot be told
    at once: no such file, or one that is locked or not ours."""
    url = f"file:{quote(str(file))}?mode=ro"
    try:
        with closing(sqlite3.connect(url, uri=True, timeout=0.05)) as database:
            return [(str(one), name or "") for one, name in database.execute(_QUERIES[what], (_MOST,))]
    except sqlite3.Error:
        return []


__all__ = ["Named", "glance"]
