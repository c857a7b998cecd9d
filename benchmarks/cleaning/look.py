"""Error analysis: the worst pages of a collection, and one page in detail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.cleaning import ours
from benchmarks.cleaning.scoring import BY_SNIPPETS, Mark, Marked, true_text
from training.corpora import Labelled
from training.measure import words

#: words in a row that must be found for a part of a line to count as found
_RUN = 3


def worst(pages: Sequence[Marked], count: int) -> Iterator[str]:
    """A line for each of the pages on which Feedmill is worst, with what the best peer reaches there."""
    ordered = sorted(pages, key=lambda page: (page.marks[ours.NAME].quality, page.id))
    for page in ordered[:count]:
        own = page.marks[ours.NAME]
        others = {name: mark for name, mark in page.marks.items() if name != ours.NAME}
        best = max(others, key=lambda name: others[name].quality, default=None)
        peer = "" if best is None else f"   best peer {others[best].quality:.3f} ({best})"
        sure = "" if own.confidence is None else f" confidence {own.confidence:.2f}"
        yield f"  {page.corpus}:{page.id}  {page.type:<14}{_told(own)}{sure}{peer}"


def show(page: Labelled, own: ours.Kept, marked: Marked | None) -> Iterator[str]:
    """One page: its truth, what Feedmill keeps, and what is missing and too much, line by line."""
    yield f"{page.corpus}:{page.id}  {page.type}  {page.domain}  {page.language or ''}  {page.url or ''}"
    if marked is not None:
        for name, mark in marked.marks.items():
            yield f"  {name:<32}{_told(mark)}{' raised ' + mark.error if mark.error else ''}"
    yield f"  confidence {own.confidence}"
    if page.corpus in BY_SNIPPETS:
        whole = " ".join(own.text.split())
        for sign, wanted in (("with", True), ("without", False)):
            for snippet in page.truth.get(sign) or ():
                held = " ".join(snippet.split()) in whole
                yield f"  {'ok    ' if held == wanted else 'MISSED' if wanted else 'LEAKED'} {snippet!r}"
        yield from ("", "=== kept", own.text)
        return
    truth = true_text(page)
    yield from ("", "=== truth", truth, "", "=== kept", own.text, "")
    yield from ("=== missing (lines of the truth that are not kept)", *unmatched(truth, own.text), "")
    yield from ("=== too much (kept lines that are not in the truth)", *unmatched(own.text, truth))


def unmatched(text: str, other: str) -> list[str]:
    """The lines of ``text`` of whose runs of three words less than half occur in ``other``, case aside."""
    there = words(other)
    runs = set(_runs(there))
    singles = f" {' '.join(there)} "
    found = []
    for line in text.splitlines():
        own = words(line)
        mine = list(_runs(own))
        if not own:
            continue
        if mine:
            matched = sum(run in runs for run in mine) * 2 >= len(mine)
        else:
            matched = f" {' '.join(own)} " in singles
        if not matched:
            found.append(line)
    return found


def find(pages: Iterable[Labelled], id: str) -> Labelled | None:
    return next((page for page in pages if page.id == id), None)


def _runs(found: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(found[start:] for start in range(_RUN)), strict=False)


def _told(mark: Mark) -> str:
    if mark.score is not None:
        return f"P {mark.score.precision:.3f} R {mark.score.recall:.3f} F {mark.score.f1:.3f}"
    counts = mark.snippets
    return (
        ""
        if counts is None
        else (
            f"found {counts.found} missed {counts.missed} leaked {counts.leaked} kept out {counts.kept_out}"
        )
    )
