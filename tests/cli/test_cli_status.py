import re

import pytest
from cli_place import article, failed_item, finish, new_item, open_job

from pipeline.model import Ending, Problem

NO_STAGES = {stage: {"waiting": 0, "running": 0} for stage in ("fetch", "clean", "extract", "store")}


def outcomes(**counts):
    names = ("stored", "updated", "unchanged", "duplicate", "skipped", "failed")
    return dict.fromkeys(names, 0) | counts


@pytest.fixture
def half_done(place):
    """A job of five: one stored, one failed, one skipped, one in flight, one pending (a retry)."""
    store = place.store()
    names = [new_item(name) for name in ("a.txt", "b.txt", "c.txt")]
    problem = Problem(code="not_text", message="A picture.")
    job = open_job(store, [*names, failed_item("d.txt"), new_item("e.png", problem=problem)])
    passing = Problem(code="connect", message="No connection.", retry_helps=True)
    finish(store, {"a.txt": article(), "b.txt": Ending(item=0, problem=passing)})
    store.close()
    return job


def test_a_job_is_one_json_document(place, half_done):
    assert place.json("status", half_done) == {
        "job": half_done,
        "state": "running",
        "items": 5,
        "stages": NO_STAGES,
        "outcomes": outcomes(stored=1, failed=1, skipped=1),
        "retries": [],
        "pending": 1,
        "in_flight": 1,
        "created_at": "1970-01-01T00:16:40.000+00:00",
        "finished_at": None,
        "cancelled_at": None,
    }


def test_all_jobs_are_listed_newest_first_with_the_totals(place, half_done):
    store = place.store()
    newer = open_job(store, [failed_item("x.txt")], now=2_000.0)
    store.end_jobs(2_001.0)
    store.close()
    document = place.json("status")
    assert [one["job"] for one in document["jobs"]] == [newer, half_done]
    assert document["jobs"][0]["state"] == "done"
    assert document["jobs"][0]["finished_at"] == "1970-01-01T00:33:21.000+00:00"
    assert document["totals"] == {
        "items": 6,
        "stages": NO_STAGES,
        "outcomes": outcomes(stored=1, failed=2, skipped=1),
        "retries": [],
        "pending": 1,
        "in_flight": 1,
    }


def test_people_see_that_the_counts_add_up(place, half_done):
    equation = (
        "5 items = 1 pending + 1 in flight + 1 stored + 0 updated + 0 unchanged + 0 duplicate"
        " + 1 skipped + 1 failed"
    )
    assert equation in place.feedmill("status", half_done).stdout
    assert equation in place.feedmill("status").stdout


def test_an_unknown_job_is_refused_and_the_newest_are_named(place, half_done):
    result = place.feedmill("status", "nosuchjob")
    assert result.exit_code == 2
    assert "nosuchjob" in result.stderr
    assert half_done in result.stderr
    assert result.stdout == ""


def test_watching_a_job_that_is_done_ends_at_once(place):
    store = place.store()
    job = open_job(store, [failed_item("x.txt")])
    store.end_jobs(1_001.0)
    store.close()
    result = place.feedmill("status", job, "--watch")
    assert result.exit_code == 0
    assert "1 failed" in result.stderr
    assert place.feedmill("status", "--watch").exit_code == 0


def test_a_folder_with_nothing_in_it_is_not_made_by_looking(place):
    result = place.feedmill("status")
    assert result.exit_code == 2
    assert str(place.folder) in result.stderr
    assert "feedmill run" in result.stderr
    assert not place.folder.exists()


def test_the_data_folder_may_be_named_after_the_command_too(place, half_done, tmp_path):
    from click.testing import CliRunner

    from workers.cli import cli

    args = ["--data-dir", str(tmp_path / "elsewhere"), "status", "--data-dir", str(place.folder), half_done]
    assert CliRunner().invoke(cli, args).exit_code == 0


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_a_narrow_terminal_shows_how_jobs_ended_too(place, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    store = place.store()
    job = open_job(store, [new_item("a"), failed_item("b")])
    finish(store, {"a": article()})
    store.close()
    told = place.feedmill("status").stdout
    row = told[told.index(job) :].partition("\n\n")[0]
    assert re.sub(r"\s+", " ", row).strip().endswith("1 stored, 1 failed")
    assert ("created" in told) is (width >= 90)
