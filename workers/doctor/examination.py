"""One examination: on its own thread, within its time, with whatever it raises as a finding."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.errors import PipelineError
from workers.finding import LEFT_BEHIND, Finding


@dataclass
class Examination:
    """What is examined, and what is said when that cannot be done."""

    name: str
    look: Callable[[], Iterable[Finding]]
    #: longest time, in seconds
    patience: float
    #: what to do when it cannot be examined, and by fragments of what is said then
    cure: str = ""
    cures: Mapping[str, str] = field(default_factory=dict)
    #: examinations of what this one needs: what fails for want of those is said by them alone
    needs: tuple[str, ...] = ()
    #: running out of time is no problem in itself: there was only too much to look at
    may_be_long: bool = False
    findings: list[Finding] = field(default_factory=list)
    #: why it came to no end; None: it did, or has not yet
    failure: Finding | None = None

    def run(self) -> None:
        """Look, and keep what was found until then also where it fails."""
        try:
            for one in self.look():
                self.findings.append(one)
        except PipelineError as error:
            cure = next((cure for said, cure in self.cures.items() if said in error.message), self.cure)
            self.failure = Finding(self.name, False, error.message, cure)
        except Exception as error:  # noqa: BLE001 - doctor is asked when things broke as nobody foresaw
            told = f"this could not be examined: {type(error).__name__}: {error}"
            self.failure = Finding(self.name, False, told, "Report it, with what `feedmill doctor` says.")

    def give_up(self) -> None:
        """Its time is over."""
        if self.may_be_long:
            told = f"not done within {self.patience:g} s: there is much to look at, or the machine is busy"
            self.failure = Finding(self.name, True, told, warning=True)
        else:
            self.failure = Finding(self.name, False, f"no answer within {self.patience:g} s", self.cure)


def run_all(examinations: Sequence[Examination]) -> list[Finding]:
    """Run them at once and wait for each as long as it may take. One that is not done by then is left
    behind on its thread, which ends with the process."""
    begun = time.monotonic()
    threads = [
        threading.Thread(target=one.run, name=LEFT_BEHIND + one.name, daemon=True) for one in examinations
    ]
    for thread in threads:
        thread.start()
    found: list[Finding] = []
    failed: set[str] = set()
    for one, thread in zip(examinations, threads, strict=True):
        # What fails for want of another is not waited for.
        patience = one.patience if failed.isdisjoint(one.needs) else 0.0
        thread.join(max(0.0, begun + patience - time.monotonic()))
        if thread.is_alive():
            one.give_up()
        found += list(one.findings)
        if one.failure and failed.isdisjoint(one.needs):
            found.append(one.failure)
        if one.failure:
            failed.add(one.name)
    return found


__all__ = ["Examination", "run_all"]
