"""The data folder of an embedded deployment: room, permission, who holds it, and its logs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from pipeline.settings import Settings
from workers.doctor.bounds import Bounds
from workers.finding import Finding

#: where Linux lists who holds which lock (proc(5)): asking for it could keep somebody else out
_LOCKS = Path("/proc/locks")


def examine(settings: Settings, redis_url: str, bounds: Bounds) -> Iterator[Finding]:
    """Says nothing where the database is a server: then the folder is not used."""
    folder = settings.data_dir.absolute()
    if settings.database_url:
        return
    there = _nearest_existing(folder)
    if not os.access(there, os.W_OK):
        cure = "Choose another with --data-dir, or change its owner."
        yield Finding("data folder", False, f"no permission to write to {there}", cure)
        return
    free = shutil.disk_usage(there).free
    state = "" if folder.exists() else " (not made yet)"
    says = f"{folder}{state}, {free / 1e9:,.1f} GB free"
    enough = free >= bounds.least_disk
    yield Finding("data folder", enough, says, "" if enough else "Make room on the disk.")
    yield from _held(settings, redis_url)
    yield from _logs(folder)


def _held(settings: Settings, redis_url: str) -> Iterator[Finding]:
    """Somebody holds the folder, and yet nothing runs there."""
    lock = settings.data_dir / "lock"
    holder = lock_holder(lock)
    if holder and not settings.redis_url and not redis_url:
        says = f"process {holder} holds {lock}, but its Redis does not answer: it is starting, or it hangs"
        yield Finding("data folder", False, says, f"Wait a moment; if it stays so, end it: kill {holder}")


def lock_holder(lock: Path) -> int | None:
    """The process that holds a lock on this file; None if nobody does, or the system does not tell."""
    try:
        number = lock.stat().st_ino
        lines = _LOCKS.read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        parts = line.split()
        if "FLOCK" in parts and "->" not in parts and parts[5].rsplit(":", 1)[-1] == str(number):
            return int(parts[4])
    return None


def _logs(folder: Path) -> Iterator[Finding]:
    logs = [path for path in (folder / "worker.log", folder / "web.log") if path.exists()]
    if logs:
        names = " and ".join(f"{path} ({path.stat().st_size / 1e3:,.0f} kB)" for path in logs)
        yield Finding("logs", True, names)


def _nearest_existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


__all__ = ["examine", "lock_holder"]
