"""Orders: the same request sent twice, under one key of its client, opens one job."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, or_, select, update

from pipeline.store import acceptance
from pipeline.store.contract import ORDER_SECONDS, Order
from pipeline.store.schema import jobs, orders
from pipeline.store.wording import storable


def order(connection: Connection, key: str, now: float) -> Order | None:
    query = (
        select(orders.c.job, orders.c.digest, orders.c.accepted)
        .join_from(orders, jobs, jobs.c.id == orders.c.job)
        .where(orders.c.key == storable(key), orders.c.created_at > now - ORDER_SECONDS)
        # Whose reader was killed half-way was never answered: the next one begins anew.
        .where(or_(orders.c.accepted.is_not(None), jobs.c.accepting_until > now))
    )
    row = connection.execute(query).first()
    return Order(job=row.job, digest=row.digest, accepted=row.accepted) if row else None


def open_order(
    connection: Connection, key: str, digest: str, sources: Sequence[str], now: float, accepting_until: float
) -> Order:
    """In a transaction that no other of its kind runs beside."""
    there = order(connection, key, now)
    if there is not None:
        return there
    outdated = orders.c.created_at <= now - ORDER_SECONDS
    connection.execute(delete(orders).where(or_(orders.c.key == storable(key), outdated)))
    job = acceptance.open_job(connection, sources, now, accepting_until)
    row = {"key": storable(key), "job": job, "digest": digest, "accepted": None, "created_at": now}
    connection.execute(insert(orders), row)
    return Order(job=job, digest=digest, accepted=None, fresh=True)


def order_done(connection: Connection, key: str, accepted: int) -> None:
    connection.execute(update(orders).where(orders.c.key == storable(key)).values(accepted=accepted))


__all__ = ["open_order", "order", "order_done"]
