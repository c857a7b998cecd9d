"""What the kernel tells of a process, and the bound that it keeps a process in."""

from __future__ import annotations

import logging
import os
import re
import resource
import sys
from pathlib import Path
from typing import NamedTuple

logger = logging.getLogger(__name__)

_TICK = 1.0 / os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
# proc(5), /proc/PID/stat: fields behind the name in brackets
_STATE, _USER, _SYSTEM, _RESIDENT = 0, 11, 12, 21
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


class Sight(NamedTuple):
    """A process as it was seen."""

    #: CPU seconds since it began, all threads
    cpu: float
    #: most resident memory of all looks, in bytes
    memory: int
    #: by SIGSTOP, or a debugger
    stopped: bool

    def words(self) -> str:
        """For people."""
        size = f", with {self.memory / 1e6:,.0f} MB" if self.memory else ""
        return f"{self.cpu:.1f} s of CPU{size}"


def look_at(pid: int, before: Sight | None = None) -> Sight | None:
    """The process now; ``before``: the last look at it. Where the kernel tells nothing (another
    system than Linux, a process that is gone), that look again, or None."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return before or (None if sys.platform == "linux" else Sight(0.0, 0, stopped=False))
    fields = told.rpartition(")")[2].split()
    cpu = (int(fields[_USER]) + int(fields[_SYSTEM])) * _TICK
    memory = max(int(fields[_RESIDENT]) * _PAGE, before.memory if before else 0)
    return Sight(cpu, memory, stopped=fields[_STATE] in "Tt")


def share_of_memory(pid: int) -> int | None:
    """Bytes of a process, of pages that others use too only its part (proc(5), Pss): those of several
    processes may be added up. None where the kernel does not tell. Takes it a millisecond or two."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return None
    found = _PSS.search(told)
    return int(found[1]) * 1024 if found else None


def bound_memory(most: int) -> None:
    """Let this process have at most so many bytes of its own (0: no bound): beyond it Python raises
    MemoryError. Only on Linux, where the limit counts what is mapped privately and writable."""
    if most and sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        try:
            resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
        except (OSError, ValueError) as error:
            logger.warning("memory is not bounded to FEEDMILL_PROCESS_BYTES=%d: %s", most, error)


__all__ = ["Sight", "bound_memory", "look_at", "share_of_memory"]
