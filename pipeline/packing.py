"""Bytes for values: msgpack under zstd, for Redis and for the database.

Level 1: a 40 KB news page packs to about 11 KB in 0.1 ms; level 3 saves 4 % more for twice the time.
"""

from __future__ import annotations

import hashlib
import threading
from typing import Any, TypeVar

import msgspec
import zstandard

T = TypeVar("T")

#: a packed value never unfolds to more than this (bytes): a guard, far above any page limit
MAX_UNPACKED = 512 * 1024 * 1024

_local = threading.local()
_encoder = msgspec.msgpack.Encoder()
_decoders: dict[Any, msgspec.msgpack.Decoder[Any]] = {}


def compress(raw: bytes) -> bytes:
    """Zstandard frame of raw, with its size in the header."""
    if not hasattr(_local, "compressor"):
        _local.compressor = zstandard.ZstdCompressor(level=1)
    packed: bytes = _local.compressor.compress(raw)
    return packed


def decompress(packed: bytes) -> bytes:
    """The bytes that `compress` was given. Raises ValueError when they are no such frame."""
    if not hasattr(_local, "decompressor"):
        _local.decompressor = zstandard.ZstdDecompressor()
    try:
        raw: bytes = _local.decompressor.decompress(packed, max_output_size=MAX_UNPACKED)
    except zstandard.ZstdError as error:
        raise ValueError(f"not a readable zstd frame: {error}") from error
    return raw


def pack(value: Any) -> bytes:
    """A value of `pipeline.model`, or anything made of plain values, as compressed bytes."""
    return compress(_encoder.encode(value))


def unpack(packed: bytes, kind: type[T]) -> T:
    """The value that `pack` was given. Raises ValueError when it is not of that kind."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.msgpack.Decoder(kind)
    try:
        value: T = decoder.decode(decompress(packed))
    except msgspec.DecodeError as error:
        raise ValueError(f"not a packed {kind.__name__}: {error}") from error
    return value


def digest(raw: bytes) -> str:
    """SHA-256, hex: the identity of a page's bytes."""
    return hashlib.sha256(raw).hexdigest()
