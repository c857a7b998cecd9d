"""The warden of a worker: what becomes of the items of a pool process that dies or hangs.

Runs in the worker's main process, from its event loop, and reads the ledger. A death costs the
other items of the batch a moment: they go back to their queue at once. The item at which the
process was travels alone from then on, and only deaths while it does are held against it.

What is not held against it: a death when the worker is stopping, and, but for a third of it, one by
a signal that people and machines send (SIGKILL) when other processes of the worker died with it.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.errors import PipelineError
from pipeline.tally import TALLY
from workers.alarm import BUSY_SHARE, STRETCH
from workers.crashes import Crash, pack_crash
from workers.ledger import Ledger, Note
from workers.processes import Sight, look_at
from workers.stages import DOUBTFUL, SURE, Stages

logger = logging.getLogger(__name__)

#: how often the warden looks (s)
LOOK_SECONDS = 0.25
#: deaths by a killer's signal within this time (s) have one cause, outside
TOGETHER_SECONDS = 1.0
#: a death is judged after this time (s), when those that happened with it are known too
SETTLE_SECONDS = 0.2
#: an item that takes longer (s) holds up no other of its batch
PATIENCE_SECONDS = 2.0
#: beyond an item's time (s), which ends most: what is left hangs in C, where no alarm is heard
GRACE_SECONDS = 2.0

#: exit codes of processes that ended in peace: at their end, recycled (billiard), told to stop
_PEACEFUL = frozenset({0, 0x9B})
_KILLERS = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP})


@dataclass
class _Death:
    note: Note
    exit_code: int | None
    #: `time.monotonic`, and Unix seconds
    at: float
    when: float
    sight: Sight | None
    hung: bool

    @property
    def by_killer(self) -> bool:
        return self.exit_code is not None and -self.exit_code in _KILLERS


@dataclass
class _Watch:
    """One item in one process, as looked at again and again."""

    item: int
    began: float
    #: seconds that passed while the warden looked: none of those in which it was stopped itself
    passed: float = 0.0
    looked: float = field(default_factory=time.monotonic)
    sight: Sight | None = None
    alone: bool = False
    hung: bool = False
    renewed: float = 0.0


class Warden:
    """Sees to the processes of one worker.

    ``name``: what the worker is called in traces. ``stopping`` tells whether it was asked to end.
    """

    def __init__(
        self, stages: Stages, ledger: Ledger, name: str, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self.stages, self.ledger, self.name, self.stopping = stages, ledger, name, stopping
        self._deaths: deque[_Death] = deque()
        #: when processes were killed, and at what
        self._killed: deque[tuple[float, str, int | None]] = deque(maxlen=64)
        self._watches: dict[int, _Watch] = {}

    # -- deaths ---------------------------------------------------------------------------------
    def ended(self, index: int, pid: int, exit_code: int | None) -> None:
        """A process of the pool has ended; to be called before it is replaced. Raises nothing."""
        note, watch = self.ledger.read(index), self._watches.pop(index, None)
        self.ledger.clear(index)
        now = time.monotonic()
        if exit_code in _PEACEFUL:
            return
        watched = (
            watch is not None and note is not None and (watch.item, watch.began) == (note.item, note.began)
        )
        death = _Death(
            note or Note(pid, "", "", None, now, 0.0, 0.0, ()),
            exit_code,
            now,
            time.time(),
            watch.sight if watch and watched else None,
            hung=bool(watch and watched and watch.hung),
        )
        how = "hung" if death.hung else "killed" if death.by_killer else "crashed"
        TALLY.add(f"died:{death.note.stage or 'idle'}:{how}")
        if death.by_killer and not death.hung:
            self._killed.append((now, death.note.stage, death.note.item))
        if death.note.held:
            self._deaths.append(death)

    def busy(self) -> int:
        """How many processes have something in hand."""
        notes = [self.ledger.read(index) for index in range(self.ledger.lines)]
        return sum(note is not None and bool(note.held) for note in notes)

    def look(self) -> None:
        """See to those that died, and to those that hang. Raises nothing; what cannot be done while
        Redis is away is done when it is back."""
        now = time.monotonic()
        try:
            while self._deaths and now - self._deaths[0].at >= SETTLE_SECONDS:
                self._settle(self._deaths[0])
                self._deaths.popleft()
            for index in range(self.ledger.lines):
                self._watch(index, now)
        except PipelineError as error:
            logger.warning("the items of processes that died wait: %s", error)

    def _settle(self, death: _Death) -> None:
        note, item = death.note, death.note.item
        if item is None and len(note.held) == 1:
            item = note.held[0]
        outside = self._came_from_outside(death)
        others = [one for one in note.held if one != item]
        if self.stopping():
            self.stages.release(note.stage, note.held)
            logger.info("%d items of a process that was stopped are handed back", len(note.held))
            return
        weight = self.stages.deadly if death.hung else DOUBTFUL if outside else SURE
        dead, back = self.stages.vanished(
            note.stage,
            note.token,
            item,
            others,
            weight=weight,
            seen=pack_crash(self._seen(death)),
            any_of_them=item is None and not outside,
        )
        self.stages.wake()
        logger.warning(
            "pool process %d %s%s; %s; %d others go on",
            note.pid,
            _how(death.exit_code),
            f" after {death.sight.words()}" if death.sight else "",
            _fate(note.stage, item, dead=dead, outside=outside),
            back,
        )

    def _came_from_outside(self, death: _Death) -> bool:
        if not death.by_killer or death.hung:
            return False
        # The same item may kill one process after the other.
        own = (death.note.stage, death.note.item)
        return any(
            abs(at - death.at) <= TOGETHER_SECONDS and (stage, item) != own
            for at, stage, item in self._killed
        )

    def _seen(self, death: _Death) -> Crash:
        began = death.note.began if death.note.item else death.at
        return Crash(
            at=death.when,
            seconds=round(max(0.0, death.at - began), 3),
            worker=self.name,
            how=_how(death.exit_code),
            hung=death.hung,
            waited=death.sight is not None and not _was_busy(death.note, death.sight),
            limit=death.note.limit,
            memory=death.sight.memory if death.sight else 0,
        )

    # -- what hangs -----------------------------------------------------------------------------
    def _watch(self, index: int, now: float) -> None:
        note = self.ledger.read(index)
        if note is None or note.item is None:
            self._watches.pop(index, None)
            return
        watch = self._watches.get(index)
        if watch is None or (watch.item, watch.began) != (note.item, note.began):
            self._watches[index] = _Watch(note.item, note.began, looked=now)
            return
        # A warden that was stopped for a minute, with all of its worker, counts a moment.
        watch.passed += min(now - watch.looked, 4 * LOOK_SECONDS)
        watch.looked = now
        watch.sight = look_at(note.pid, before=watch.sight)
        if watch.passed > PATIENCE_SECONDS:
            self._hold_up_no_other(note, watch)
            self._renew(note, watch, now)
        if not watch.hung and watch.sight is not None and _hangs(note, watch, watch.sight):
            self._kill(note, watch)

    def _hold_up_no_other(self, note: Note, watch: _Watch) -> None:
        others = [one for one in note.held if one != note.item]
        if watch.alone or not others or note.stage in ("fetch", "poll"):
            return
        watch.alone = True
        if self.stages.release(note.stage, others):
            self.stages.free(note.stage, note.token)
            self.stages.wake()

    def _renew(self, note: Note, watch: _Watch, now: float) -> None:
        """The thread that renews may hang as well: while the item has its time, nobody else shall
        begin it and hang too."""
        if now - watch.renewed > self.stages.lease_ms / 4000:
            watch.renewed = now
            held = [note.item] if watch.alone and note.item is not None else list(note.held)
            self.stages.renew(note.stage, note.token, held)

    def _kill(self, note: Note, watch: _Watch) -> None:
        stopped = watch.sight is not None and watch.sight.stopped
        # A process that somebody stopped is no fault of its item.
        watch.hung = not stopped
        logger.warning(
            "pool process %d is killed: it %s item %s in %s for %.0f s",
            note.pid,
            "was stopped at" if stopped else "hangs at",
            note.item,
            note.stage,
            watch.passed,
        )
        try:
            os.kill(note.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def _hangs(note: Note, watch: _Watch, sight: Sight) -> bool:
    """Whether an item has had its time: of the processor, or, where it got little of that, of the clock."""
    if watch.passed > STRETCH * note.limit + GRACE_SECONDS:
        return True
    return watch.passed > note.limit + GRACE_SECONDS and _was_busy(note, sight)


def _was_busy(note: Note, sight: Sight) -> bool:
    return sight.cpu - note.cpu >= BUSY_SHARE * note.limit


def _how(exit_code: int | None) -> str:
    if exit_code is None:
        return "vanished"
    if exit_code >= 0:
        return f"ended with exit code {exit_code}"
    try:
        return f"was killed by signal {-exit_code} ({signal.Signals(-exit_code).name})"
    except ValueError:
        return f"was killed by signal {-exit_code}"


def _fate(stage: str, item: int | None, *, dead: bool, outside: bool) -> str:
    if item is None:
        return f"at which item of {stage} is not known"
    if dead:
        return f"item {item} in {stage} ends as a dead letter"
    why = ", though others died with it" if outside else ""
    return f"item {item} in {stage} travels alone from now on{why}"


__all__ = ["LOOK_SECONDS", "Warden"]
