"""The latest polls of a feed, drawn: what each brought, and which failed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.model import Poll
from pipeline.schedule.history import KEPT
from workers.feed_facts import has_entries
from workers.web.charts import GAP, HEIGHT, WIDTH, Box, nice
from workers.wording import count

#: the height of a poll that brought nothing
_NOTHING = 3.0


class DrawnPolls(NamedTuple):
    boxes: list[Box]
    #: what the highest bar may reach
    scale: int
    #: the same in a sentence
    says: str
    #: whether the first poll stands at the left end
    full: bool


def drawn_polls(history: Sequence[Poll]) -> DrawnPolls:
    """Oldest first, from the right: as many places as lines of the history are kept."""
    scale, step = nice(max((poll.new for poll in history), default=0)), WIDTH / KEPT
    first = KEPT - len(history)
    boxes = [_box(poll, (first + n) * step, step, scale) for n, poll in enumerate(history)]
    return DrawnPolls(boxes, scale, _words(history), not first)


def _box(poll: Poll, x: float, step: float, scale: int) -> Box:
    if not has_entries(poll):
        kind, height = "failed", HEIGHT
    elif poll.new:
        kind, height = "stored", max(2 * _NOTHING, HEIGHT * poll.new / scale)
    else:
        kind, height = "unchanged", _NOTHING
    left, width = x + step * GAP / 2, step * (1 - GAP)
    return Box(kind, round(left, 1), round(HEIGHT - height, 1), round(width, 1), round(height, 1))


def _words(history: Sequence[Poll]) -> str:
    brought = [poll.new for poll in history if poll.new]
    failed = sum(not has_entries(poll) for poll in history)
    told = f"Of {count(len(history), 'poll')}, {len(brought)} brought {sum(brought):,} new"
    return f"{told}; {failed} failed." if failed else f"{told}."


__all__ = ["DrawnPolls", "drawn_polls"]
