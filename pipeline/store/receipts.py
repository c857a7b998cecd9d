"""What is remembered of requests that clients send under keys of their own."""

from __future__ import annotations

from pipeline.model import Value

#: how long a client's key is remembered (s): longer than any of them goes on trying
ORDER_SECONDS = 86_400.0


class Order(Value, frozen=True, kw_only=True, omit_defaults=False):
    """A request to enqueue, under the key that its client gave it."""

    job: str
    #: of what was asked for; empty: not known
    digest: str
    #: how many items; None: that goes on still
    accepted: int | None
    #: the job was opened just now
    fresh: bool = False


__all__ = ["ORDER_SECONDS", "Order"]
