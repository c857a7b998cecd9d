"""The state of everything in one document."""

from __future__ import annotations

from collections.abc import Callable

from web_site import Site, new_item

from pipeline.model import STAGES
from workers.stages import Stages


def test_the_status_is_the_overview_with_the_pulse(open_site: Callable[..., Site], redis_url: str) -> None:
    site = open_site(redis_url=redis_url, redis_prefix="status")
    job = site.job([new_item("a"), new_item("b"), new_item("c")])
    stages = Stages(site.settings)
    stages.admit("fetch", site.store.admit(2, 1_001.0))
    stages.claim("fetch", 1, "t")
    told = site.api.get("/api/status").json()
    assert told["jobs"][0]["job"] == job
    assert (told["totals"]["items"], told["totals"]["in_flight"], told["totals"]["pending"]) == (3, 2, 1)
    assert set(told["pulse"]["stages"]) == {"poll", *STAGES}
    fetch = told["pulse"]["stages"]["fetch"]
    assert (fetch["waiting"], fetch["running"], fetch["rate"], fetch["seconds_left"]) == (1, 1, None, None)
    assert fetch["oldest_seconds"] >= 0
    assert told["pulse"]["stages"]["clean"]["oldest_seconds"] is None
    stages.close()


def test_without_redis_the_status_has_no_pulse(site: Site) -> None:
    site.job([new_item("a")])
    told = site.api.get("/api/status").json()
    assert told["pulse"] is None
    assert told["totals"]["items"] == 1
