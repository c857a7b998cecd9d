"""One item's passport."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from workers.documents import fetched_document, item_document
from workers.evidence import evidence_of
from workers.prospects import what_next
from workers.web.api.answers import told
from workers.web.api.shapes import items as shapes
from workers.web.backend import Here
from workers.web.numbers import Id
from workers.web.problems import missing

router = APIRouter(tags=["items"])

Evidence = Annotated[
    bool, Query(description="Also what the kept page says of each field. It is read anew: some milliseconds.")
]


@router.get("/items/{item}", response_model=shapes.ItemWithEvidence | shapes.Item)
def get_item(item: Id, backend: Here, evidence: Evidence = False) -> Response:
    """All that happened to an item: its stages and attempts, how its page was had, why it ended as it did,
    and what becomes of it."""
    row = next((one for one in backend.store.find_items(str(item)) if one.id == item), None)
    if row is None:
        raise missing("item", item)
    found = backend.store.item(item)
    document = item_document(row) | {
        "next": what_next(row, time.time()),
        "fetched": fetched_document(found.fetched if found else None),
    }
    if evidence:
        document["evidence"] = evidence_of(backend.store, item).fields
    return told(document)


__all__ = ["Evidence", "router"]
