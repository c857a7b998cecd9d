"""The web interface as a child of `feedmill up`."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import time
from types import TracebackType

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from workers import children
from workers.embedded import environment
from workers.logs.rotation import keep_bounded
from workers.web import server

logger = logging.getLogger(__name__)

#: how long it may take to end when asked to (s)
STOP_SECONDS = 2.0
#: one that dies sooner cannot start, and is not replaced (s)
REPLACE_SECONDS = 2.0


class WebChild:
    """A serving child process, alive inside the block.

    The socket stays ours: when the child is replaced, requests wait instead of failing.
    """

    def __init__(self, settings: Settings, listening: socket.socket) -> None:
        self._settings, self._listening = settings, listening
        self.url = server.url_of(listening)
        self.log = settings.data_dir / "web.log"

    def __enter__(self) -> WebChild:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        children.end(self._child, STOP_SECONDS)
        self._listening.close()

    @property
    def pid(self) -> int:
        """The process that serves now."""
        return self._child.pid

    def check(self, patience: float = REPLACE_SECONDS) -> None:
        """Replace a child that died. Raises PipelineError when it lived shorter than patience (s):
        then it cannot start. Call now and then, from the main thread."""
        keep_bounded(self.log)
        if self._child.poll() is None:
            return
        code = self._child.returncode
        if time.monotonic() - self._started < patience:
            raise PipelineError(f"The web interface ended at once with exit code {code}; see {self.log}.")
        logger.warning("the web interface ended (exit code %s) and is replaced", code)
        self._start()

    def _start(self) -> None:
        number = self._listening.fileno()
        with self.log.open("ab") as log:
            self._child: subprocess.Popen[bytes] = children.spawn(
                [sys.executable, "-m", "workers.cli", "serve", "--fd", str(number)],
                env=environment(self._settings),
                log=log.fileno(),
                keep=[number],
            )
        self._started = time.monotonic()


__all__ = ["WebChild"]
