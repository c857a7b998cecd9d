"""What `/metrics` tells of a deployment that has worked."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from mill import Mill, write_stories
from prometheus_client.parser import text_string_to_metric_families

from pipeline.model import STAGES
from workers.web.backend import Backend
from workers.web.metrics import exposition

README = Path(__file__).parents[2] / "docs" / "monitoring" / "README.md"


def test_metrics_tell_what_was_done_and_all_are_documented(
    start: Callable[..., Mill], tmp_path: Path
) -> None:
    mill = start()
    mill.run(write_stories(tmp_path / "in", 12))
    backend = Backend(mill.deployment.store, mill.deployment.settings)

    def told() -> dict[str, float]:
        families = text_string_to_metric_families(exposition(backend).decode())
        samples = [one for family in families for one in family.samples]
        return {" ".join([one.name, *one.labels.values()]): one.value for one in samples}

    # A pump tells its counts when it ends, a moment after the last row.
    mill.until(
        lambda: all(told()[f"feedmill_stage_duration_seconds_count {stage}"] == 12 for stage in STAGES),
        "each stage has told of each item",
    )
    found = told()
    assert found["feedmill_items_ended_total stored"] == 12
    assert all(found[f"feedmill_stage_items_total {stage}"] == 12 for stage in STAGES)
    assert found["feedmill_scheduler_up"] == 1
    families = set(re.findall(r"^# TYPE (\S+)", exposition(backend).decode(), re.MULTILINE))
    assert families == set(re.findall(r"`(feedmill_[a-z_]+)`", README.read_text()))
    backend.close()
