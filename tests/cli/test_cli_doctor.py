import socket
import sqlite3
import subprocess
import sys

from cli_place import failed_item, open_job


def findings(place, *args):
    result = place.feedmill("doctor", *args)
    return result.exit_code, result.stdout


def test_an_empty_place_is_well_and_stays_empty(place):
    code, stdout = findings(place)
    assert code == 0, stdout
    assert "not made yet" in stdout
    assert not place.folder.exists()


def test_a_used_place_is_well(place):
    store = place.store()
    open_job(store, [failed_item("a.txt")])
    store.close()
    document = place.json("doctor")
    assert document["ok"] is True
    assert {one["name"] for one in document["findings"]} == {"data folder", "database", "counts", "redis"}


def test_a_missing_migration_is_a_problem_with_its_cure(place):
    place.folder.mkdir()
    sqlite3.connect(place.folder / "feedmill.db").close()
    code, stdout = findings(place)
    assert code == 1
    assert "PROBLEM" in stdout
    assert "feedmill migrate" in stdout
    assert place.feedmill("migrate").exit_code == 0
    assert findings(place)[0] == 0


def test_counts_that_differ_from_the_rows_are_a_problem(place):
    store = place.store()
    job = open_job(store, [failed_item("a.txt")])
    store.close()
    with sqlite3.connect(place.folder / "feedmill.db") as connection:
        connection.execute("UPDATE jobs SET failed = 7")
    connection.close()
    code, stdout = findings(place)
    assert code == 1
    assert job in stdout
    assert "DO NOT EQUAL" in place.feedmill("status", job).stdout


def test_an_unreachable_redis_is_a_problem_with_its_cure(place, monkeypatch):
    monkeypatch.setenv("FEEDMILL_REDIS_URL", "redis://127.0.0.1:1/0")
    code, stdout = findings(place)
    assert code == 1
    assert "redis://127.0.0.1:1/0" in stdout


def test_the_worst_comes_first_and_warnings_leave_the_exit_code_0(place, monkeypatch):
    monkeypatch.setenv("FEEDMILL_FETCHSECONDS", "5")
    code, stdout = findings(place)
    assert code == 0
    assert stdout.startswith("warning  settings")
    assert "Perhaps FEEDMILL_FETCH_SECONDS is meant." in stdout
    monkeypatch.setenv("FEEDMILL_REDIS_URL", "redis://:open-sesame@127.0.0.1:1/0")
    code, stdout = findings(place)
    assert code == 1
    assert stdout.startswith("PROBLEM  redis")
    assert "open-sesame" not in stdout
    verdicts = [one[:7] for one in stdout.splitlines() if one[:7].strip()]
    assert verdicts == sorted(verdicts, key=["PROBLEM", "warning", "ok     "].index)


def test_the_log_of_the_embedded_workers_is_named(place):
    place.store().close()
    (place.folder / "worker.log").write_text("a line\n")
    assert str(place.folder / "worker.log") in findings(place)[1]


def test_a_server_that_never_answers_holds_up_neither_the_findings_nor_the_end(place, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setenv("FEEDMILL_REDIS_URL", f"redis://127.0.0.1:{port}/0")
        monkeypatch.setenv("FEEDMILL_DATABASE_URL", f"postgresql://u:open-sesame@127.0.0.1:{port}/x")
        ended = subprocess.run(
            [sys.executable, "-m", "workers.cli", "doctor"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1, ended.stderr
    assert ended.stdout.count("no answer within") == 2
    assert "open-sesame" not in ended.stdout + ended.stderr
