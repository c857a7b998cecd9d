"""Articles as a Parquet file, in row groups as they come: however many there are, memory stays what it is.

The only importer of pyarrow, which is an extra: ``pip install 'feedmill[parquet]'``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any

from pipeline.errors import SettingsError

Record = dict[str, Any]

#: as registered with IANA
MEDIA_TYPE = "application/vnd.apache.parquet"
#: articles in one row group: some megabytes of text
ROWS = 1000


def write_parquet(records: Iterable[Record], target: IO[bytes]) -> int:
    """Write all records of `Store.export`; returns how many. For the rest see `parquet_pieces`."""
    number = 0

    def counted() -> Iterator[Record]:
        nonlocal number
        for record in records:
            number += 1
            yield record

    for piece in parquet_pieces(counted()):
        target.write(piece)
    return number


def parquet_pieces(records: Iterable[Record]) -> Iterator[bytes]:
    """A Parquet file of all records of `Store.export`, a row group at a time. One without any has the
    columns all the same.

    Dates stay the texts that they are: some have no time of day. ``provenance`` is a list of pairs (a map).
    Raises SettingsError where pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise SettingsError(
            "Parquet needs pyarrow, which is not installed: pip install 'feedmill[parquet]'. "
            "--format jsonl works without it."
        ) from error
    schema, written = _schema(pyarrow), _Written()
    with parquet.ParquetWriter(written, schema, compression="zstd") as writer:
        for rows in _groups(iter(records)):
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))
            yield written.taken()
    yield written.taken()


class _Written(io.RawIOBase):
    """What was written since it was last asked for."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def taken(self) -> bytes:
        """All of it, once."""
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole


def _groups(records: Iterator[Record]) -> Iterator[list[Record]]:
    while rows := [_row(one) for one in islice(records, ROWS)]:
        yield rows


def _row(record: Record) -> Record:
    return record | {"provenance": list(record["provenance"].items())}


def _schema(pyarrow: Any) -> Any:
    """One column for each field of an article, and where it is from."""
    text, texts = pyarrow.string(), pyarrow.list_(pyarrow.string())
    people = pyarrow.list_(pyarrow.struct([("role", text), ("name", text)]))
    types = {
        "id": pyarrow.int64(),
        "job": text,
        "fetched_at": text,
        "url": text,
        "canonical_url": text,
        "title": text,
        "subtitles": texts,
        "authors": texts,
        "contributors": people,
        "agency": text,
        "dateline": pyarrow.struct([("place", text), ("agency", text), ("date", text)]),
        "section": text,
        "tags": texts,
        "published_at": text,
        "modified_at": text,
        "language": text,
        "site_name": text,
        "description": text,
        "image_url": text,
        "copyright": pyarrow.struct([("holder", text), ("year", pyarrow.int64())]),
        "text": text,
        "markup": text,
        "word_count": pyarrow.int64(),
        "content_hash": text,
        "simhash": text,
        "near_duplicate_of": pyarrow.int64(),
        "is_paywalled": pyarrow.bool_(),
        "confidence": pyarrow.float64(),
        "provenance": pyarrow.map_(text, text),
        "extractor_version": text,
    }
    return pyarrow.schema(list(types.items()))


__all__ = ["MEDIA_TYPE", "ROWS", "parquet_pieces", "write_parquet"]
