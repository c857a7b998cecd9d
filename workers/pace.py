"""How fast a job goes, from what was seen of it lately."""

from __future__ import annotations

from collections import deque

#: a rate is taken over this many seconds: long enough to be steady, short enough to be true
WINDOW = 15.0


class Pace:
    """Items ended per second over the last seconds. The clock is the caller's."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, now: float, ended: int) -> None:
        """At this moment (seconds of any steady clock) so many items had ended."""
        self._seen.append((now, ended))
        while len(self._seen) > 2 and self._seen[1][0] <= now - WINDOW:
            self._seen.popleft()

    @property
    def per_second(self) -> float | None:
        """None until something has been seen to end."""
        if len(self._seen) < 2:
            return None
        (then, before), (now, ended) = self._seen[0], self._seen[-1]
        return (ended - before) / (now - then) if now > then and ended > before else None

    def seconds_left(self, items_left: int) -> float | None:
        """At this pace; None when there is none."""
        rate = self.per_second
        return items_left / rate if rate else None


__all__ = ["WINDOW", "Pace"]
