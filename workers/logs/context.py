"""What the work at hand is about: fields that stand on each line that is said meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType, TracebackType

_about: ContextVar[Mapping[str, object]] = ContextVar("about", default=MappingProxyType({}))


class about:
    """Within: each line of this thread or task has these fields, whoever says it.

    A class, not a generator: it is entered for every item of every stage (0.6 us instead of 1.5).
    """

    __slots__ = ("_before", "_fields")

    def __init__(self, **fields: object) -> None:
        self._fields = fields

    def __enter__(self) -> None:
        self._before = _about.get()
        _about.set({**self._before, **self._fields})

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Set back instead of reset: a task that is thrown away is closed in another context.
        _about.set(self._before)


def note(**fields: object) -> None:
    """More fields for the block that is entered here: what was learned on the way."""
    _about.set({**_about.get(), **fields})


def fields_at_hand() -> Mapping[str, object]:
    """The fields of all blocks that are entered here and now."""
    return _about.get()


__all__ = ["about", "fields_at_hand", "note"]
