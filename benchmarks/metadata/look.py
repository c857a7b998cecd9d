"""Error analysis: the pages that fail in a field, and one page in detail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from benchmarks.metadata import ours
from benchmarks.metadata.classes import fault, on_offer
from benchmarks.metadata.documents import Cleaned
from benchmarks.metadata.fields import FIELDS, Answer
from benchmarks.metadata.scoring import Marked

#: longer values are cut, in characters
_WIDTH = 160
#: what is listed, the worst first: a wrong value is worse than none
FAILURES = ("false", "wrong", "missed")


class Looked(msgspec.Struct, frozen=True):
    """All there is to see of one page."""

    cleaned: Cleaned
    own: ours.Read
    #: of all systems, Feedmill's first
    answers: Mapping[str, Answer]
    marked: Marked
    #: system -> what it raised
    raised: Mapping[str, str] = {}


class _Failed(msgspec.Struct, frozen=True):
    page: Looked
    outcome: str
    fault: str
    #: the sources that had the true value
    offered: list[str]


def worst(pages: Sequence[Looked], field: str, count: int, only: str | None = None) -> Iterator[str]:
    """What is the matter with a field, and the pages where its value is not the true one, with all that
    could have been chosen."""
    scored = [page for page in pages if field in page.marked.marks]
    failed = [one for page in scored if (one := _failed(page, field)) and only in (None, one.outcome)]
    failed.sort(key=lambda one: (FAILURES.index(one.outcome), one.fault))
    yield f"{field}: {len(failed)} of {len(scored)} pages fail; the true value was among the candidates of"
    for kind, number in Counter((one.outcome, one.fault) for one in failed).items():
        offered = sum(bool(one.offered) for one in failed if (one.outcome, one.fault) == kind)
        yield f"  {kind[0]:<8}{kind[1]:<28}{offered:>5} of {number}"
    for one in failed[:count]:
        offered = f"   on offer: {', '.join(dict.fromkeys(one.offered))}" if one.offered else ""
        yield from ("", f"{one.outcome.upper()}, {one.fault}{offered}", f"  {_about(one.page)}")
        yield from _field(one.page, field)


def _failed(page: Looked, field: str) -> _Failed | None:
    outcome = page.marked.marks[field][ours.NAME].outcome
    if outcome not in FAILURES:
        return None
    wanted, document = page.marked.truth[field], page.cleaned.document
    return _Failed(
        page,
        outcome,
        fault(field, getattr(page.answers[ours.NAME], FIELDS[field]), wanted),
        on_offer(field, ours.candidates(document), wanted) if document is not None else [],
    )


def show(page: Looked) -> Iterator[str]:
    """Everything about one page."""
    yield _about(page)
    document = page.cleaned.document
    if document is not None:
        blocks = len(document.blocks)
        yield f"  confidence {document.confidence:.3f}   problem {document.problem}   {blocks} blocks"
    if page.own.error:
        yield f"  raised {page.own.error}"
    fields = dict.fromkeys([*page.marked.marks, *FIELDS])
    for field in fields:
        mark = page.marked.marks.get(field, {}).get(ours.NAME)
        if mark is None and field not in Answer.__struct_fields__:
            continue
        yield f"{field}: {mark.outcome if mark else 'no truth'}"
        yield from _field(page, field)
    if document is not None:
        shown = {FIELDS[field] for field in fields}
        yield "other candidates"
        for one in ours.candidates(document):
            if one.field not in shown:
                yield f"    {one.field:<16}{one.source:<28}{_told(one.value)}"
        yield "text"
        for block in document.blocks:
            yield f"    {block.kind:<10}{_told(block.text)}"
        yield "signals"
        for name, value in document.signals.items():
            yield f"    {name:<16}{_told(value, 1000)}"


def _field(page: Looked, field: str) -> Iterator[str]:
    name = FIELDS[field]
    if field in page.marked.truth:
        yield f"  truth     {_told(page.marked.truth[field])}"
    own = getattr(page.answers[ours.NAME], name)
    yield f"  feedmill  {_told(own)}   from {page.own.provenance.get(name, 'nowhere')}"
    for system, answer in page.answers.items():
        value = getattr(answer, name)
        if system != ours.NAME and value:
            yield f"  {system:<28}{_told(value)}"
    document = page.cleaned.document
    if document is None:
        return
    for one in ours.candidates(document):
        if one.field == name:
            position = getattr(one, "position", None)
            at = "" if position is None else f"   at {position}"
            yield f"    - {one.source:<24}{_told(one.value)}{at}"


def _about(page: Looked) -> str:
    labelled = page.cleaned.page
    return f"{labelled.corpus}:{labelled.id}  {labelled.type}  {page.marked.language}  {labelled.url or ''}"


def _told(value: Any, width: int = _WIDTH) -> str:
    told = repr(value)
    return told if len(told) <= width else f"{told[:width]}..."
