"""A response's body: decompressed in small steps, and never beyond a limit. The only importer of brotli.

The usual decoders unfold a whole network chunk at once: a thousandfold for gzip, a millionfold for
brotli. Here each layer hands on what it unfolds piece by piece, and every layer has the limit.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Protocol, Self

import brotli

from pipeline.errors import FetchError
from pipeline.packing import ZstdStream

#: what is asked for: exactly what can be unfolded in bounded steps
ACCEPTED = "gzip, deflate, br, zstd"

#: what one step unfolds to at most, or close to it (bytes)
_STEP = 65_536
#: encodings on top of each other; servers that pack twice by mistake exist
_MOST_LAYERS = 3
#: said where the content is as it is; the last ones are no encodings, but servers name them
_UNPACKED = frozenset({"", "identity", "none", "utf-8", "binary"})
_GZIP_MAGIC, _ZSTD_MAGIC = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS

Sink = Callable[[bytes], None]


class _Layer(Protocol):
    """One encoding. ``add`` raises ValueError for damage, and hands on to its sink."""

    def add(self, piece: bytes) -> None: ...

    @property
    def ended(self) -> bool: ...


class Memory:
    """What all bodies of a process hold together while they come in.

    Each has its own limit; but sixty servers that send the largest feed that is allowed, at once, would
    take gigabytes. Beyond ``most`` bytes it is the large ones that are broken off, to be tried again.
    """

    #: bodies up to this size (bytes) are never broken off for others
    SMALL = 4_000_000

    def __init__(self, most: int = 256_000_000) -> None:
        self.most = most
        self.held = 0

    def is_short(self, size: int) -> bool:
        """Whether a body of this size has to give way."""
        return self.held > self.most and size > self.SMALL


class Body:
    """Collects a body. ``add`` raises FetchError as soon as it cannot become a good one.

    As a context manager it counts in ``memory`` for as long as the block runs.
    """

    def __init__(self, encoding: str | None, most: int, url: str, memory: Memory | None = None) -> None:
        """``encoding``: the Content-Encoding header; ``most``: bytes, of the decompressed body.

        Raises FetchError (`protocol`) for an encoding that was not asked for.
        """
        self._memory = memory or Memory()
        self._most = most
        self._url = url
        self._pieces: list[bytes] = []
        self._received = self._size = 0
        self._layers: list[_Layer] = []
        names = [name.strip().lower() for name in (encoding or "").split(",")]
        names = [name for name in names if name not in _UNPACKED]
        if len(names) > _MOST_LAYERS or any(name not in _LAYERS for name in names):
            raise FetchError(
                f"{url} came in an encoding that was not asked for ({encoding}).",
                code="protocol",
                retry_helps=False,
            )
        self._first: Sink = self._keep
        for name in names:
            # The last one named was applied last, and comes off first.
            layer = _LAYERS[name](_Bounded(self._first, self))
            self._layers.append(layer)
            self._first = layer.add

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._memory.held -= self._size

    def add(self, piece: bytes) -> None:
        """Take the next bytes from the network. Raises FetchError (`too_large`, `protocol`)."""
        self._received += len(piece)
        beyond = self._received - self._most
        try:
            # What fits is taken even so: the beginning of a body is of use to some.
            self._first(piece[:-beyond] if beyond > 0 else piece)
        except ValueError as error:
            raise FetchError(f"The answer of {self._url} is damaged ({error}).", code="protocol") from error
        if beyond > 0:
            raise self.too_large()

    def whole(self) -> bytes:
        """The body, once all of it was added. Raises FetchError (`protocol`) if it is cut short."""
        if self._received and not all(layer.ended for layer in self._layers):
            raise FetchError(f"The answer of {self._url} was cut short.", code="protocol")
        return self.so_far()

    def so_far(self) -> bytes:
        """What was unfolded until now."""
        return b"".join(self._pieces)

    def too_large(self) -> FetchError:
        """The error for a body beyond the limit."""
        told = f"{self._url} is larger than {self._most} bytes."
        return FetchError(told, code="too_large", retry_helps=False)

    def beyond(self, size: int) -> bool:
        """Whether so many bytes are more than allowed, at any layer."""
        return size > self._most

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        self._memory.held += len(piece)
        if self._memory.is_short(self._size):
            told = f"{self._url} is large, and too many large answers came at once; it is tried again."
            raise FetchError(told, code="too_large", retry_helps=True)
        if self._size > self._most:
            self._pieces.append(piece[: len(piece) - (self._size - self._most)])
            raise self.too_large()
        self._pieces.append(piece)


class _Bounded:
    """Counts what one layer hands on."""

    def __init__(self, sink: Sink, body: Body) -> None:
        self._sink = sink
        self._body = body
        self._size = 0

    def __call__(self, piece: bytes) -> None:
        self._sink(piece)
        self._size += len(piece)
        if self._body.beyond(self._size):
            raise self._body.too_large()


class _Zlib:
    """gzip and deflate, as servers really send them."""

    def __init__(self, sink: Sink, *, gzip: bool) -> None:
        self._sink = sink
        self._gzip = gzip
        #: the first bytes, until they tell the format
        self._held: bytes | None = b""
        #: None: not packed at all, whatever the header says
        self._inflater: zlib._Decompress | None = None

    def add(self, piece: bytes) -> None:
        if self._held is not None:
            piece = self._held + piece
            if len(piece) < 2:
                self._held = piece
                return
            self._held = None
            self._inflater = self._begun(piece)
        if self._inflater is None:
            self._sink(piece)
            return
        try:
            while piece and self._goes_on(piece):
                self._sink(self._inflater.decompress(piece, _STEP))
                piece = self._inflater.unconsumed_tail or self._inflater.unused_data
        except zlib.error as error:
            raise ValueError(str(error)) from error

    @property
    def ended(self) -> bool:
        return not self._held and (self._inflater is None or self._inflater.eof)

    def _goes_on(self, piece: bytes) -> bool:
        assert self._inflater is not None
        if self._inflater.eof:
            # A gzip file may consist of several, one after the other (RFC 1952, 2.2); anything else
            # behind the end is rubbish.
            if not self._gzip or not piece.startswith(_GZIP_MAGIC[: len(piece)]):
                return False
            self._inflater = zlib.decompressobj(_GZIP)
        return True

    def _begun(self, first: bytes) -> zlib._Decompress | None:
        if self._gzip:
            # Some servers name an encoding that they did not apply.
            return zlib.decompressobj(_GZIP) if first.startswith(_GZIP_MAGIC) else None
        # RFC 9110 means the zlib format; many servers send the bare one. The header tells:
        # method 8, and divisible by 31 (RFC 1950, 2.2).
        wrapped = first[0] & 15 == 8 and (first[0] << 8 | first[1]) % 31 == 0
        return zlib.decompressobj(_ZLIB if wrapped else _RAW)


class _Brotli:
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._decoder = brotli.Decompressor()

    def add(self, piece: bytes) -> None:
        try:
            while not self.ended:
                unfolded = self._decoder.process(piece, output_buffer_limit=_STEP)
                if not unfolded:
                    return
                self._sink(unfolded)
                piece = b""
        except brotli.error as error:
            raise ValueError(str(error)) from error

    @property
    def ended(self) -> bool:
        return bool(self._decoder.is_finished())


class _Zstd:
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._stream: ZstdStream | None = None
        self._started = False

    def add(self, piece: bytes) -> None:
        if not piece:
            return
        if not self._started:
            self._started = True
            packed = piece.startswith(_ZSTD_MAGIC[: len(piece)])
            self._stream = ZstdStream(self._sink) if packed else None
        if self._stream is None:
            self._sink(piece)
        else:
            self._stream.add(piece)

    @property
    def ended(self) -> bool:
        return self._stream is None or self._stream.ended


_LAYERS: dict[str, Callable[[Sink], _Layer]] = {
    "gzip": lambda sink: _Zlib(sink, gzip=True),
    "x-gzip": lambda sink: _Zlib(sink, gzip=True),
    "deflate": lambda sink: _Zlib(sink, gzip=False),
    "br": _Brotli,
    "zstd": _Zstd,
}
