"""Where logging is set up, for every process of Feedmill."""

from __future__ import annotations

import atexit
import logging
import sys
import threading
from dataclasses import fields
from types import TracebackType

from pipeline.settings import Settings
from workers.logs.formats import Json, Text
from workers.logs.harmless import Secrets, password_in
from workers.logs.lines import Lines

#: commands that are services: their standard error is read by a collector, not by a person
SERVICES = {"worker": "worker", "scheduler": "scheduler", "serve": "web", "migrate": "migrate"}

#: loggers of libraries that say several lines for each wake-up, request or migration at INFO, or what
#: is secret at DEBUG (headers)
_QUIET = (
    "celery.app.trace",
    "celery.worker.strategy",
    "alembic.runtime.plugins",
    "httpx",
    "httpcore",
    "uvicorn.access",
    "multiprocessing",
)

#: loggers that hand nothing on to the root logger: that of the pool's processes, in which it is told
#: that one died
_APART = ("multiprocessing",)

_handler: Lines | None = None


def _tells_an_upgrade(record: logging.LogRecord) -> bool:
    """Not with which dialect Alembic works: it says so twice at each look."""
    return not str(record.msg).startswith(("Context impl", "Will assume"))


def set_up(settings: Settings, command: str) -> None:
    """All lines of this process go through one handler from now on, in the format and from the level
    that the settings say. Called again, it replaces what it made, also what others have put back since, and
    nothing else."""
    global _handler  # noqa: PLW0603 - one per process is the point
    root = logging.getLogger()
    for earlier in [one for one in root.handlers if isinstance(one, Lines)]:
        root.removeHandler(earlier)
        earlier.close()
    secrets = Secrets()
    for one in fields(settings):
        if one.metadata.get("secret"):
            value = getattr(settings, one.name)
            secrets.learn([password_in(value) if "://" in value else value])
    form = Json(secrets) if settings.log_format == "json" else Text(secrets)
    _handler = Lines(form, {"service": SERVICES.get(command, "feedmill")})
    root.addHandler(_handler)
    for name in _APART:
        apart = logging.getLogger(name)
        apart.handlers[:] = [_handler]
        apart.propagate = False
    level = settings.log_level or ("INFO" if command in SERVICES else "WARNING")
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.getLogger("alembic.runtime.migration").addFilter(_tells_an_upgrade)
    # What Python warns of is for who changes the code.
    logging.getLogger("py.warnings").setLevel(logging.DEBUG if level == "DEBUG" else logging.ERROR)
    if command in SERVICES:
        # What nobody caught is a line too: a collector cannot read a bare traceback.
        sys.excepthook = _uncaught
        threading.excepthook = _uncaught_in_thread
        logging.captureWarnings(True)


def identify(worker: str) -> None:
    """The name of this worker, on each line from now on."""
    if _handler is not None:
        _handler.always["worker"] = worker


def as_line(message: str) -> str:
    """A message of this process as it would be logged, for signal handlers: those must not log."""
    if _handler is None:
        return message
    told = {"name": "workers", "levelno": logging.INFO, "levelname": "INFO", "msg": "%s", "args": (message,)}
    return _handler.form.line(logging.makeLogRecord(told), _handler.always)


def speaks_json() -> bool:
    """Whether this process is a service whose every line shall be JSON."""
    return (
        _handler is not None
        and isinstance(_handler.form, Json)
        and _handler.always.get("service") in SERVICES.values()
    )


@atexit.register
def _say_what_is_held() -> None:
    if _handler is not None:
        _handler.say_all()


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    told = "ended by an error that nobody expected: %s: %s"
    logging.getLogger("workers").critical(told, kind.__name__, error, exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is None or issubclass(args.exc_type, SystemExit):
        return
    name = args.thread.name if args.thread else "?"
    told = "the thread %s ended by an error that nobody expected: %s: %s"
    logging.getLogger("workers").critical(
        told, name, args.exc_type.__name__, args.exc_value, exc_info=args.exc_value
    )


__all__ = ["SERVICES", "as_line", "identify", "set_up", "speaks_json"]
