"""Status says why nothing is taken up, when Redis has no room for pages."""

from __future__ import annotations

import time
from dataclasses import replace

from pipeline.model import NewItem
from pipeline.store import Store
from workers.stages import Stages
from workers.status import overview_document


def test_status_says_why_nothing_is_taken_up(stages: Stages, store: Store) -> None:
    assert overview_document(store, stages)["held_back"] is None
    full = Stages(replace(stages.settings, redis_high_water=1))
    # With nothing to take up, nothing is held back.
    assert overview_document(store, full)["held_back"] is None
    now = time.time()
    job = store.open_job(["x"], now, now + 60)
    store.accept(job, [NewItem(key="file:///x", name="x", source="x", content=b"x")], now)
    assert overview_document(store, stages)["held_back"] is None
    assert "FEEDMILL_REDIS_HIGH_WATER" in str(overview_document(store, full)["held_back"])
    full.close()
