"""How many processes a worker starts where nobody says."""

from __future__ import annotations

import os
from pathlib import Path

from workers.capacity import PROCESS_BYTES, processes


def limit(folder: Path, says: str) -> tuple[str, ...]:
    (folder / "memory.max").write_text(says)
    return (str(folder / "memory.max"), str(folder / "not there"))


def test_one_for_each_core_without_a_limit(tmp_path: Path) -> None:
    assert processes(64, limit(tmp_path, "max\n")) == 64
    assert processes(64, ()) == 64


def test_as_many_as_a_container_has_memory_for(tmp_path: Path) -> None:
    assert processes(64, limit(tmp_path, f"{4 * PROCESS_BYTES}\n")) == 4
    assert processes(2, limit(tmp_path, f"{4 * PROCESS_BYTES}\n")) == 2


def test_one_at_least(tmp_path: Path) -> None:
    assert processes(8, limit(tmp_path, "1000")) == 1


def test_cores_that_this_process_may_not_use_do_not_count() -> None:
    assert processes(limits=()) <= (os.cpu_count() or 1)
