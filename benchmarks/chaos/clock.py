"""A clock for all services that can be set forward and back.

Redis gets it from libfaketime, where that is installed. Python's processes get it from a
``sitecustomize.py``: under libfaketime 0.9 `time.sleep` fails (it asks for an absolute time of the
monotonic clock, and is given one of the other).
"""

from __future__ import annotations

from pathlib import Path

#: where Debian, Ubuntu, Fedora and Arch put it
LIBRARIES = (
    "usr/lib/*/faketime/libfaketimeMT.so.1",
    "usr/lib64/faketime/libfaketimeMT.so.1",
    "usr/lib/faketime/libfaketimeMT.so.1",
)
#: reads the file at most every tenth of a second
CODE = """
import time as _time
_real, _real_ns, _elapsed = _time.time, _time.time_ns, _time.monotonic
_ahead = [0.0, 0]
def _look():
    now = _elapsed()
    if now > _ahead[0]:
        _ahead[0] = now + 0.1
        try:
            with open({file!r}) as file:
                _ahead[1] = int(file.read())
        except OSError:
            pass  # no more files may be open: the clock stays as it is for this tenth of a second
    return _ahead[1]
_time.time = lambda: _real() + _look()
_time.time_ns = lambda: _real_ns() + _look() * 10**9
"""


def library() -> Path | None:
    """libfaketime, if it is here."""
    found = (path for pattern in LIBRARIES for path in sorted(Path("/").glob(pattern)))
    return next(found, None)


class Clock:
    """What the services take for the time of day. Time that has passed is measured as ever."""

    def __init__(self, file: Path) -> None:
        self._file, self._library = file, library()
        self.set(0)

    @property
    def can_jump(self) -> bool:
        return self._library is not None

    @property
    def env(self) -> dict[str, str]:
        """What the environment of Redis needs."""
        if self._library is None:
            return {}
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_CACHE_DURATION": "1",
        }

    @property
    def code(self) -> str:
        """What Python's processes load before anything else."""
        return CODE.format(file=str(self._file))

    def set(self, ahead: int) -> None:
        """So many seconds ahead of the true time."""
        # In one step: a reader shall find no half of it.
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{ahead:+d}\n")
        fresh.replace(self._file)
