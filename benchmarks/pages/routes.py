"""What the application answers to, as it says itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi.routing import iter_route_contexts

from pipeline.settings import Settings
from pipeline.store.contract import Store
from workers.web.app import create_app


def routes(store: Store, settings: Settings) -> Iterator[tuple[str, str]]:
    """(method, path with the names of its parameters) of every page and endpoint."""
    app: Any = create_app(store, settings)
    while not hasattr(app, "routes"):
        app = app.app
    for route in iter_route_contexts(app.routes):
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, route.path or ""
