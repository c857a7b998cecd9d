"""`feedmill run` as a process: what it stores, prints and leaves behind, however it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from waiting import until

#: nothing here takes longer, even on a machine that has much else to do (s)
PATIENCE = 100.0

pytestmark = pytest.mark.timeout(300)

STORY = """SPORT
Harbour team wins the cup after a long night

PORTSMOUTH, March 1 (Wire) - The harbour team won the cup on Sunday after a night of rain that
had flooded half of the ground, and the captain said that nobody would forget it soon.

The other side had led until the last ten minutes, when two goals came within ninety seconds of
each other. {ending}

Thousands of people waited at the station for the train that brought the players home, and the
mayor promised a new stand for the ground, which is to be paid for by the city and the club.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    for number, ending in enumerate(("It was their first cup.", "The referee was thanked.")):
        (made / f"story {number}.txt").write_text(STORY.format(ending=ending))
    return made


class Runs:
    """Starts commands on one data folder and ends what is left of them."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *args: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "workers.cli", *map(str, args)]
        # The folder is in the environment of every process that comes of it: so they are found.
        env = os.environ | {"FEEDMILL_DATA_DIR": str(self.data)}
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=env)
        self.started.append(process)
        return process

    def __call__(self, *args: object) -> tuple[int, str, str]:
        process = self.start(*args)
        stdout, stderr = process.communicate(timeout=PATIENCE)
        return process.returncode, stdout, stderr

    def json(self, *args: object) -> dict[str, object]:
        _, stdout, stderr = self(*args, "--json")
        assert stdout, stderr
        return json.loads(stdout)

    def processes(self) -> list[int]:
        """Live processes with our folder in their environment, other than these tests."""
        wanted = f"FEEDMILL_DATA_DIR={self.data}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                alive = b"\nState:\tZ" not in (process / "status").read_bytes()
                if alive and wanted in (process / "environ").read_bytes().split(b"\0"):
                    found.append(int(process.name))
            except OSError:
                continue  # it ended while it was looked at
        return found

    def held_up(self) -> subprocess.Popen[str]:
        """A run with everything started, which waits for its standard input to end."""
        process = self.start("run", "-")
        until(lambda: process.poll() is not None or len(self.processes()) >= 6, "all run", patience=PATIENCE)
        until((self.data / "feedmill.db").exists, "the database is there")
        assert process.poll() is None
        return process


@pytest.fixture
def feedmill(tmp_path: Path) -> Iterator[Runs]:
    runs = Runs(tmp_path / "data")
    yield runs
    for process in runs.started:
        process.kill()
        process.communicate()


def outcomes(document: dict[str, object]) -> dict[str, int]:
    return {name: number for name, number in document["outcomes"].items() if number}  # type: ignore[attr-defined]


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def test_a_folder_is_stored_and_the_second_time_unchanged(feedmill: Runs, folder: Path) -> None:
    code, stdout, stderr = feedmill("run", folder)
    assert code == 0, stderr
    assert stdout.count("Harbour team wins the cup") == 2
    assert "2 items in" in stdout
    assert "2 stored" in stdout
    assert str(feedmill.data / "feedmill.db") in stdout

    again = feedmill.json("run", folder)
    assert outcomes(again) == {"unchanged": 2}
    assert (again["state"], again["pending"], again["in_flight"]) == ("done", 0, 0)
    assert feedmill.json("status", again["job"]) == again

    # Read once more, each item begins with its page and passes clean and extract.
    reread = feedmill.json("reprocess", "--all")
    assert outcomes(reread) == {"unchanged": 2}
    stages = [
        step["stage"] for step in feedmill.json("why", str(folder / "story 0.txt"))["items"][0]["trace"]
    ]
    assert stages == ["fetch", "clean", "extract", "store"]


@linux
def test_bad_files_have_coded_outcomes_and_cost_no_other(feedmill: Runs, folder: Path) -> None:
    (folder / "empty.txt").touch()
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    (folder / "new\nline \udcff.txt").symlink_to("gone")
    code, stdout, stderr = feedmill("run", folder, folder / "missing")
    assert code == 1, stderr
    for words in ("skipped (empty)", "skipped (not_text)", "failed (not_found)", "2 stored"):
        assert words in stdout
    assert "new\\nline" in stdout
    assert "feedmill failures" in stderr
    assert feedmill.processes() == []


def test_retries_that_are_due_later_are_not_waited_for(
    feedmill: Runs, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDMILL_ALLOW_ADDRESSES", "127.0.0.1")
    code, stdout, stderr = feedmill("run", folder, "http://127.0.0.1:1/closed.html")
    assert code == 1
    assert "retry due" in stdout
    assert "2 stored" in stdout
    assert "1 item failed for now and will be tried again" in stderr


@linux
def test_an_interrupt_ends_with_130_and_leaves_no_process(feedmill: Runs) -> None:
    process = feedmill.held_up()
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "feedmill up" in stderr
    assert "Traceback" not in stderr
    assert feedmill.processes() == []


@linux
def test_a_killed_run_leaves_no_process_and_the_next_works(feedmill: Runs, folder: Path) -> None:
    process = feedmill.held_up()
    process.kill()
    process.communicate()
    until(lambda: feedmill.processes() == [], "its children are gone", patience=PATIENCE)
    code, stdout, stderr = feedmill("run", folder)
    assert code == 0, stderr
    assert "2 stored" in stdout


@linux
def test_a_folder_in_use_is_refused_but_takes_work(feedmill: Runs, folder: Path) -> None:
    first = feedmill.held_up()
    code, stdout, stderr = feedmill("run", folder)
    assert (code, stdout) == (2, "")
    assert str(first.pid) in stderr
    assert "feedmill enqueue" in stderr

    code, stdout, stderr = feedmill("enqueue", folder, "--wait")
    assert code == 0, stderr
    assert outcomes(feedmill.json("status", stdout.strip())) == {"stored": 2}
    assert feedmill.json("doctor")["ok"] is True

    stdout, stderr = first.communicate(STORY.format(ending="So it was."), timeout=PATIENCE)
    assert first.returncode == 0, stderr
    assert "1 stored" in stdout
