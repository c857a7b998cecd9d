"""Where an article's values came from: winners and losers, read once more from the page that is kept.

Losers are stored nowhere: what a page says follows from its bytes. So they are what the extractor of today
makes of it, which is not always the one that made the article.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from pipeline.clean import clean
from pipeline.extract import evidence, extract
from pipeline.extract.candidate import Candidate
from pipeline.model import Article, Document, Item, Page
from pipeline.normal import LONGEST_PROSE, MOST_ENTRIES, line
from pipeline.packing import decompress
from pipeline.store.contract import Store

#: candidates that are told for one field
_MOST = 50
#: not found on the page but counted from its text, or known before
_COMPUTED = frozenset(
    {
        "url", "text", "markup", "word_count", "content_hash", "simhash", "near_duplicate_of", "confidence",
        "provenance", "extractor_version",
    }
)  # fmt: skip


class Evidence(NamedTuple):
    """What the kept page of an item says of its fields."""

    #: field -> ``value``, ``source``, ``others`` (each ``value``, ``source``), as plain JSON values; fields
    #: of which the page says nothing are left out. None: the page cannot be read once more
    fields: dict[str, Any] | None
    #: why there is none, one sentence
    missing: str = ""


def evidence_of(store: Store, item: int) -> Evidence:
    """The evidence for each field on the page of an item.

    The page is cut without the memory of its site, so where that is on, what stands around the text may be
    told here although it was left out then.
    """
    page, missing = kept_page(store, item)
    if page is None:
        return Evidence(None, missing)
    return evidence_in(clean(page))


def evidence_in(document: Document) -> Evidence:
    """The same of a page that was cleaned already."""
    if document.problem is not None:
        return Evidence(None, document.problem.message)
    return Evidence(weighed(extract(document), evidence(document)))


def kept_page(store: Store, item: int | None) -> tuple[Page | None, str]:
    """The page that is kept for an item, as `clean` gets it; else None and why there is none."""
    found = store.item(item) if item is not None else None
    digest = found.page_digest if found is not None else None
    frame = store.load_pages([digest]).get(digest) if digest else None
    if found is None or digest is None or frame is None:
        return None, "Its page is not kept."
    try:
        return _page(found, digest, decompress(frame)), ""
    except ValueError as error:
        return None, f"Its page is damaged: {error}."


def weighed(article: Article, candidates: list[Candidate]) -> dict[str, Any]:
    """Field -> the value that the article has, its source, and the other candidates in order of trust."""
    told = article.to_dict()
    by_field: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        plain = candidate._replace(value=_plain(candidate.value))
        by_field.setdefault(plain.field, []).append(plain)
    return {
        field: {
            "value": told[field],
            "source": article.provenance.get(field),
            "others": _others(told[field], article.provenance.get(field), by_field.get(field, [])),
        }
        for field in article.__struct_fields__
        if field not in _COMPUTED and (field in article.provenance or field in by_field)
    }


def agrees(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same, but for spaces and the like."""
    if isinstance(one, str) and isinstance(other, str):
        return line(one, LONGEST_PROSE) == line(other, LONGEST_PROSE)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(agrees, one, other))
    return bool(one == other)


def _others(value: Any, source: str | None, candidates: list[Candidate]) -> list[dict[str, Any]]:
    """All candidates but the one that the value was made of, each once."""
    own = [one for one in candidates if one.source == source]
    winner = next((one for one in own if agrees(one.value, value)), own[0] if own else None)
    others: list[dict[str, Any]] = []
    for one in candidates:
        told = {"value": one.value, "source": one.source}
        if one is not winner and told not in others:
            others.append(told)
    return others[:_MOST]


def _plain(value: Any) -> Any:
    """A candidate's value as plain JSON values, in a size that can be shown whatever a page put there."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_PROSE else value[: LONGEST_PROSE - 1] + "…"
    if isinstance(value, list):
        return [_plain(one) for one in value[:MOST_ENTRIES]]
    if isinstance(value, msgspec.Struct):
        return {field: _plain(getattr(value, field)) for field in value.__struct_fields__}
    return value


def _page(item: Item, digest: str, body: bytes) -> Page:
    return Page(
        body=body,
        digest=digest,
        key=item.key,
        url=item.fetched.final_url if item.fetched else item.url,
        content_type=item.content_type,
        fetched=item.fetched,
        entry=item.entry,
    )


__all__ = ["Evidence", "agrees", "evidence_in", "evidence_of", "kept_page", "weighed"]
