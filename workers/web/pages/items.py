"""``/items/{id}``: the passport, everything that happened to one article-to-be."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import Response

from pipeline.errors import CODES
from pipeline.model import Item
from pipeline.store.contract import ItemRow
from workers.evidence import agrees, kept_page
from workers.passport import autopsy, stops
from workers.prospects import what_next
from workers.web.backend import Backend, Here
from workers.web.markup import markup
from workers.web.numbers import Id
from workers.web.rendering import page
from workers.whereabouts import Clue, Deed, whereabouts
from workers.whereabouts.items import WITH_ARTICLE, item_clue
from workers.wording import in_words, line

router = APIRouter()

#: field, value, who says so, and what others say instead with their names, as people read them
_Line = tuple[str, str, str, list[tuple[str, str]]]
#: values that are shown of a list of candidates
_MOST_OTHERS = 12


@router.get("/items/{item}")
def passport(
    request: Request,
    backend: Here,
    item: Id,
    whole: bool = False,
    asked: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """One item: where it came from, each stage and attempt, its page and what was cut of it, and what
    becomes of it. ``whole``: all of its page; ``asked``: what `/find` was asked for."""
    found, now = _item(backend, item), time.time()
    article = backend.store.article(found.article) if found.article is not None else None
    kept, missing = autopsy(backend.store, item, whole=whole)
    row = backend.store.item(item)
    return page(
        request,
        "item.html",
        item=found,
        article=article,
        next=what_next(found, now, backend.settings),
        advice=CODES.get(found.code or "", ""),
        stops=stops(found),
        fetched=row.fetched if row is not None else None,
        headline=_headline(row, None if found.outcome == "duplicate" else article),
        feed=next(iter(backend.store.trail([found.source]).own), None),
        deed=_deed(backend, found, article),
        kept=kept,
        missing=missing,
        cleaned=markup("\n\n".join(block.markup for block in kept.document.blocks)) if kept else "",
        evidence=_evidence(kept.fields if kept else None),
        clues=_clues(backend, found, now),
        whole=whole,
        WITH_ARTICLE=WITH_ARTICLE,
        asked=asked,
        now=now,
    )


@router.get("/items/{item}/raw")
def raw(backend: Here, item: Id) -> Response:
    """The kept page as it came, to be saved: as plain text, so that no browser ever runs it."""
    _item(backend, item)
    kept, missing = kept_page(backend.store, item)
    if kept is None:
        raise HTTPException(404, f"There is no page of item {item} to be had. {missing}")
    # As bytes: the page says in its own way which characters it is written in.
    headers = {"content-disposition": f'attachment; filename="item-{item}.txt"'}
    answer = Response(kept.body, headers=headers, media_type="application/octet-stream")
    answer.headers["content-type"] = "text/plain"
    return answer


def _item(backend: Backend, item: int) -> ItemRow:
    found = next((one for one in backend.store.find_items(str(item)) if one.id == item), None)
    if found is None:
        raise HTTPException(
            404,
            f"There is no item {item}. Look for the article by its address or title in the box above; "
            "the items of a job are listed on the job's page.",
        )
    return found


def _headline(row: Item | None, article: dict[str, Any] | None) -> str:
    """What its feed calls it, or its article is called; empty if nothing does."""
    listed = line(row.entry.title) if row is not None and row.entry is not None else ""
    return listed or (line(article["title"]) if article else "")


def _deed(backend: Backend, item: ItemRow, article: dict[str, Any] | None) -> Deed | None:
    """What helps an item that is no article."""
    return item_clue(backend.store, item, time.time(), backend.settings).deed if article is None else None


def _clues(backend: Backend, item: ItemRow, now: float) -> list[Clue]:
    """What else is known of it than this page tells."""
    found, _ = backend.seen(
        lambda stages: whereabouts(backend.store, stages, item.url or item.key, now, backend.settings)
    )
    told = {f"/items/{item.id}"}
    # The newest item's clue leads to its article, which this page names.
    if found.item == item.id and item.article is not None:
        told.add(f"/articles/{item.article}")
    return [clue for clue in found.clues if clue.link not in told]


def _evidence(
    fields: dict[str, dict[str, object]] | None,
) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """(field, value, who says so, what others say) as people read them."""
    told = []
    for field, one in (fields or {}).items():
        value, others = one["value"], one["others"]
        assert isinstance(others, list)
        agreeing = [other["source"] for other in others if agrees(other["value"], value)]
        sources = dict.fromkeys([str(one["source"]), *agreeing]) if one["source"] else {}
        unlike = [
            (in_words(other["value"]), str(other["source"]))
            for other in others
            if not agrees(other["value"], value)
        ]
        told.append((field.replace("_", " "), in_words(value), ", ".join(sources), unlike[:_MOST_OTHERS]))
    return told
