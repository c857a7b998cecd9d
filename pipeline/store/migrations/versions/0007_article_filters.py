"""What lists of articles are filtered by: host, site, language and agency, each with its index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store.rows import article_host, filtered_by
from pipeline.store.wording import storable

revision = "0007"
down_revision = "0006"

#: articles that are read and written at once: all of them may be more than fit into memory
AT_ONCE = 1000
_AGENCY = sa.text("agency IS NOT NULL")
_INDEXED = ("host", "site", "base_language")
_SET = sa.text(
    "UPDATE articles SET host = :host, site = :site, base_language = :base_language, agency = :agency"
    " WHERE id = :id"
)


def upgrade() -> None:
    op.add_column("articles", sa.Column("host", sa.Text(), nullable=False, server_default=""))
    for name in ("site", "base_language", "agency"):
        op.add_column("articles", sa.Column(name, sa.Text()))
    _fill(op.get_bind())
    for name in _INDEXED:
        op.create_index(f"ix_articles_{name}", "articles", [name, "stored_at", "id"])
    op.create_index(
        "ix_articles_agency",
        "articles",
        ["agency", "stored_at", "id"],
        sqlite_where=_AGENCY,
        postgresql_where=_AGENCY,
    )


def downgrade() -> None:
    for name in ("agency", *_INDEXED):
        op.drop_index(f"ix_articles_{name}", "articles")
    for name in ("agency", "base_language", "site", "host"):
        op.drop_column("articles", name)


def _fill(connection: sa.Connection) -> None:
    """From what the rows say already; their texts are not read."""
    is_sqlite = connection.dialect.name == "sqlite"
    url, agency = (
        f"json_extract(data, '$.{name}')" if is_sqlite else f"data ->> '{name}'" for name in ("url", "agency")
    )
    some = sa.text(
        f"SELECT id, key, site_name, language, {url} AS url, {agency} AS agency FROM articles"
        " WHERE id > :after ORDER BY id LIMIT :most"
    )
    after = 0
    while rows := connection.execute(some, {"after": after, "most": AT_ONCE}).all():
        connection.execute(
            _SET,
            [
                filtered_by(row.site_name, row.language, row.agency)
                | {"id": row.id, "host": storable(article_host(row.url, row.key))}
                for row in rows
            ],
        )
        after = rows[-1].id
