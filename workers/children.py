"""Child processes that die with their parent, however it dies."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence

#: prctl(2): the signal that a process gets when its parent's thread ends
PR_SET_PDEATHSIG = 1


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    log: int = subprocess.DEVNULL,
    keep: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only us.

    keep: our file descriptors that it gets too, under the same numbers.
    On Linux the kernel kills it when we are gone, SIGKILL included. Call from the main thread:
    the kernel watches the thread that spawned, not the process.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("children are spawned from the main thread: they die with its thread")
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def die_with_parent() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:  # it ended before prctl could watch it
                os._exit(1)

    return subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=keep,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call, and no thread runs yet
    )


def end(child: subprocess.Popen[bytes], patience: float) -> None:
    """SIGTERM, then SIGKILL for it and its session after patience seconds (0: at once)."""
    if child.poll() is None and patience > 0:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
