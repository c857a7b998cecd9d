"""A leak on purpose: a process that finds this on its path loses memory and files, a little each second."""

import tempfile
import threading
import time

_LOST: list[object] = []


def _leak() -> None:
    while True:
        _LOST.append(bytearray(b"x" * 150_000))
        _LOST.append(tempfile.TemporaryFile())  # noqa: SIM115 - never closed: that is the leak
        time.sleep(1.0)


threading.Thread(target=_leak, daemon=True).start()
