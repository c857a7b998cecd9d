"""Keeps the leases of claimed items alive while their process works on them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

from pipeline.errors import PipelineError
from workers.ledger import Line
from workers.logs.outage import away
from workers.stages import Stages

logger = logging.getLogger(__name__)


class Renewal:
    """A thread that renews what a pump holds, until it is let go or makes no progress.

    A pump that hangs reports nothing: after `patience` seconds its leases are left to end, so
    that another process takes the items up.
    """

    def __init__(self, stages: Stages, patience: float, line: Line | None = None) -> None:
        """``line``: where all that is held is noted too, in case this process dies."""
        self._line = line or Line()
        self._stages = stages
        self._every = stages.lease_ms / 4000
        self._patience = patience
        self._lock = threading.Lock()
        self._held: dict[str, tuple[str, set[int]]] = {}
        self._progress = time.monotonic()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def hold(self, stage: str, token: str, ids: Iterable[int]) -> None:
        """Renew these from now on."""
        with self._lock:
            self._held.setdefault(token, (stage, set()))[1].update(ids)
            self._progress = time.monotonic()
            self._note(token)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True, name="lease-renewal")
            self._thread.start()

    def progress(self, ahead: float = 0.0) -> None:
        """The pump lives, though it has nothing to report: it waits for answers, or begins work that
        may take so many seconds."""
        with self._lock:
            self._progress = time.monotonic() + ahead

    def drop(self, token: str, ids: Iterable[int] | None = None) -> None:
        """These were reported or handed back (None: all of the token)."""
        with self._lock:
            self._progress = time.monotonic()
            if ids is None:
                self._held.pop(token, None)
            elif token in self._held:
                self._held[token][1].difference_update(ids)
            self._note(token)

    def _note(self, token: str) -> None:
        stage, ids = self._held.get(token, ("", ()))
        self._line.hold(stage, token, ids)

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            with self._lock:
                if time.monotonic() - self._progress > self._patience:
                    continue
                held = [(stage, token, list(ids)) for token, (stage, ids) in self._held.items() if ids]
            for stage, token, ids in held:
                try:
                    self._stages.renew(stage, token, ids)
                except PipelineError as error:
                    # The leases may end meanwhile; then the items are done twice, to the same end.
                    away(error, logger, "leases of %s not renewed: %s", stage, error)
