"""How many lines of a kind are written: some at once, the others are counted."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

#: lines of a kind are counted anew after this long (s)
WINDOW_SECONDS = 60.0
#: most lines in that time of one logger and text with the same code and host, of warnings and worse; of
#: one logger and text; of one logger. What is beyond is counted, and that is said when the time is over
MOST = (3, 60, 300)
#: kinds that are remembered
KINDS = 5_000
#: what tells two lines of one text apart
_TOLD_APART = ("code", "host", "stage")
#: what a summary keeps of the line that it stands for
_KEPT = ("service", "worker", "stage", "host", "code", "outcome")


@dataclass
class Held:
    """What was not written of a kind in one window."""

    since: float
    written: int = 0
    more: int = 0
    level: int = 0
    logger: str = ""
    #: of the first that was held back: already made harmless
    message: str = ""
    fields: Mapping[str, object] | None = None


class Limits:
    """Decides which lines are written. Not safe between threads: its caller holds a lock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kinds: OrderedDict[Hashable, Held] = OrderedDict()
        self._holding: dict[Hashable, Held] = {}

    def passes(
        self, record: logging.LogRecord, fields: Mapping[str, object], message: Callable[[], str]
    ) -> bool:
        """Whether a line is written. ``message`` is asked for only where the answer is no."""
        now = self._clock()
        text = (record.name, record.levelno, record.msg if isinstance(record.msg, str) else "")
        apart = tuple(str(fields.get(name, "")) for name in _TOLD_APART)
        found = []
        kinds = [((*text, *apart), MOST[0])] if record.levelno >= logging.WARNING else []
        for key, most in [*kinds, (text, MOST[1]), (text[:1], MOST[2])]:
            held = self._held(key, now)
            if held.written >= most:
                self._hold(key, held, record, fields, message)
                return False
            found.append(held)
        for held in found:
            held.written += 1
        return True

    def _held(self, key: Hashable, now: float) -> Held:
        held = self._kinds.get(key)
        if held is None or (now - held.since >= WINDOW_SECONDS and not held.more):
            held = self._kinds[key] = Held(since=now)
            if len(self._kinds) > KINDS:
                self._kinds.popitem(last=False)
        return held

    def _hold(
        self,
        key: Hashable,
        held: Held,
        record: logging.LogRecord,
        fields: Mapping[str, object],
        message: Callable[[], str],
    ) -> None:
        if not held.more:
            held.level, held.logger, held.message = record.levelno, record.name, message()
            held.fields = {name: fields[name] for name in _KEPT if name in fields}
            self._holding[key] = held
        held.more += 1

    def over(self, *, all_of_them: bool = False) -> list[Held]:
        """What was held back in windows that are over (or in all), each once."""
        now = self._clock()
        ended = {
            key: held
            for key, held in self._holding.items()
            if all_of_them or now - held.since >= WINDOW_SECONDS
        }
        for key in ended:
            del self._holding[key]
            self._kinds.pop(key, None)
        return list(ended.values())

    def next_end(self) -> float | None:
        """Seconds until a window is over in which something was held back; None: there is none."""
        if not self._holding:
            return None
        first = min(held.since for held in self._holding.values())
        return max(0.0, first + WINDOW_SECONDS - self._clock())


__all__ = ["MOST", "WINDOW_SECONDS", "Held", "Limits"]
