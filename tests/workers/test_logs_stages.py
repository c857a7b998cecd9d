"""What is said while a stage is at an item, by whomever, has the item's fields."""

from __future__ import annotations

import json
import logging

import pytest

from pipeline.settings import Settings
from workers import logs
from workers.pump import Process
from workers.stages import Claimed, Done
from workers.work.attempt import each


def test_lines_of_libraries_and_of_bugs_have_the_item_they_were_met_at(
    settings: Settings, logs_as_they_were: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(Settings(log_format="json"), "worker")

    def work(claimed: Claimed, started: float) -> Done:
        logs.note(job="k3", url="https://a.example/x")
        logging.getLogger("a.library").warning("odd markup")
        if claimed.id == 2:
            raise ZeroDivisionError("a bug")
        return Done(claimed.id)

    def pump() -> None:
        with logs.about(stage="clean"):
            list(each(Process(settings), "clean", [Claimed(1, 0, b"a"), Claimed(2, 0, b"b")], work))

    pump()
    logging.getLogger("a.library").warning("after it")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    about = [
        (one["logger"].split(".")[-1], *(one.get(name) for name in ("stage", "item", "job"))) for one in lines
    ]
    assert about == [
        ("library", "clean", 1, "k3"),
        ("library", "clean", 2, "k3"),
        ("attempt", "clean", 2, "k3"),
        ("library", None, None, None),
    ]
    assert {one.get("host") for one in lines[:3]} == {"a.example"}
    assert "ZeroDivisionError: a bug" in lines[2]["exception"]
