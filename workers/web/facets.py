"""What lists of articles can be filtered by, asked of the database now and then, not for every page."""

from __future__ import annotations

import time
from threading import Lock

from pipeline.store.article_filter import Facets
from pipeline.store.contract import Store

#: how long an answer is good enough (s)
FRESH = 60.0


class KnownFacets:
    """The facets of one store, at most `FRESH` seconds old. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._at = float("-inf")
        self._found = Facets()

    def of(self, store: Store) -> Facets:
        with self._lock:
            if time.monotonic() - self._at > FRESH or self._found == Facets():
                self._found, self._at = store.facets(), time.monotonic()
            return self._found


__all__ = ["FRESH", "KnownFacets"]
