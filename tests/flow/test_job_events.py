"""A job's events, from a deployment at work."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from httpx import ASGITransport, AsyncClient
from mill import Mill, write_stories

from workers.web.app import create_app


def events(mill: Mill, job: str) -> list[tuple[str, dict[str, Any]]]:
    """(name, data) of a job's events until the stream ends."""

    async def read() -> str:
        transport = ASGITransport(create_app(mill.deployment.store, mill.deployment.settings))
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.get(f"/api/jobs/{job}/events", timeout=60)
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            return answer.text

    found = []
    for part in asyncio.run(read()).strip().split("\n\n"):
        if not part.startswith((":", "retry: ")):
            number, name, data = part.split("\n")
            assert number.startswith("id: ")
            found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_events_tell_a_job_until_it_is_done(start: Callable[..., Mill], tmp_path: Path) -> None:
    mill = start()
    job = mill.enqueue(write_stories(tmp_path / "in", 150))
    told = events(mill, job)
    assert [name for name, _ in told] == ["status"] * (len(told) - 1) + ["done"]
    last = told[-1][1]
    assert (last["job"], last["state"], last["outcomes"]["stored"]) == (job, "done", 150)
    stored = [document["outcomes"]["stored"] for _, document in told]
    assert stored == sorted(stored)
    assert events(mill, job) == [("done", last)]
