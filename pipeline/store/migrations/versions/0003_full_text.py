"""The full-text index of the articles."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from alembic import op

from pipeline.model import Article
from pipeline.store import search

revision = "0003"
down_revision = "0002"

#: articles that are read at once: all of them may be more than fit into memory
AT_ONCE = 200
_COLUMNS = ("title", "site_name", "language", "content_hash", "text")
_SOME = sa.text(
    f"SELECT id, key, source, data, {', '.join(_COLUMNS)} FROM articles"
    " WHERE id > :after ORDER BY id LIMIT :most"
).columns(data=sa.JSON())


def upgrade() -> None:
    op.create_index("ix_articles_published_ts", "articles", ["published_ts"])
    connection = op.get_bind()
    search.create(connection)
    after = 0
    while rows := connection.execute(_SOME, {"after": after, "most": AT_ONCE}).mappings().all():
        search.write(connection, [_told(row) for row in rows], new=True)
        after = rows[-1]["id"]


def downgrade() -> None:
    search.drop(op.get_bind())
    op.drop_index("ix_articles_published_ts", "articles")


def _told(row: sa.RowMapping) -> tuple[int, str, str, Article]:
    columns = {name: row[name] for name in _COLUMNS}
    return row["id"], row["key"], row["source"], msgspec.convert(row["data"] | columns, Article)
