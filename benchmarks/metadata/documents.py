"""Cleaned pages of a collection, kept in a folder until cleaning changes.

A file holds a whole collection; its name holds a hash of the code and models that made it and of the
collection's size and time, so that a change of either makes it anew. Work on `pipeline.extract` alone
then costs neither reading nor cleaning.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

import pipeline
from benchmarks.metadata.fields import TEXTS
from pipeline.model import Document
from pipeline.packing import pack, unpack
from training.corpora import Labelled, read

_IMPORT = re.compile(r"^(?:from|import) pipeline\.(\w+)", re.MULTILINE)
#: files kept of a collection: switching between two states of the code costs nothing
_KEPT = 3
_DIGITS = 16


class Cleaned(msgspec.Struct, frozen=True):
    """A labelled page without its bytes and true text, and its document."""

    page: Labelled
    #: None where the code raised, which it never should
    document: Document | None
    error: str | None = None


def documents(
    folder: Path, corpus: str, cache: Path | None, fresh: bool = False, any_state: bool = False
) -> list[Cleaned]:
    """The cleaned pages of a collection, in the order of its file.

    ``fresh`` makes them anew; ``any_state`` takes the last ones kept, whatever cleaning has become since.

    Raises:
        FileNotFoundError: the folder has no such collection.
    """
    if cache is None:
        return list(_made(folder, corpus))
    if any_state and (last := _newest(cache / "documents", corpus)):
        return unpack(last[0].read_bytes(), list[Cleaned])
    path = cache / "documents" / f"{corpus}-{_state(folder / f'{corpus}.jsonl.xz')}"
    if path.exists() and not fresh:
        os.utime(path)
        return unpack(path.read_bytes(), list[Cleaned])
    made = list(_made(folder, corpus))
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(pack(made))
    beside.replace(path)
    _forget(path.parent, corpus)
    return made


def _made(folder: Path, corpus: str) -> Iterator[Cleaned]:
    # Here, so that kept documents serve while cleaning is being worked on.
    from benchmarks.cleaning.ours import as_page
    from pipeline.clean import clean

    for page in read(folder, corpus):
        document, error = None, None
        try:
            document = clean(as_page(page))
        except Exception as raised:  # noqa: BLE001 - a defect on one page is counted like a peer's, and told
            error = f"{type(raised).__name__}: {raised}"
        truth = {key: value for key, value in page.truth.items() if key not in TEXTS}
        yield Cleaned(msgspec.structs.replace(page, content=b"", truth=truth), document, error)


def _state(collection: Path) -> str:
    """A name for the code that cleans, and the collection's state."""
    held = hashlib.sha256()
    for path in sorted([Path(__file__), *_code()]):
        held.update(path.name.encode() + path.read_bytes())
    about = collection.stat()
    held.update(f"{about.st_size} {about.st_mtime_ns}".encode())
    return held.hexdigest()[:_DIGITS]


def _code() -> set[Path]:
    """The files of cleaning, with its models, and those of our modules that they import, by and by."""
    root = Path(pipeline.__file__).parent
    found: set[Path] = set()
    wanted = {"clean", "model"}
    while wanted:
        name = wanted.pop()
        files = {path for path in (root / name).rglob("*") if path.suffix in (".py", ".npz")}
        files |= {path for path in [root / f"{name}.py"] if path.exists()}
        for path in files - found:
            if path.suffix == ".py":
                wanted |= set(_IMPORT.findall(path.read_text("utf-8")))
        found |= files
    return found


def _newest(folder: Path, corpus: str) -> list[Path]:
    """The files kept of a collection, the last used first."""
    found: list[tuple[float, Path]] = []
    for path in folder.glob(f"{corpus}-{'?' * _DIGITS}"):
        try:
            found.append((path.stat().st_mtime, path))
        except FileNotFoundError:  # another run has just left it out
            continue
    return [path for _, path in sorted(found, reverse=True)]


def _forget(folder: Path, corpus: str) -> None:
    for path in _newest(folder, corpus)[_KEPT:]:
        # A minute, for another run that is about to read it.
        if time.time() - path.stat().st_mtime > 60:
            path.unlink(missing_ok=True)
