"""What articles are filtered by, from what their rows say already; their texts are not read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from pipeline.store import parts
from pipeline.store.rows import article_host, filtered_by
from pipeline.store.wording import storable

revision = "0008"
down_revision = "0007"

#: made by 0007
NOTE = "filled_articles"
_SOME = (
    "SELECT id, key, site_name, language, {url} AS url, {agency} AS agency FROM articles"
    " WHERE id > :last ORDER BY id LIMIT :most"
)
_COLUMNS = ("id", "host", "site", "base_language", "agency")
_SQLITE = sa.text(
    "UPDATE articles SET host = :host, site = :site, base_language = :base_language, agency = :agency"
    " WHERE id = :id"
)
#: one statement for all: a round trip for each row would cost as much as the row
_POSTGRESQL = sa.text(
    "UPDATE articles SET host = told.host, site = told.site, base_language = told.base_language,"
    " agency = told.agency FROM unnest(CAST(:id AS BIGINT[]), CAST(:host AS TEXT[]), CAST(:site AS TEXT[]),"
    " CAST(:base_language AS TEXT[]), CAST(:agency AS TEXT[]))"
    " AS told (id, host, site, base_language, agency)"
    " WHERE articles.id = told.id"
)


def part(connection: sa.Connection) -> str | None:
    if connection.dialect.name == "sqlite":
        read = [f"json_extract(data, '$.{name}')" for name in ("url", "agency")]
    else:
        read = [f"data ->> '{name}'" for name in ("url", "agency")]
    some = sa.text(_SOME.format(url=read[0], agency=read[1]))
    return parts.rewrite_next(connection, NOTE, "articles", some, _fill)


def upgrade() -> None:
    parts.end_rows(op.get_bind(), NOTE)


def downgrade() -> None:
    parts.begin_rows(op.get_bind(), NOTE)


def _fill(connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> None:
    told = [
        filtered_by(row.site_name, row.language, row.agency)
        | {"id": row.id, "host": storable(article_host(row.url, row.key))}
        for row in rows
    ]
    if connection.dialect.name == "sqlite":
        connection.execute(_SQLITE, told)
    else:
        connection.execute(_POSTGRESQL, {name: [one[name] for one in told] for name in _COLUMNS})
