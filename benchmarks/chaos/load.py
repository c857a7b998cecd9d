"""A steady load: jobs of files and of addresses, each handed in again until it was accepted.

    python -m benchmarks.chaos.load FOLDER WEB_PORT

A process of its own, so that its clock is that of the services. Reads ``go``, ``stop`` and ``end`` from
standard input, and writes a line of JSON for each job that was accepted, or ``stopped``.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from pathlib import Path

from benchmarks.chaos import web
from pipeline.errors import PipelineError
from pipeline.settings import load
from pipeline.store import open_store
from pipeline.store.contract import Store
from workers.intake import enqueue
from workers.stages import Stages

logger = logging.getLogger(__name__)

#: files and addresses of one step, and the time between steps (s)
FILES, ADDRESSES, STEP_SECONDS = 6, 4, 1.0
#: one file in so many is handed in a second time under another name, with the same text
COPIED = 20
#: wait before what was refused is handed in again (s)
AGAIN_SECONDS = 0.5


class Load:
    """Hands in one step after the other while it is told to."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port
        self._settings = load()
        self._store: Store | None = None
        self._step = 0
        self._go, self._end = threading.Event(), threading.Event()

    def run(self) -> None:
        reader = threading.Thread(target=self._listen, daemon=True)
        reader.start()
        _tell({"ready": True})
        while not self._end.is_set():
            if not self._go.is_set():
                time.sleep(0.05)
                continue
            began = time.monotonic()
            for refs in (self._files(), self._addresses()):
                self._hand_in(refs)
            self._step += 1
            time.sleep(max(0.0, began + STEP_SECONDS - time.monotonic()))
            if not self._go.is_set():
                _tell({"stopped": self._step})

    def _listen(self) -> None:
        for line in sys.stdin:
            word = line.strip()
            if word == "go":
                self._go.set()
            elif word == "stop":
                self._go.clear()
        self._end.set()

    def _files(self) -> list[str]:
        folder = self._folder / f"{self._step:05}"
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(self._step * FILES, (self._step + 1) * FILES):
            text = web.file(number)
            (folder / f"story-{number:06}.txt").write_text(text)
            if number % COPIED == 0:
                (folder / f"copy-{number:06}.txt").write_text(text)
        return [str(folder)]

    def _addresses(self) -> list[str]:
        first = self._step * ADDRESSES
        return [web.story(number, self._port) for number in range(first, first + ADDRESSES)]

    def _hand_in(self, refs: list[str]) -> None:
        while not self._end.is_set():
            try:
                if self._store is None:
                    self._store = open_store(self._settings)
                intake = enqueue(self._store, refs, self._settings)
            except PipelineError as error:
                logger.warning("refused, handed in again: %s", error)
                time.sleep(AGAIN_SECONDS)
                continue
            _tell({"job": intake.job, "items": intake.items, "refs": refs})
            stages = Stages(self._settings)
            stages.wake()
            stages.close()
            return


def _tell(line: dict[str, object]) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s load %(message)s")
    Load(Path(sys.argv[1]), int(sys.argv[2])).run()
