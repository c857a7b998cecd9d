"""What becomes of items whose process dies: on a real Redis, with real processes that end at once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipeline.settings import Settings
from workers import warden as watching
from workers.alarm import OutOfTime, time_limit
from workers.crashes import unpack_crashes
from workers.ledger import MOST_IDS, Ledger, Line
from workers.processes import look_at
from workers.stages import Stages
from workers.warden import Warden


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(4)


@pytest.fixture
def warden(stages: Stages, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Warden:
    monkeypatch.setattr(watching, "SETTLE_SECONDS", 0.0)
    return Warden(stages, ledger, "worker@here")


@pytest.fixture
def busy() -> Iterator[subprocess.Popen[bytes]]:
    """A process that does nothing but use a processor."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    yield process
    process.kill()
    process.wait()


def claimed(stages: Stages, line: Line, *ids: int, stage: str = "clean", token: str = "t") -> None:
    """A pump of the line's process holds these."""
    stages.admit(stage, ids)
    found: list[int] = []
    while len(found) < len(ids):
        found += [one.id for one in stages.claim(stage, len(ids), token)]
    line.hold(stage, token, found)


#: blocks that are never left: closed by the garbage collector, they would say that their work is done
_entered: list[object] = []


def at(line: Line, item: int, limit: float = 10.0) -> None:
    """The process is at this item, and stays there."""
    block = line.at(item, limit)
    block.__enter__()
    _entered.append(block)


def waiting(stages: Stages, stage: str = "clean") -> tuple[list[int], list[int]]:
    """Ids in the queue, and suspects."""
    queue, solo = (stages.redis.lrange(stages.key(name, stage), 0, -1) for name in ("q", "solo"))
    return sorted(map(int, queue)), sorted(map(int, solo))


def die(warden: Warden, exit_code: int, index: int = 0) -> None:
    warden.ended(index, 1000 + index, exit_code)


def test_the_others_go_on_and_the_one_is_a_suspect(stages: Stages, ledger: Ledger, warden: Warden) -> None:
    line = ledger.line(0, 1000)
    claimed(stages, line, 1, 2, 3)
    at(line, 2)
    die(warden, -signal.SIGSEGV)
    warden.look()
    assert waiting(stages) == ([1, 3], [2])
    (crash,) = unpack_crashes(stages.seen("clean", 2))
    assert "SIGSEGV" in crash.how
    assert crash.worker == "worker@here"


def test_after_so_many_deaths_alone_it_is_dead(stages: Stages, ledger: Ledger, warden: Warden) -> None:
    for _ in range(1 + stages.settings.max_crashes):
        line = ledger.line(0, 1000)
        claimed(stages, line, 1)
        at(line, 1)
        die(warden, 3)
        warden.look()
    assert stages.dead() == [("clean", 1)]


@pytest.mark.parametrize("exit_code", [0, 0x9B])
def test_a_process_that_ends_in_peace_leaves_nothing_to_do(
    stages: Stages, ledger: Ledger, warden: Warden, exit_code: int
) -> None:
    claimed(stages, ledger.line(0, 1000), 1)
    die(warden, exit_code)
    warden.look()
    assert waiting(stages) == ([], [])


def crashes_of(stages: Stages, item: int) -> int:
    return int(stages.redis.hget(stages.key("crash", "clean"), str(item)) or 0)


def _two_alone_at_work(stages: Stages, ledger: Ledger) -> None:
    """Processes 0 and 1 are at items 1 and 2, which each are tried alone."""
    for index, item in ((0, 1), (1, 2)):
        line = ledger.line(index, 1000 + index)
        claimed(stages, line, item, token=str(index))
        stages.redis.sadd(stages.key("alone", "clean"), item)
        at(line, item)


def test_processes_that_are_killed_together_are_held_against_no_one(
    stages: Stages, ledger: Ledger, warden: Warden
) -> None:
    _two_alone_at_work(stages, ledger)
    for index in (0, 1):
        die(warden, -signal.SIGKILL, index)
    warden.look()
    assert [crashes_of(stages, item) for item in (1, 2)] == [1, 1]


def test_what_breaks_by_itself_is_held_against_its_item_whoever_dies_with_it(
    stages: Stages, ledger: Ledger, warden: Warden
) -> None:
    _two_alone_at_work(stages, ledger)
    die(warden, -signal.SIGSEGV, 0)
    die(warden, -signal.SIGKILL, 1)
    warden.look()
    assert crashes_of(stages, 1) == 3


def test_a_worker_that_stops_hands_back_unharmed(stages: Stages, ledger: Ledger) -> None:
    warden = Warden(stages, ledger, "w", stopping=lambda: True)
    line = ledger.line(0, 1000)
    claimed(stages, line, 1, 2)
    at(line, 1)
    warden.ended(0, 1000, -signal.SIGKILL)
    ends = time.monotonic() + 60
    while waiting(stages) != ([1, 2], []):
        assert time.monotonic() < ends
        warden.look()
    assert stages.redis.exists(stages.key("lost", "clean")) == 0


def test_what_is_known_of_a_death_waits_for_a_redis_that_is_away(
    stages: Stages, ledger: Ledger, warden: Warden
) -> None:
    line = ledger.line(0, 1000)
    claimed(stages, line, 1)
    at(line, 1)
    die(warden, -signal.SIGSEGV)
    away, warden.stages = warden.stages, type(stages)(_nowhere(stages))
    warden.look()
    warden.stages = away
    warden.look()
    assert waiting(stages) == ([], [1])


def _nowhere(stages: Stages) -> Settings:
    return replace(stages.settings, redis_url="redis://127.0.0.1:1/0")


def test_a_process_that_hangs_is_killed_and_its_item_is_dead_at_once(
    stages: Stages,
    ledger: Ledger,
    warden: Warden,
    busy: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "GRACE_SECONDS", 0.0)
    monkeypatch.setattr(watching, "PATIENCE_SECONDS", 0.1)
    line = ledger.line(0, busy.pid)
    claimed(stages, line, 1, 2)
    at(line, 1, limit=0.4)
    # The line is written here, but the process that is watched has used no CPU yet.
    _set_cpu(line, 0.0)
    ends = time.monotonic() + 60
    while busy.poll() is None:
        assert time.monotonic() < ends, "it was not killed"
        warden.look()
        time.sleep(0.02)
    assert waiting(stages) == ([2], []), "its mate went on before"
    warden.ended(0, busy.pid, busy.returncode)
    warden.look()
    assert stages.dead() == [("clean", 1)]
    (crash,) = unpack_crashes(stages.seen("clean", 1))
    assert crash.hung


def _set_cpu(line: Line, cpu: float) -> None:
    """The CPU seconds that the watched process had used when it began its item."""
    line._cpu = cpu
    line._write()


def test_a_line_says_what_was_noted_last(ledger: Ledger) -> None:
    line = ledger.line(2, 77)
    line.hold("clean", "token", range(1, 2000))
    with line.at(5, 1.5):
        note = ledger.read(2)
        assert note is not None
        assert (note.pid, note.stage, note.token, note.item, note.limit) == (77, "clean", "token", 5, 1.5)
        assert note.held == tuple(range(1, MOST_IDS + 1))
    after = ledger.read(2)
    assert after is not None
    assert after.item is None
    ledger.clear(2)
    assert ledger.read(2) is None
    assert ledger.read(0) is None


def test_a_process_beyond_the_ledger_is_not_noted(ledger: Ledger) -> None:
    line = ledger.line(99, 77)
    line.hold("clean", "t", [1])
    assert ledger.read(99) is None


def test_a_process_is_seen_with_its_memory_and_cpu(busy: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 60
    while (sight := look_at(busy.pid)) is None or not sight.cpu:
        assert time.monotonic() < ends
    assert sight.memory > 1_000_000
    assert not sight.stopped
    busy.send_signal(signal.SIGSTOP)
    while (sight := look_at(busy.pid, sight)) is None or not sight.stopped:
        assert time.monotonic() < ends


def test_work_that_only_waits_has_thrice_the_time_and_says_so() -> None:
    began = time.monotonic()
    with pytest.raises(OutOfTime) as caught, time_limit(0.1):
        time.sleep(30)
    assert caught.value.waited
    assert time.monotonic() - began >= 0.3
