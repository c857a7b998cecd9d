"""A data folder with a real database, and the command line called on it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from pipeline.model import Article, Ending, NewItem, Problem, Step
from pipeline.settings import load
from pipeline.store import open_store
from pipeline.store.contract import Store
from workers.cli import cli


@dataclass
class Place:
    """A data folder, and what the tests do there."""

    folder: Path
    #: a migrated database that is empty: copying it costs a fiftieth of making one
    template: Path

    def store(self) -> Store:
        """The folder's database, made if there is none."""
        if not (self.folder / self.template.name).exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.template, self.folder)
        return open_store(load({}, data_dir=self.folder))

    def feedmill(self, *args: str, stdin: bytes | None = None) -> Result:
        """Call a command here. `stdout` and `stderr` are apart in the result."""
        return CliRunner().invoke(cli, ["--data-dir", str(self.folder), *args], input=stdin)

    def json(self, *args: str) -> Any:
        result = self.feedmill(*args, "--json")
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)


def new_item(name: str, **fields: Any) -> NewItem:
    """An item of a file; give content, or a problem."""
    if not fields.get("problem"):
        fields.setdefault("content", name.encode())
    return NewItem(**({"key": f"file:///in/{name}", "name": name, "source": "in"} | fields))


def failed_item(name: str, code: str = "unreadable", message: str = "It could not be read.") -> NewItem:
    return new_item(name, problem=Problem(code=code, message=message))


def open_job(store: Store, items: Sequence[NewItem], now: float = 1_000.0) -> str:
    job = store.open_job(["in"], now, now + 60)
    store.accept(job, items, now)
    store.close_job(job, now)
    return job


def article(
    title: str | None = "Harbour reopens", text: str = "The harbour is open.", **fields: Any
) -> Article:
    return Article(
        title=title, text=text, markup=text, word_count=len(text.split()), content_hash=text, **fields
    )


def step(stage: str = "clean", result: str = "ok", **fields: Any) -> Step:
    return Step(
        **({"stage": stage, "at": 1_001.0, "seconds": 0.25, "worker": "w1", "result": result} | fields)
    )


def finish(store: Store, endings: dict[str, Ending | Article], now: float = 1_002.0) -> None:
    """Admit everything that is due and end the named items; the others stay in flight."""
    items = {item.name: item for item in store.load(store.admit(1_000, now))}
    done = []
    for name, ending in endings.items():
        if isinstance(ending, Article):
            ending = Ending(item=0, article=ending, page_digest=name, trace=[step()])
        fields = {field: getattr(ending, field) for field in ending.__struct_fields__}
        done.append(Ending(**(fields | {"item": items[name].id})))
    store.finish(done, now)
    store.end_jobs(now)
