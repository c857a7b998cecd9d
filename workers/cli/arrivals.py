"""What came in lately: the newest articles, and what failed or was skipped, as a list that runs."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import CODES
from pipeline.model import Outcome
from workers.cli.outcomes import STYLES

if TYPE_CHECKING:
    from rich.text import Text

    from pipeline.store.contract import Store

#: most that are kept: no terminal shows more
MOST = 40
#: seconds between two looks
_LOOK = 0.8
#: endings that bring no article, and are told with their reason
_REFUSED: tuple[Outcome, ...] = ("failed", "skipped")


class Arrival(NamedTuple):
    """One thing that came in, or did not."""

    #: Unix seconds
    at: float
    outcome: str
    #: title, or what was asked for
    what: str
    #: where an article is from, or the code and reason why there is none
    told: str
    #: what it is known by: the article, or the item
    key: tuple[str, int]


class Arrivals:
    """Looks at the newest now and then. ``jobs`` None: articles of whatever job."""

    def __init__(self, store: Store, since: float) -> None:
        self._store, self._since = store, since
        self._seen: deque[tuple[str, int]] = deque(maxlen=8 * MOST)
        self._newest: deque[Arrival] = deque(maxlen=MOST)
        #: kept apart: a flood of articles shall not wash them away
        self._newest_refused: deque[Arrival] = deque(maxlen=MOST)
        self._next = 0.0

    def look(self, jobs: Sequence[str], *, everything: bool = False) -> list[Arrival]:
        """The newest of some jobs (everything: articles of all others, too), the newest last.

        Raises StoreError. Asks by indexes alone, and not more than about once a second.
        """
        if time.monotonic() >= self._next:
            found = self._articles(jobs, everything) + self._refused(jobs)
            for one in sorted(found):
                if one.key not in self._seen:
                    self._seen.append(one.key)
                    kept = self._newest_refused if one.outcome in _REFUSED else self._newest
                    kept.append(one)
            self._next = time.monotonic() + _LOOK
        return sorted([*self._newest, *self._newest_refused])

    def _articles(self, jobs: Sequence[str], everything: bool) -> list[Arrival]:
        from pipeline.store.contract import ArticleFilter

        rows = self._store.articles(wanted=ArticleFilter(stored_since=self._since), limit=MOST)
        return [
            Arrival(
                row.stored_at,
                "stored",
                row.title or "(no title)",
                row.site_name or row.source,
                ("article", row.id),
            )
            for row in rows
            if everything or row.job in jobs
        ]

    def _refused(self, jobs: Sequence[str]) -> list[Arrival]:
        return [
            Arrival(
                row.finished_at,
                outcome,
                row.url or row.name,
                f"{row.code}: {row.message or CODES.get(row.code or '', '')}",
                ("item", row.id),
            )
            for job in jobs
            for outcome in _REFUSED
            for row in self._store.items(job=job, outcome=outcome, limit=MOST)
            if row.finished_at is not None and row.finished_at >= self._since
        ]


def arrival_lines(arrivals: Sequence[Arrival], most: int, width: int) -> list[Text]:
    """The newest, one line each, none wider than so many columns. What was refused keeps a third of them."""
    from rich.text import Text

    from workers.wording import line

    lines = []
    for one in _chosen(arrivals, most):
        what, told = line(one.what), line(one.told)
        # The reason matters more than where it was met; a title more than its source.
        room = width - 10
        if one.outcome in _REFUSED:
            what = _cut(what, max(room - len(told) - 2, room // 3))
        else:
            what = _cut(what, max(room - len(told) - 2, 2 * room // 3))
        text = Text.assemble((f"{one.outcome:<8}", STYLES.get(one.outcome, "")), "  ", what)
        text.append(f"  {told}", style="" if one.outcome in _REFUSED else "italic")
        text.truncate(width, overflow="crop")
        text.no_wrap = True
        lines.append(text)
    return lines


def _chosen(arrivals: Sequence[Arrival], most: int) -> list[Arrival]:
    """So many of the newest, in their order, with some that were refused, however long ago."""
    refused = [one for one in arrivals if one.outcome in _REFUSED][-max(1, most // 3) :]
    others = [one for one in arrivals if one not in refused]
    room = most - len(refused)
    return sorted(refused + (others[-room:] if room > 0 else []))[-most:] if most > 0 else []


def _cut(text: str, cells: int) -> str:
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= cells else set_cell_size(text, max(1, cells - 3)).rstrip() + "..."


__all__ = ["MOST", "Arrival", "Arrivals", "arrival_lines"]
