"""A response's body: decompressed piece by piece, and never beyond a limit.

The HTTP library's own decoders unfold a whole network chunk at once, a thousandfold for a bomb.
"""

from __future__ import annotations

import zlib

from pipeline.errors import FetchError

#: what is asked for: exactly what can be unfolded in bounded steps
ACCEPTED = "gzip, deflate"

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class Body:
    """Collects a body. ``add`` raises FetchError as soon as it cannot become a good one."""

    def __init__(self, encoding: str | None, most: int, url: str) -> None:
        """``encoding``: the Content-Encoding header; ``most``: bytes, of the decompressed body.

        Raises FetchError (`protocol`) for an encoding that was not asked for.
        """
        self._most = most
        self._url = url
        self._pieces: list[bytes] = []
        self._size = 0
        self._received = 0
        names = [name.strip().lower() for name in (encoding or "").split(",")]
        names = [name for name in names if name not in ("", "identity")]
        if len(names) > 1 or (names and names[0] not in ("gzip", "x-gzip", "deflate")):
            raise FetchError(
                f"{url} came in an encoding that was not asked for ({encoding}).",
                code="protocol",
                retry_helps=False,
            )
        #: None: as it is
        self._inflater: zlib._Decompress | None = None
        self._expects = names[0] if names else ""

    def add(self, piece: bytes) -> None:
        """Take the next bytes from the network. Raises FetchError (`too_large`, `protocol`)."""
        self._received += len(piece)
        if self._received > self._most:
            raise self._too_large()
        if self._expects:
            self._inflater = _inflater(self._expects, piece)
            self._expects = ""
        if self._inflater is None:
            self._keep(piece)
        else:
            self._inflate(piece)

    def whole(self) -> bytes:
        """The body, once all of it was added. Raises FetchError (`protocol`) if it is cut short."""
        if self._inflater is not None and not self._inflater.eof:
            raise FetchError(f"The answer of {self._url} was cut short.", code="protocol")
        return b"".join(self._pieces)

    def _inflate(self, piece: bytes) -> None:
        assert self._inflater is not None
        try:
            while piece and not self._inflater.eof:
                self._keep(self._inflater.decompress(piece, self._most - self._size + 1))
                piece = self._inflater.unconsumed_tail
                if self._inflater.eof and self._inflater.unused_data.startswith(_GZIP_MAGIC):
                    # A gzip file may consist of several, one after the other (RFC 1952, 2.2).
                    piece = self._inflater.unused_data
                    self._inflater = zlib.decompressobj(_GZIP)
        except zlib.error as error:
            raise FetchError(f"The answer of {self._url} is damaged ({error}).", code="protocol") from error

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._most:
            raise self._too_large()
        self._pieces.append(piece)

    def _too_large(self) -> FetchError:
        return FetchError(
            f"{self._url} is larger than {self._most} bytes.", code="too_large", retry_helps=False
        )


def _inflater(name: str, first: bytes) -> zlib._Decompress | None:
    if name == "deflate":
        # RFC 9110 means the zlib format; many servers send the bare one. The header tells:
        # method 8, and divisible by 31 (RFC 1950, 2.2).
        wrapped = len(first) > 1 and first[0] & 15 == 8 and (first[0] << 8 | first[1]) % 31 == 0
        return zlib.decompressobj(_ZLIB if wrapped else _RAW)
    # Some servers name an encoding that they did not apply.
    return zlib.decompressobj(_GZIP) if first.startswith(_GZIP_MAGIC[: len(first)]) else None
