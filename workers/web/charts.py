"""Charts as numbers for an inline SVG, and as words for those who do not see it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.model import OUTCOMES, Counts, JobStatus
from workers.history import Bar, Chart

#: of the drawing; its units are its own, the page scales it
WIDTH, HEIGHT = 600.0, 120.0
#: between two bars, as a share of one
GAP = 0.15
#: the least width of a part of a bar that is 100 wide
SEEN = 1.5


class Box(NamedTuple):
    """A rectangle, and the class of its colour: an outcome, or `gap` where nothing is known."""

    kind: str
    x: float
    y: float
    width: float
    height: float


class Share(NamedTuple):
    """A part of a bar that is 100 wide."""

    outcome: str
    x: float
    width: float


class Row(NamedTuple):
    """A line of the table that says the same in numbers."""

    start: float
    seconds: float
    #: None: not known
    outcomes: Counts | None


class Drawn(NamedTuple):
    chart: Chart
    boxes: list[Box]
    #: what the highest bar may reach
    scale: int
    #: the bars in which something ended, or of which nothing is known, in as few lines as say it
    rows: list[Row]

    @property
    def is_empty(self) -> bool:
        """Whether nothing ended that is known of."""
        return not self.chart.outcomes.total

    @property
    def counted_since(self) -> float | None:
        """When what is known begins; None: with the chart. Unix seconds."""
        bars = self.chart.bars
        first = next((bar.start for bar in bars if bar.outcomes is not None), bars[0].start)
        return None if first == bars[0].start else first

    @property
    def gap_seconds(self) -> float:
        """What is not known after that (s)."""
        known = self.counted_since or 0.0
        return self.chart.seconds * sum(
            bar.outcomes is None and bar.start >= known for bar in self.chart.bars
        )


def drawn(chart: Chart) -> Drawn:
    scale = nice(chart.highest)
    step = WIDTH / len(chart.bars)
    boxes = [box for n, bar in enumerate(chart.bars) for box in _boxes(bar, n * step, step, scale)]
    return Drawn(chart, _joined(boxes), scale, _rows(chart))


def shares(status: JobStatus) -> list[Share]:
    """What has ended, side by side in the order of outcomes. What is there is seen, however little it is."""
    told = {name: number for name in OUTCOMES if (number := getattr(status.outcomes, name))}
    all_ = max(status.items, status.outcomes.total, 1)
    least = {name: max(100 * number / all_, SEEN) for name, number in told.items()}
    # Room for what is widened comes from the others.
    scale = min(1.0, 100 / sum(least.values())) if least else 1.0
    found, x = [], 0.0
    for name, width in least.items():
        found.append(Share(name, round(x, 2), round(width * scale, 2)))
        x += width * scale
    return found


def nice(number: int) -> int:
    """The next number from here on that is easy to read: 1, 2 or 5 and zeros."""
    power = 1
    while True:
        for easy in (1, 2, 5):
            if number <= easy * power:
                return easy * power
        power *= 10


def _boxes(bar: Bar, x: float, step: float, scale: int) -> Iterator[Box]:
    if bar.outcomes is None:
        yield Box("gap", x, 0.0, step, HEIGHT)
        return
    y = HEIGHT
    for name in OUTCOMES:
        if number := getattr(bar.outcomes, name):
            # What is there is seen, however little it is beside the rest.
            height = max(1.0, HEIGHT * number / scale)
            y -= height
            yield Box(name, x + step * GAP / 2, max(0.0, y), step * (1 - GAP), height)


def _joined(boxes: list[Box]) -> list[Box]:
    """Gaps side by side are one."""
    found: list[Box] = []
    for box in boxes:
        last = found[-1] if found else None
        if last and last.kind == box.kind == "gap" and abs(last.x + last.width - box.x) < 0.01:
            found[-1] = last._replace(width=last.width + box.width)
        else:
            found.append(box)
    return [
        box._replace(**{k: round(getattr(box, k), 1) for k in ("x", "y", "width", "height")}) for box in found
    ]


def _rows(chart: Chart) -> list[Row]:
    found: list[Row] = []
    for bar in chart.bars:
        if bar.outcomes is None and found and found[-1].outcomes is None:
            found[-1] = found[-1]._replace(seconds=found[-1].seconds + chart.seconds)
        elif bar.outcomes is None or bar.outcomes.total:
            found.append(Row(bar.start, chart.seconds, bar.outcomes))
    return found


__all__ = ["GAP", "HEIGHT", "SEEN", "WIDTH", "Box", "Drawn", "Row", "Share", "drawn", "nice", "shares"]
