"""Dead letters in groups, and what becomes of failures."""

from __future__ import annotations

from pydantic import Field

from workers.web.api.shapes import Code, Moment, Next, Shape
from workers.web.api.shapes.jobs import Waiting


class Order(Shape):
    """The body of `POST /api/retry` that tries a group again."""

    code: Code
    stage: str
    host: str


class Group(Shape):
    """Dead letters of one cause, in one stage, at one host."""

    code: Code
    stage: str = Field(description="Empty: not known.")
    host: str = Field(description="Empty: at none.")
    count: int
    first_at: Moment
    last_at: Moment
    example_item: int = Field(description="The newest of them.")
    example_name: str
    message: str
    can_retry: bool
    advice: str | None
    policy: str = Field(description="What is done by itself about the code.")
    retry: Order | None
    command: str | None = Field(description="The command that tries the group again.")


class Failures(Shape):
    """One page of the groups, the largest first, and what waits to be tried again by itself."""

    failures: list[Group]
    count: int = Field(description="Dead letters in all groups, also of other pages.")
    groups: int
    waiting: list[Waiting]
    next: Next


class Policy(Shape):
    """What is done by itself about failures with one code."""

    code: Code
    retried: bool
    attempts: int
    waits: list[float] = Field(description="Seconds before each retry.")
    always: bool
    set: bool = Field(description="By FEEDMILL_RETRY.")
    words: str


class Policies(Shape):
    """The retry policy, a line for each code."""

    policy: list[Policy]


class Retried(Shape):
    """What came of it."""

    retried: int = Field(description="Items that are tried again.")
    matching: int = Field(description="Items that met the order, also those of a dry run.")


__all__ = ["Failures", "Policies", "Retried"]
