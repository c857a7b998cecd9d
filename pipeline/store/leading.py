"""Lists of what has one value in a column, in an order that an index has behind that column.

PostgreSQL thinks rows of one value to lie evenly among all others. Asked for the newest 100 of a job that
has half of all items, it would walk through all that is newer until it finds them: seconds, where the
job's own index gives them at once. A value that is asked for twice is no constant to it, and then only
that index has the order.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Connection

from pipeline.store.wording import storable


def is_one(connection: Connection, column: Column[Any], value: str) -> ColumnElement[bool]:
    """That the column, by which the query is ordered first, has a value."""
    told = storable(value)
    return column == told if connection.dialect.name == "sqlite" else column.in_([told, told])
