"""Lists of articles by what they are filtered by, the newest first; articles by the address they name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store import parts
from pipeline.store.parts import NewIndex

revision = "0009"
down_revision = "0008"

_NEW = (
    NewIndex("ix_articles_host", "articles", "host, stored_at, id"),
    NewIndex("ix_articles_site", "articles", "site, stored_at, id"),
    NewIndex("ix_articles_base_language", "articles", "base_language, stored_at, id"),
    NewIndex("ix_articles_agency", "articles", "agency, stored_at, id", "agency IS NOT NULL"),
    NewIndex("ix_articles_canonical_url", "articles", "canonical_url", "canonical_url <> key", hashed=True),
    NewIndex("ix_articles_confidence", "articles", "confidence"),
    NewIndex("ix_articles_of_job", "articles", "job, stored_at, id"),
)


def part(connection: sa.Connection) -> str | None:
    return parts.build_next(connection, _NEW)


def upgrade() -> None:
    # What ix_articles_of_job does as well.
    op.drop_index("ix_articles_job", "articles")


def downgrade() -> None:
    op.create_index("ix_articles_job", "articles", ["job", "id"])
    for one in _NEW:
        op.drop_index(one.name, one.table)
