"""Items: lines of a job's list, and the passport of one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from workers.web.api.shapes import Code, Moment, Next, Shape

State = Literal["pending", "in_flight", "done"]
Outcome = Literal["stored", "updated", "unchanged", "duplicate", "skipped", "failed"]
Sureness = Annotated[float | None, Field(description="0 to 1: how sure the cut of its page is.")]


class ItemLine(Shape):
    """One item, as lists show it."""

    id: int
    job: str
    key: str = Field(description="Its identity: a canonical address, a file's, or a digest.")
    name: str
    source: str = Field(description="What was handed in that led to it.")
    url: str | None
    state: State
    outcome: Outcome | None
    code: Code | None = Field(description="Why it was skipped or failed, or failed so far.")
    message: str | None
    stage: str | None = Field(description="Where the last failure happened; read: when it was handed in.")
    article: int | None = Field(description="The article that it became, or repeats.")
    attempts: int
    created_at: Moment
    due_at: Moment | None
    finished_at: Moment | None
    page_digest: str | None = Field(description="SHA-256 of its page, where that is kept.")
    confidence: Sureness
    advice: str | None = Field(description="What can be done about the code.")


class Items(Shape):
    """One page of a job's items, the newest first."""

    items: list[ItemLine]
    next: Next


class Step(Shape):
    """One attempt of one stage at an item."""

    stage: str
    at: Moment
    seconds: float
    worker: str
    result: str = Field(description="`ok`, an outcome, or a code.")
    lost: int = Field(description="How often a worker vanished with it in this stage before.")
    message: str | None
    confidence: Sureness


class Fetched(Shape):
    """How its page was had over HTTP."""

    final_url: str
    status: int
    redirects: list[str] = Field(description="Addresses passed through, in order, without the final one.")
    at: Moment


class Told(Shape):
    """A value that was seen, and where."""

    value: Any
    source: str


class Weighed(Shape):
    """A field's value, and what else was said of it."""

    value: Any
    source: str | None
    others: list[Told]


#: field -> what the kept page says of it, read once more with the extractor of today
Evidence = Annotated[
    dict[str, Weighed] | None, Field(description="For each field; null: the page cannot be read once more.")
]


class Item(ItemLine):
    """An item's passport: all that happened to it, and what will."""

    trace: list[Step]
    next: str = Field(description="What becomes of it, with no more done; one sentence.")
    fetched: Fetched | None = Field(description="Null: its page was handed in, or was not had yet.")


class ItemWithEvidence(Item):
    """A passport with `?evidence=true`."""

    evidence: Evidence


__all__ = ["Evidence", "Item", "ItemLine", "ItemWithEvidence", "Items"]
