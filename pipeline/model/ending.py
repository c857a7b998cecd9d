"""How items end, what happened on the way, and the counts of it."""

from __future__ import annotations

from typing import Literal

from pipeline.model.article import Article
from pipeline.model.flow import OUTCOMES, Outcome
from pipeline.model.value import Problem, Value


class Step(Value, frozen=True, kw_only=True):
    """One line of a trace: one attempt of one stage at one item."""

    stage: str
    #: Unix seconds at the start, and how long it took
    at: float
    seconds: float
    worker: str
    #: ``ok``, an outcome, or a code
    result: str
    #: how many times a worker vanished with this item in this stage before
    lost: int = 0
    message: str | None = None
    #: 0 to 1, of `clean`: how sure its cut is, or, where it found no article, how sure it is that there
    #: is one after all; None for other stages, and where no cut was tried
    confidence: float | None = None


class Ending(Value, frozen=True, kw_only=True):
    """What the stages found for one item: what the store stage writes, in one transaction."""

    item: int
    #: exactly one of the three is set: an article, `unchanged`, or a problem
    article: Article | None = None
    unchanged: bool = False
    problem: Problem | None = None
    #: with a problem: whether it is an ending without fault (`skipped`) or a failure
    skipped: bool = False
    page_digest: str | None = None
    trace: list[Step] = []


class Finished(Value, frozen=True, kw_only=True):
    """What the store made of an ending. ``outcome`` None: it will be retried at ``due_at``."""

    item: int
    job: str
    outcome: Outcome | None
    article: int | None = None
    due_at: float | None = None
    #: of a failure, also of one that will be retried
    code: str | None = None
    #: of the item: where its page comes from, and how often it has failed
    host: str = ""
    attempts: int = 0


class Counts(Value, frozen=True, kw_only=True, omit_defaults=False):
    """How many items ended how."""

    stored: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return sum(getattr(self, name) for name in OUTCOMES)


class JobStatus(Value, frozen=True, kw_only=True, omit_defaults=False):
    """One job as the database knows it. `items = pending + in_flight + outcomes.total`."""

    job: str
    state: Literal["running", "done", "cancelled"]
    items: int
    pending: int
    in_flight: int
    outcomes: Counts
    sources: list[str]
    created_at: float
    finished_at: float | None = None
    #: when a person cancelled it; `running` still: what of it waits is being ended
    cancelled_at: float | None = None
