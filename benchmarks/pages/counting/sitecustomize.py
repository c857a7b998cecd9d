"""A process that finds this on its path counts its queries, and their seconds, in a file."""

import mmap
import os
import struct
import threading
import time
from typing import Any

from sqlalchemy import Engine, event

_LOCK = threading.Lock()


def _count(path: str) -> None:
    with open(path, "r+b") as file:
        counted = mmap.mmap(file.fileno(), 16)

    @event.listens_for(Engine, "before_cursor_execute")
    def begin(
        _connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool
    ) -> None:
        context.began_at = time.perf_counter()

    @event.listens_for(Engine, "after_cursor_execute")
    def end(_connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:
        took = time.perf_counter() - context.began_at
        with _LOCK:
            number, seconds = struct.unpack("<dd", counted[:])
            counted[:] = struct.pack("<dd", number + 1, seconds + took)


if "COUNT_QUERIES_IN" in os.environ:
    _count(os.environ["COUNT_QUERIES_IN"])
