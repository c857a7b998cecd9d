"""A whole deployment with its pages, as `feedmill up` starts it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from waiting import until

from pipeline.model import JobStatus
from pipeline.settings import Settings
from pipeline.store.contract import Store
from workers.embedded import Deployment
from workers.intake import enqueue
from workers.web import server
from workers.web.child import WebChild


@dataclass
class Running:
    deployment: Deployment
    web: WebChild

    @property
    def store(self) -> Store:
        return self.deployment.store

    @property
    def url(self) -> str:
        return self.web.url

    def hand_in(self, *sources: Path | str) -> str:
        """Accept sources as one job; returns its id."""
        job = enqueue(self.store, [str(one) for one in sources], self.deployment.settings).job
        self.deployment.stages.wake()
        return job

    def finish(self, job: str) -> JobStatus:
        until(lambda: self._status(job).state == "done", f"job {job} ends")
        return self._status(job)

    def run(self, *sources: Path | str) -> str:
        """The same, and wait for its end."""
        job = self.hand_in(*sources)
        self.finish(job)
        return job

    def _status(self, job: str) -> JobStatus:
        status = self.store.job_status(job)
        assert status is not None
        return status

    @contextmanager
    def asking_for(self, token: str) -> Iterator[str]:
        """A second web server over the same data that asks for a token; its address."""
        settings = replace(self.deployment.settings, api_token=token)
        with WebChild(settings, server.bind("127.0.0.1", 0)) as web:
            yield web.url


@contextmanager
def running(folder: Path, **settings: object) -> Iterator[Running]:
    values: dict[str, object] = {
        "data_dir": folder,
        "concurrency": 1,
        "allow_addresses": "127.0.0.0/8",
        "host_delay": 0.02,
        "max_attempts": 1,
        **settings,
    }
    with (
        Deployment(Settings(**values), poll_feeds=True) as deployment,  # type: ignore[arg-type]
        WebChild(deployment.settings, server.bind("127.0.0.1", 0)) as web,
    ):
        yield Running(deployment, web)
