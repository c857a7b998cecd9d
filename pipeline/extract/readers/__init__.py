"""Where values come from: each module here reads one kind of evidence.

A reader is a module with ``TRUST`` (readers run in that order, the least number first, and the earlier
candidate wins where its field's rule says nothing else) and ``read(document)``, which yields every candidate
that it sees and judges none against another. Adding a file adds a reader; other packages
name theirs by entry points (docs/extending.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from pipeline.extract.candidate import Candidate
from pipeline.model import Document
from pipeline.plugins import plugged

Reader = Callable[[Document], Iterator[Candidate]]


@cache
def readers() -> tuple[Reader, ...]:
    """All readers, in order of trust."""
    modules: list[Any] = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    modules += plugged("feedmill.readers").values()
    return tuple(module.read for module in sorted(modules, key=lambda module: module.TRUST))


def evidence(document: Document) -> list[Candidate]:
    """Every candidate for every field, the most trusted first: what the rules of the fields choose among."""
    return [candidate for read in readers() for candidate in read(document)]
