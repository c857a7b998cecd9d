"""Every article in one answer, written while it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from pipeline.store.export import FORMATS, Record
from workers.web.api.parameters import ISO, Moment, seconds_of
from workers.web.backend import Here

router = APIRouter(tags=["articles"])

#: characters that are gathered into one piece of an answer
_PIECE = 65_536

_CONTENT = {form.media_type: {"schema": {"type": "string"}} for form in FORMATS.values()}


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"description": "The articles, by their numbers", "content": _CONTENT}},
)
def export_articles(
    backend: Here,
    form: Annotated[
        Literal["jsonl", "jsonld", "csv", "markdown"],
        Query(alias="format", description="As `feedmill export --format`."),
    ] = "jsonl",
    since: Annotated[Moment, Query(description="Only articles written at or after. " + ISO)] = None,
) -> StreamingResponse:
    """All articles, one after the other. A line of jsonl is an article as `/api/articles/{article}` gives
    it. However many there are, little of it is held in memory; an answer that ends early, without its last
    chunk, is not whole: ask again."""
    records = backend.store.export(since=seconds_of(since))
    chosen = FORMATS[form]
    return StreamingResponse(
        _pieces(records, form),
        media_type=f"{chosen.media_type}; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="articles.{_ENDINGS[form]}"'},
    )


_ENDINGS = {"jsonl": "jsonl", "jsonld": "jsonld", "csv": "csv", "markdown": "md"}


def _pieces(records: Iterable[Record], form: str) -> Iterator[bytes]:
    chosen = FORMATS[form]
    gathered, size = [chosen.head], len(chosen.head)
    for record in records:
        text = chosen.one(record)
        gathered.append(text)
        size += len(text)
        if size >= _PIECE:
            yield "".join(gathered).encode("utf-8", "replace")
            gathered, size = [], 0
    yield "".join(gathered).encode("utf-8", "replace")


__all__ = ["router"]
