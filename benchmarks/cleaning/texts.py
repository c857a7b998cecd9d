"""Texts that are slow to make, kept in a folder: a file per system, version and collection.

A file holds a JSON record a line: ``id`` of the page, ``sum`` of its bytes, ``text``, ``seconds`` of CPU, and
``error`` where the system raised one. Files only grow; a last line that was cut off by a killed run is
dropped, and its page made again.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.cleaning.peers import Peer
from training.corpora import Labelled


class Taken(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a system made of one page."""

    id: str
    #: of the page's bytes: a page that changed is made again
    sum: str
    text: str = ""
    #: of CPU, this process alone
    seconds: float = 0.0
    #: what it raised; the text is then empty
    error: str | None = None


class Texts:
    """The texts of one peer on one collection.

    ``folder`` None keeps nothing beyond this object.
    """

    def __init__(self, folder: Path | None, peer: Peer, corpus: str) -> None:
        self._peer = peer
        self._path = None if folder is None else folder / _slug(peer) / f"{corpus}.jsonl"
        self._kept: dict[tuple[str, str], Taken] = {}
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._kept = {(one.id, one.sum): one for one in _records(self._path)}

    def of(self, page: Labelled) -> Taken:
        """The peer's text of a page, made now where the folder has none."""
        checksum = hashlib.sha256(page.content).hexdigest()[:16]
        kept = self._kept.get((page.id, checksum))
        if kept is not None:
            return kept
        made = take(self._peer, page, checksum)
        self._kept[page.id, checksum] = made
        if self._path is not None:
            with self._path.open("ab") as file:
                file.write(msgspec.json.encode(made) + b"\n")
        return made


def take(peer: Peer, page: Labelled, checksum: str = "") -> Taken:
    """A peer's text of a page, timed."""
    extract = peer.extract
    error = None
    text = ""
    start = time.process_time()
    try:
        text = extract(page.content, page.url)
    except Exception as raised:  # noqa: BLE001 - whatever a peer raises on a page is its result for the page
        error = f"{type(raised).__name__}: {raised}"[:300]
    seconds = time.process_time() - start
    # A lone surrogate cannot be written.
    text = text.encode("utf-8", "replace").decode()
    return Taken(id=page.id, sum=checksum, text=text, seconds=seconds, error=error)


def _records(path: Path) -> Iterator[Taken]:
    if not path.exists():
        return
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        with path.open("r+b") as file:
            file.truncate(whole)
    decoder = msgspec.json.Decoder(Taken)
    yield from map(decoder.decode, content[:whole].splitlines())


def _slug(peer: Peer) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", f"{peer.name} {peer.version}".lower())
