"""What a running deployment logs: each line an object, and what failed with all that it is about."""

from __future__ import annotations

import json
from collections.abc import Callable

from mill import Mill


def test_a_failure_is_one_line_with_item_job_stage_host_and_code(start: Callable[..., Mill]) -> None:
    mill = start(log_format="json", allow_addresses="")
    job = mill.enqueue("http://127.0.0.1:9/secret?token=open-sesame")
    mill.finish(job)
    log = mill.deployment.settings.data_dir / "worker.log"
    mill.until(lambda: "failed" in log.read_text(), "the failure is logged")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    (failed,) = [line for line in lines if line.get("outcome") == "failed"]
    (item,) = mill.deployment.store.items(job=job)
    assert failed["level"] == "WARNING"
    assert (failed["item"], failed["job"], failed["stage"]) == (item.id, job, "fetch")
    assert (failed["host"], failed["code"], failed["attempt"]) == ("127.0.0.1:9", "address", 1)
    assert set(failed["stages"]) == {"fetch", "store"}
    assert "is not a public address" in failed["message"]
    assert "open-sesame" not in log.read_text()
