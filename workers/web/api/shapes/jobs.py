"""Jobs and the state of everything."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workers.web.api.shapes import Code, Moment, Next, Shape

Count = Annotated[int, Field(ge=0)]


class Depth(Shape):
    """What is in one stage."""

    waiting: Count
    running: Count


class Depths(Shape):
    """Where the items in flight are; all zero while Redis cannot be asked."""

    fetch: Depth
    clean: Depth
    extract: Depth
    store: Depth


class Outcomes(Shape):
    """How many items ended how."""

    stored: Count
    updated: Count
    unchanged: Count
    duplicate: Count
    skipped: Count
    failed: Count


class Waiting(Shape):
    """Items that failed with one code, and are tried again by themselves."""

    code: Code
    count: Count
    next_at: Moment = Field(description="When the first of them is due.")
    example_item: int
    message: str


class JobLine(Shape):
    """A job: items = pending + in_flight + the sum of the outcomes."""

    job: str
    state: Literal["running", "done", "cancelled"]
    items: Count
    stages: Depths
    outcomes: Outcomes
    pending: int
    in_flight: Count
    created_at: Moment
    finished_at: Moment | None
    cancelled_at: Moment | None = Field(
        description="When a person cancelled it. While it is `running`, what of it waits is being ended."
    )


class Job(JobLine):
    """A job, with what of it waits to be tried again."""

    retries: list[Waiting]


class Totals(Shape):
    """The same counts over all jobs there are."""

    items: Count
    stages: Depths
    outcomes: Outcomes
    pending: int
    in_flight: Count
    retries: list[Waiting]


class Overview(Shape):
    """Jobs, the newest first, and the counts over all jobs."""

    held_back: str | None = Field(description="Why nothing is taken up although something is pending.")
    jobs: list[JobLine]
    totals: Totals


class Jobs(Overview):
    """One page of the jobs, and the counts over all of them."""

    next: Next


class StagePulse(Shape):
    """How one stage goes."""

    waiting: Count
    running: Count
    rate: float | None = Field(description="Items (feeds, for poll) a second, lately; null: not known.")
    oldest_seconds: float | None = Field(description="How long the oldest has been there; null: empty.")
    seconds_left: float | None = Field(description="Until it is empty, at this rate; null: not known.")


class StagePulses(Shape):
    """The stages, and the polls of feeds before them."""

    poll: StagePulse
    fetch: StagePulse
    clean: StagePulse
    extract: StagePulse
    store: StagePulse


class Pulse(Shape):
    """How the stages go."""

    at: float = Field(description="Unix seconds.")
    stages: StagePulses
    rate: float | None = Field(description="Items that ended a second, lately; null: not known.")
    seconds_left: float | None = Field(description="Until every item has ended; null: not known.")


class Status(Overview):
    """Everything at once."""

    pulse: Pulse | None = Field(description="Null while Redis cannot be asked.")


class Accepted(Shape):
    """What was accepted. Every item has its row by now."""

    job: str = Field(examples=["0tz7w8k3m9q2c"])
    items: Count


__all__ = ["Accepted", "Job", "JobLine", "Jobs", "Overview", "Status", "Totals", "Waiting"]
