"""Pages of long listings: each says, as an opaque cursor, where the next one begins.

A cursor names a place in an order (a keyset), not a number of rows to pass over: what is added meanwhile
neither doubles a row nor hides one, and the thousandth page costs what the first does. It holds nothing
secret and binds nothing: clients may keep it for as long as they like. What it looks like may change
with `VERSION`; one that is damaged, of another version or of another listing is refused, never guessed at.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import msgspec

from pipeline.errors import PipelineError

#: of the way cursors are written
VERSION = 1
#: longest cursor that is looked at (characters)
LONGEST = 2_000

T = TypeVar("T")
R = TypeVar("R")

#: a whole number, and another one, that both databases can compare with
Number = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
Amount = Annotated[float, msgspec.Meta(ge=-1e300, le=1e300)]


class CursorError(PipelineError):
    """A cursor that is none of this listing's."""

    code = "cursor"


class Listing(list[T], Generic[T]):
    """One page of a listing, and the cursor of the next; None: there is none."""

    def __init__(self, rows: Sequence[T] = (), next: str | None = None) -> None:
        super().__init__(rows)
        self.next = next


class Order(Generic[T]):
    """The order of one listing: what it is called, and the values that give a row its place."""

    def __init__(self, name: str, place: type[T]) -> None:
        """``place``: a tuple of `Number`, `Amount` and str."""
        self._name = name
        self._decoder = msgspec.json.Decoder(tuple[int, str, place])  # type: ignore[valid-type]

    def cursor(self, place: T) -> str:
        """A cursor behind a place. Places of values that no row has are cursors as well."""
        raw = msgspec.json.encode((VERSION, self._name, place))
        return base64.urlsafe_b64encode(_sum(raw) + raw).decode().rstrip("=")

    def place(self, cursor: str) -> T:
        """The place behind which a page begins. Raises CursorError."""
        try:
            version, name, place = self._decoder.decode(_checked(cursor))
        except (ValueError, msgspec.MsgspecError) as error:
            raise self._refused() from error
        if (version, name) != (VERSION, self._name):
            raise self._refused()
        return place

    def page(self, rows: Sequence[R], limit: int, place_of: Callable[[R], T]) -> Listing[R]:
        """The first so many of rows that were read; whoever read one more of them than that learns
        whether there is a next page."""
        more = 0 < limit < len(rows)
        return Listing(rows[:limit], self.cursor(place_of(rows[limit - 1])) if more else None)

    def _refused(self) -> CursorError:
        return CursorError(
            "The cursor cannot be used here: it is damaged, or of another listing or version. Take `next` of "
            "the page before as it is, or begin again without a cursor."
        )


def _checked(cursor: str) -> bytes:
    """What a cursor holds, if its sum is right: cut or mistyped ones are told from others."""
    if len(cursor) > LONGEST or not cursor.isascii():
        raise ValueError("no cursor")
    try:
        frame = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("no cursor") from error
    if frame[:4] != _sum(frame[4:]):
        raise ValueError("damaged")
    return frame[4:]


def _sum(raw: bytes) -> bytes:
    return zlib.crc32(raw).to_bytes(4)


__all__ = ["LONGEST", "Amount", "CursorError", "Listing", "Number", "Order"]
