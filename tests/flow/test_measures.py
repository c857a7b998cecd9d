"""What `/metrics` tells of a deployment that has worked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mill import Mill, write_stories
from prometheus_client.parser import text_string_to_metric_families

from pipeline.model import STAGES
from workers.web.backend import Backend
from workers.web.metrics import Metrics


def test_metrics_tell_what_was_done_and_who_did_it(start: Callable[..., Mill], tmp_path: Path) -> None:
    mill = start()
    mill.run(write_stories(tmp_path / "in", 12))
    backend = Backend(mill.deployment.store, mill.deployment.settings)
    metrics = Metrics(backend)

    def told() -> dict[str, float]:
        families = text_string_to_metric_families(metrics.exposition()[0].decode())
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
    assert found["feedmill_stage_results_total ok clean"] == 12
    workers = sum(number for name, number in found.items() if name.startswith("feedmill_workers "))
    assert workers >= len(STAGES)
    assert found["feedmill_worker_processes worker"] >= 1
    assert found["feedmill_worker_memory_bytes worker"] > 10e6
    mill.until(
        lambda: told()["feedmill_worker_cpu_seconds_total worker"] > 0, "a heartbeat has told of CPU time"
    )
    backend.close()
