"""The services of the deployment as processes, and what Docker would do with them: restart, pause, stop."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.processes import tree
from workers import children

#: Docker's `restart: unless-stopped`: first wait (s), doubled with each end, up to a minute; begun anew by
#: a service that ran for ten seconds
FIRST_WAIT, LONGEST_WAIT, SOUND_SECONDS = 0.1, 60.0, 10.0
#: as `stop_grace_period` in docker-compose.yml (s)
GRACE = 30.0


class Service:
    """One process with all below it."""

    def __init__(
        self, name: str, command: Sequence[str], env: Mapping[str, str], log: Path, stop: int = signal.SIGTERM
    ) -> None:
        self.name, self.command, self.env, self.stop_signal = name, command, env, stop
        self._log = log
        self._child: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._wait = FIRST_WAIT
        #: when it may be started; None: not again
        self._start_at: float | None = 0.0
        self._kill_at: float | None = None
        #: exit codes of ends that nobody asked for, and times that it had to be killed when asked to stop
        self.ends: list[int] = []
        self.overdue = 0
        self._asked = False
        #: called before each start
        self.prepare: Callable[[], None] = lambda: None

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None and self._child.poll() is None else None

    def look(self, now: float) -> None:
        """What the supervisor does now and then (monotonic time)."""
        if self.pid is not None:
            if self._kill_at is not None and now > self._kill_at:
                self.overdue += 1
                self.kill()
            return
        if self._child is not None:
            self._note_end(now)
        if self._start_at is not None and now >= self._start_at:
            self._start(now)

    def _note_end(self, now: float) -> None:
        assert self._child is not None
        code, self._child, self._kill_at = self._child.wait(), None, None
        if self._start_at is None:
            return
        if not self._asked:
            self.ends.append(code)
        self._asked = False
        self._wait = FIRST_WAIT if now - self._started > SOUND_SECONDS else min(LONGEST_WAIT, 2 * self._wait)
        self._start_at = max(self._start_at, now + self._wait)

    def _start(self, now: float) -> None:
        self.prepare()
        with self._log.open("ab") as log:
            log.write(f"--- {time.strftime('%H:%M:%S')} {self.name} starts\n".encode())
            log.flush()
            self._child = children.spawn(self.command, env=self.env, log=log.fileno())
        self._started = now

    def kill(self) -> None:
        """kill -9 of its first process, or of all when it is asked to end."""
        self._asked = True
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)

    def hold_back(self, seconds: float) -> None:
        """Not started again before."""
        self._start_at = time.monotonic() + seconds
        self._wait = FIRST_WAIT / 2

    def restart(self, number: int | None = None) -> None:
        """Asked to stop as by `docker restart`: killed if it takes longer than its grace."""
        self._asked = True
        if self.pid is not None:
            os.kill(self.pid, number or self.stop_signal)
            self._kill_at = time.monotonic() + GRACE

    def pool(self) -> list[int]:
        """The processes below the first one."""
        return tree(self.pid)[1:] if self.pid is not None else []

    def pause(self, *, on: bool) -> None:
        """Freeze every process of it, or let them go on: what `docker pause` does."""
        for pid in tree(self.pid) if self.pid is not None else []:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP if on else signal.SIGCONT)

    def end(self, patience: float = GRACE) -> list[int]:
        """Stop for good. Returns the processes that were below it and outlived it by more than a moment."""
        self._start_at = None
        below = self.pool()
        if self._child is not None:
            self.pause(on=False)
            if self.pid is not None and patience:
                os.kill(self.pid, self.stop_signal)
            try:
                self._child.wait(patience)
            except subprocess.TimeoutExpired:
                self.overdue += bool(patience)
            below = _outlive(below)
            children.end(self._child, 0)
            self._child = None
        return below


def _outlive(pids: Sequence[int]) -> list[int]:
    ends = time.monotonic() + 2
    while (left := [pid for pid in pids if _lives(pid)]) and time.monotonic() < ends:
        time.sleep(0.05)
    return left


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"
