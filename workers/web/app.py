"""The web application: everything of `workers.web` put together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from pipeline.settings import Settings
from pipeline.store.contract import Store
from workers.web import api, metrics, pages, problems
from workers.web.api import description
from workers.web.backend import Backend
from workers.web.beating import beat_for_ever
from workers.web.gate import Gate
from workers.web.heads import Heads
from workers.web.jobs import JobLooks
from workers.web.keeper import Keeper
from workers.web.live import LIVE, Live
from workers.web.overview import Overviews
from workers.web.rendering import FOLDER
from workers.web.requests import Requests
from workers.web.websub import Callback

logger = logging.getLogger(__name__)

#: a token with fewer characters than that is warned of
SHORT = 16


def create_app(store: Store, settings: Settings) -> ASGIApp:
    """The pages and the API of the deployment that settings name, over a store that is open.

    Blocking calls run in the thread pool: the endpoints are plain functions.
    """
    backend, live = Backend(store, settings), Live()
    if 0 < len(settings.api_token) < SHORT:
        logger.warning(
            "FEEDMILL_API_TOKEN has %d characters: short ones are guessed. Make a long one with "
            "`openssl rand -hex 32`.",
            len(settings.api_token),
        )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, Live]]:
        beats = asyncio.create_task(beat_for_ever(backend))
        yield {LIVE: live}
        beats.cancel()
        backend.close()

    # The framework's own reference pages load scripts from other hosts.
    app = FastAPI(
        title="Feedmill",
        version=version("feedmill"),
        description=description.INTRODUCTION,
        openapi_tags=description.TAGS,
        docs_url=None,
        redoc_url=None,
        # What an operation is called in openapi.json, and so in clients that are made of it.
        generate_unique_id_function=lambda route: route.name,
        lifespan=lifespan,
    )
    keeper = Keeper(settings.api_token, settings.web_proxies)
    app.state.backend, app.state.keeper, app.state.live = backend, keeper, live
    app.state.overviews, app.state.jobs = Overviews(backend), JobLooks(backend)
    app.state.metrics = metrics.Metrics(backend)
    problems.install(app)
    app.add_middleware(Heads)
    app.include_router(api.router)
    app.include_router(api.health.router)
    app.include_router(metrics.router)
    app.include_router(pages.router)
    description.install(app, settings)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"))
    return Requests(Callback(Gate(app, backend, keeper), backend))


__all__ = ["SHORT", "create_app"]
