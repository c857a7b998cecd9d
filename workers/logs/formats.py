"""A line as text for people, or as JSON for programs."""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime

from workers.logs.harmless import Secrets, one_line, traceback_lines

#: values that stand in a line of text as they are; others are quoted
_PLAIN = re.compile(r"[\w.:/@+*%~-]+")
#: fields that stand before the message in a line of text
_LEADING = ("service", "stage")


class Format:
    """Makes a line of a record and its fields. What it holds is masked and on one line."""

    def __init__(self, secrets: Secrets) -> None:
        self.secrets = secrets

    def line(self, record: logging.LogRecord, fields: Mapping[str, object]) -> str:
        raise NotImplementedError

    def message(self, record: logging.LogRecord) -> str:
        """The message with its arguments; with what was given, where these do not fit."""
        try:
            text = record.getMessage()
        except Exception as error:  # noqa: BLE001 - whatever the arguments raise, the line is written
            text = f"{record.msg!r} with {type(error).__name__}: {error}"
        return one_line(self.secrets.masked(text.strip()))

    def value(self, value: object) -> object:
        """A field's value: numbers as they are, everything else as harmless text."""
        if value is True or value is False or isinstance(value, int | float):
            return value
        if isinstance(value, Mapping):
            return {str(name): self.value(one) for name, one in value.items()}
        return one_line(self.secrets.masked(str(value)))

    def trace(self, record: logging.LogRecord) -> list[str]:
        """The traceback that belongs to a record; [] if there is none."""
        told = ""
        if record.exc_info and record.exc_info[1] is not None:
            told = "".join(traceback.format_exception(record.exc_info[1]))
        elif record.exc_text:
            told = record.exc_text
        if record.stack_info:
            told = f"{told}\n{record.stack_info}".strip()
        return traceback_lines(self.secrets.masked(told.rstrip())) if told else []


class Text(Format):
    """``2026-11-22T20:55:01.123Z WARNING worker/clean: message  item=7 job=k3``

    A traceback follows, each of its lines indented, so that nothing in it passes for a line of its own.
    """

    def line(self, record: logging.LogRecord, fields: Mapping[str, object]) -> str:
        who = "/".join(str(self.value(fields[name])) for name in _LEADING if name in fields)
        rest = {name: value for name, value in fields.items() if name not in _LEADING and name != "worker"}
        told = " ".join(f"{name}={self._spelled(value)}" for name, value in rest.items())
        head = f"{moment(record.created)} {record.levelname} {who or record.name}: {self.message(record)}"
        return "\n    ".join([f"{head}  {told}" if told else head, *self.trace(record)])

    def _spelled(self, value: object) -> str:
        if isinstance(value, Mapping):
            return ",".join(f"{name}:{self._spelled(one)}" for name, one in value.items())
        shown = str(self.value(value))
        return shown if _PLAIN.fullmatch(shown) else json.dumps(shown, ensure_ascii=False)


class Json(Format):
    """One object a line, in plain ASCII. Names as collectors know them; times as RFC 3339 has them."""

    def line(self, record: logging.LogRecord, fields: Mapping[str, object]) -> str:
        told: dict[str, object] = {
            "time": moment(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message(record),
            "pid": record.process,
        }
        told.update((name, self.value(value)) for name, value in fields.items())
        trace = self.trace(record)
        if trace:
            told["exception"] = "\n".join(trace)
        # NaN is no JSON; a field never is one, but a library's might be.
        return json.dumps(told, default=str).replace("\x7f", "\\u007f")


def moment(at: float) -> str:
    """A Unix time as RFC 3339 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


__all__ = ["Format", "Json", "Text", "moment"]
