"""What was seen of a process that died at an item, and what that makes of the item."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pipeline.model import Problem, Step, Value
from workers.wording import span


class Crash(Value, frozen=True, kw_only=True):
    """One death of a process at one item."""

    #: Unix seconds of the death, and how long the process had been at the item
    at: float
    seconds: float
    worker: str
    #: "was killed by signal 11 (SIGSEGV)"
    how: str
    #: whether its worker killed it, because the item had had its time and no alarm was heard
    hung: bool = False
    #: whether it was not busy with it: it waited for something, and may fare better later
    waited: bool = False
    #: seconds that the item might take
    limit: float = 0.0
    #: most resident memory that was seen, in bytes; 0: the process lived too short to be looked at
    memory: int = 0

    def words(self) -> str:
        """For people, as the end of a sentence about the process."""
        size = f", with {self.memory / 1e6:,.0f} MB of memory" if self.memory else ""
        if self.hung:
            what = "waited" if self.waited else "went on"
            return f"was killed because it {what} for {span(self.seconds)}, beyond {self.limit:g} s{size}"
        return f"{self.how} after {span(self.seconds)}{size}"


def pack_crash(crash: Crash) -> bytes:
    """One line of JSON."""
    return msgspec.json.encode(crash)


def unpack_crashes(lines: Sequence[bytes]) -> list[Crash]:
    """Those that can be read: a line may have been cut, or written by another version."""
    found = []
    for line in lines:
        try:
            found.append(msgspec.json.decode(line, type=Crash))
        except msgspec.DecodeError:
            continue
    return found


def problem_of(stage: str, crashes: Sequence[Crash]) -> Problem:
    """Why an item that is dead ends, or a feed's poll failed."""
    if not crashes:
        message = f"Again and again a whole worker vanished while {stage} was at it alone."
        return Problem(code="crashed", message=message)
    last = crashes[-1]
    if last.hung:
        told = f"Its process in {stage} {last.words()}."
        return Problem(code="timeout", message=told, retry_helps=last.waited)
    if len(crashes) == 1:
        return Problem(code="crashed", message=f"Its process in {stage} {last.words()}.")
    message = f"It cost {len(crashes)} processes in {stage}: the last one {last.words()}, in {last.worker}."
    return Problem(code="crashed", message=message)


def steps_of(stage: str, crashes: Sequence[Crash], now: float, worker: str) -> list[Step]:
    """The lines of its trace: one for each death that was seen, or one that says that none was."""
    if not crashes:
        told = "Its leases ended again and again: each time the whole worker was gone."
        return [Step(stage=stage, at=now, seconds=0.0, worker=worker, result="crashed", message=told)]
    return [
        Step(
            stage=stage,
            at=one.at - one.seconds,
            seconds=one.seconds,
            worker=one.worker,
            result="timeout" if one.hung else "crashed",
            lost=n,
            message=f"The process {one.words()}.",
        )
        for n, one in enumerate(crashes)
    ]


__all__ = ["Crash", "pack_crash", "problem_of", "steps_of", "unpack_crashes"]
