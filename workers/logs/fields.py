"""The fields of a line, and how they are had from a record."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from pipeline.urls import host_of
from workers.logs.context import fields_at_hand

#: the fields that a line may have besides time, level, logger, message, pid and exception, in this
#: order. They are given as ``extra`` or by `workers.logs.about`
FIELDS: tuple[str, ...] = (
    "service",
    "worker",
    "stage",
    "job",
    "item",
    "feed",
    "host",
    "attempt",
    # of one piece of work, or of one request
    "seconds",
    # of each stage that the item passed
    "stages",
    "outcome",
    "code",
    "request",
    "method",
    "path",
    "status",
    "ms",
    # lines like this one that were not written
    "more",
)


def fields_of(record: logging.LogRecord, always: Mapping[str, object]) -> dict[str, object]:
    """The fields of a record: its own, those of the work at hand, and those that each line has."""
    given = record.__dict__
    at_hand = fields_at_hand()
    found: dict[str, object] = {}
    for name in FIELDS:
        value = given.get(name)
        if value is None:
            value = at_hand.get(name, always.get(name))
        if value is None and name == "host" and "url" in at_hand:
            # Worked out only where something is said.
            value = host_of(str(at_hand["url"] or ""))
        if value is not None and value != "":
            found[name] = value
    return found


__all__ = ["FIELDS", "fields_of"]
