"""The fault campaign, short: one round of a fixed seed, several faults at once, real processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.chaos import laws
from benchmarks.chaos.campaign import Campaign, calm_run
from benchmarks.chaos.plan import Planned

#: two deployments one after the other, with recoveries, beside other tests (s)
pytestmark = pytest.mark.timeout(300)

FAULTS = [
    Planned(1.0, "messages doubled, invented and reordered", 0.0, 1),
    Planned(1.5, "pool process killed", 0.0, 2),
    Planned(2.0, "ticking scheduler killed", 0.0, 3),
    Planned(2.2, "Redis connections cut", 0.0, 4),
    Planned(2.5, "worker killed", 0.0, 5),
    Planned(3.0, "Redis killed", 1.0, 6),
    Planned(3.2, "Redis flushed", 0.0, 7),
]


def test_faults_at_once_cost_nothing_and_double_nothing(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path / "campaign", "sqlite")
    try:
        with campaign:
            assert campaign.round(FAULTS) is not None, "it became quiet"
            found = campaign.finish(calm_run)
    finally:
        campaign.mill.remove(keep=False)
    assert len(found.articles) > 10
    broken = laws.broken(found)
    broken.pop(laws.recovery_is_quick.__name__, None)  # how long that takes here is chance
    assert broken == {}
