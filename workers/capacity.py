"""How many processes this machine, or this container, has room for."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

#: room for one pool process (bytes): 100 MB as a rule, and one of several with a large page in hand
PROCESS_BYTES = 256_000_000

#: where the kernel tells a container its limits: control groups of version 2, and of version 1
#: (docs.kernel.org/admin-guide/cgroup-v2.html, docs.kernel.org/admin-guide/cgroup-v1/memory.html)
_MEMORY = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def processes(cores: int | None = None, limits: tuple[str, ...] = _MEMORY) -> int:
    """One process for each core that this one may use, as far as the container's memory goes."""
    if cores is None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for path in limits:
        with suppress(OSError, ValueError):  # not there, or "max": no limit
            cores = min(cores, max(1, int(Path(path).read_text()) // PROCESS_BYTES))
    return max(1, cores)


__all__ = ["PROCESS_BYTES", "processes"]
