"""Every article in one answer, written while it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import StreamingResponse

from pipeline.plugins import plugged
from pipeline.store.export import FORMATS, Format, Record
from pipeline.store.parquet import MEDIA_TYPE, parquet_pieces
from workers.web.api.answers import preferred
from workers.web.api.parameters import ISO, Moment, seconds_of
from workers.web.backend import Here

router = APIRouter(tags=["articles"])

#: characters that are gathered into one piece of an answer
_PIECE = 65_536
#: the formats that can be written here: Parquet needs an extra
_NAMES = [*FORMATS, *(["parquet"] if find_spec("pyarrow") else [])]
#: media type -> the format that it means; the first where no other is asked for
_BY_MEDIA = {
    "application/x-ndjson": "jsonl",
    "application/ld+json": "jsonld",
    "text/csv": "csv",
    "text/markdown": "markdown",
    **({MEDIA_TYPE: "parquet"} if "parquet" in _NAMES else {}),
}
_ENDINGS = {"markdown": "md"}
_TEXT, _BYTES = {"schema": {"type": "string"}}, {"schema": {"type": "string", "format": "binary"}}
_CONTENT = {form.media_type: _TEXT for form in FORMATS.values()}
if "parquet" in _NAMES:
    _CONTENT[MEDIA_TYPE] = _BYTES


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"description": "The articles, by their numbers", "content": _CONTENT}},
)
def export_articles(
    request: Request,
    backend: Here,
    form: Annotated[
        str | None,
        Query(
            alias="format",
            description="As `feedmill export --format`; else what `Accept` asks for, or jsonl.",
            json_schema_extra={"enum": [*_NAMES]},
        ),
    ] = None,
    since: Annotated[Moment, Query(description="Only articles written at or after. " + ISO)] = None,
) -> StreamingResponse:
    """All articles, one after the other. A line of jsonl is an article as `/api/articles/{article}` gives
    it. However many there are, little of it is held in memory; an answer that ends early, without its last
    chunk, is not whole: ask again."""
    name = form
    if name is None:
        name = _BY_MEDIA[preferred(request.headers.get("accept", ""), list(_BY_MEDIA))]
    records = backend.store.export(since=seconds_of(since))
    if name == "parquet" and name in _NAMES:
        pieces, media = parquet_pieces(records), MEDIA_TYPE
    else:
        chosen = FORMATS.get(name) or plugged("feedmill.formats").get(name)
        if chosen is None:
            raise HTTPException(422, _refusal(name))
        pieces, media = _pieces(records, chosen), f"{chosen.media_type}; charset=utf-8"
    attachment = f'attachment; filename="articles.{_ENDINGS.get(name, name)}"'
    return StreamingResponse(
        pieces, media_type=media, headers={"content-disposition": attachment, "vary": "Accept"}
    )


def _refusal(name: str) -> str:
    if name == "parquet":
        return (
            "Parquet needs pyarrow, which is not installed where the web server runs: "
            "pip install 'feedmill[parquet]'. format=jsonl works without it."
        )
    return f"There is no format {name[:100]!r}. There are {', '.join(_NAMES)}."


def _pieces(records: Iterable[Record], form: Format) -> Iterator[bytes]:
    gathered, size = [form.head], len(form.head)
    for record in records:
        text = form.one(record)
        gathered.append(text)
        size += len(text)
        if size >= _PIECE:
            yield "".join(gathered).encode("utf-8", "replace")
            gathered, size = [], 0
    yield "".join(gathered).encode("utf-8", "replace")


__all__ = ["router"]
