"""The benchmark of pages asks something of every page and endpoint: a new one cannot be forgotten."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from benchmarks.pages.asked import asked
from benchmarks.pages.facts import Facts
from benchmarks.pages.routes import routes
from pipeline.settings import Settings
from pipeline.store import open_store


def test_every_route_is_timed_or_left_out_with_a_reason(data_folder: Path) -> None:
    settings = Settings(data_dir=data_folder)
    store = open_store(settings)
    bound = frozenset(f"{method} {path}" for method, path in routes(store, settings))
    store.close()
    known = Facts(**{one.name: "1" if one.type == "str" else 1 for one in fields(Facts)})  # type: ignore[arg-type]
    assert {question.route for question in asked(known, bound)} <= {one.split(" ", 1)[1] for one in bound}
