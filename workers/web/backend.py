"""What pages and API work on: the store, the stages of the deployment, the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.store.contract import Store
from workers.server import running_redis_url
from workers.stages import Stages
from workers.web.facets import KnownFacets

T = TypeVar("T")


class Backend:
    """One deployment, seen from the web. Usable from several threads at once.

    Rows are always there to be seen; the stages only while Redis can be reached.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store, self.settings = store, settings
        self.facets = KnownFacets()
        self._stages: Stages | None = None

    def stages(self) -> Stages:
        """The stages. Raises PipelineError (`redis`) when Redis is not configured and no embedded
        deployment runs on the data folder; when it cannot be reached, their methods do."""
        if self._stages is None:
            url = self.settings.redis_url or running_redis_url(self.settings)
            if url is None:
                raise PipelineError(
                    "Nothing is running on this deployment. What is enqueued waits for `feedmill up`.",
                    code="redis",
                )
            self._stages = Stages(replace(self.settings, redis_url=url))
        return self._stages

    def seen(self, ask: Callable[[Stages | None], T]) -> tuple[T, str | None]:
        """What ask tells of the stages, or of no stages and why there are none."""
        try:
            return ask(self.stages()), None
        except PipelineError as error:
            if error.code != "redis":
                raise
            return ask(None), error.message

    def wake(self) -> bool:
        """Ask the coordinator to look at once; False when nobody can be asked. The rows are
        written by then: whoever ticks next finds them."""
        try:
            self.stages().wake()
        except PipelineError as error:
            if error.code != "redis":
                raise
            return False
        return True

    def close(self) -> None:
        """Close the connection to Redis; the store is its opener's."""
        if self._stages is not None:
            self._stages.close()


def _backend(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


#: the type of an endpoint's parameter that gets the backend
Here = Annotated[Backend, Depends(_backend)]

__all__ = ["Backend", "Here"]
