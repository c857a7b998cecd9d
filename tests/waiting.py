"""Waiting by condition: tests wait for what they are about, and not for a time."""

from __future__ import annotations

import time
from collections.abc import Callable

#: longest wait for anything (s); what takes longer hangs, also on a machine that has much else to do
PATIENCE = 60.0


def until(
    condition: Callable[[], object],
    what: str = "it came to pass",
    *,
    patience: float = PATIENCE,
    pause: float = 0.02,
) -> None:
    """Return when the condition holds. Fails, naming what was waited for, after ``patience`` seconds; the
    condition is asked every ``pause`` seconds."""
    ends = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < ends, f"gave up waiting until {what}"
        time.sleep(pause)
