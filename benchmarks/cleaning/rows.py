"""The rows of the report: groups of pages, what each system reaches on them, and how sure that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean, pstdev

import msgspec

from benchmarks.cleaning import ours
from benchmarks.cleaning.comparison import Pairing, Summary, best_peer, pairing, summary
from benchmarks.cleaning.scoring import BY_SNIPPETS, Marked
from training.corpora import FLATTENED

#: from this number of pages on a language's row says something
ENOUGH = 10
#: below this confidence a page is to be flagged
UNSURE = 0.7


class Row(msgspec.Struct, frozen=True):
    """One group of pages."""

    name: str
    pages: int
    #: "words" (word F1, mean over pages) or "snippets" (F over all snippets)
    measure: str
    systems: dict[str, Summary]
    #: Feedmill against each of the others
    against: dict[str, Pairing]
    #: the strongest of the others on these pages; None where there is none
    best: str | None
    #: whether it holds pages enough to be judged by
    enough: bool = True


class Sureness(msgspec.Struct, frozen=True):
    """What Feedmill's confidence is worth on a group of pages."""

    name: str
    pages: int
    #: of confidence and quality over pages; None where either does not vary
    correlation: float | None
    #: share of pages below `UNSURE`, and the mean quality there and elsewhere (None: no such page)
    flagged: float
    quality_flagged: float | None
    quality_others: float | None


def groups(pages: Sequence[Marked]) -> dict[str, list[Marked]]:
    """The pages of one collection by the rows they count in, a page in one or more of them."""
    if not pages:
        return {}
    corpus = pages[0].corpus
    if corpus == "wcxb-dev":
        types = _by([(page.type, page) for page in pages])
        named = {f"wcxb {name}": types[name] for name in sorted(types, key=lambda one: one != "article")}
        return {**named, "wcxb all types": list(pages)}
    if corpus == "fundus":
        languages = _by([(page.language or "not told", page) for page in pages])
        ordered = sorted(languages, key=lambda one: (-len(languages[one]), one))
        few = [page for name in ordered if len(languages[name]) < ENOUGH for page in languages[name]]
        together = {"fundus all": list(pages)} | ({"fundus rarer languages": few} if few else {})
        return together | {f"fundus {name}": languages[name] for name in ordered}
    names = {FLATTENED: "plain text (flattened wcxb articles)"}
    return {names.get(corpus, corpus): list(pages)}


def rows(pages: Sequence[Marked]) -> list[Row]:
    """The rows of one collection."""
    return [_row(name, group) for name, group in groups(pages).items()]


def sureness(pages: Sequence[Marked]) -> list[Sureness]:
    """For each row with pages enough whose confidences are known."""
    found = []
    for name, group in groups(pages).items():
        known = [
            (mark.confidence, mark.quality)
            for mark in (page.marks[ours.NAME] for page in group)
            if mark.confidence is not None
        ]
        if len(known) >= ENOUGH:
            found.append(_sureness(name, known))
    return found


def _row(name: str, pages: list[Marked]) -> Row:
    systems = {system: summary([page.marks[system] for page in pages]) for system in pages[0].marks}
    return Row(
        name=name,
        pages=len(pages),
        measure="snippets" if pages[0].corpus in BY_SNIPPETS else "words",
        systems=systems,
        against={system: pairing(pages, ours.NAME, system) for system in systems if system != ours.NAME},
        best=best_peer(systems, ours.NAME),
        enough=len(pages) >= ENOUGH,
    )


def _by(pairs: list[tuple[str, Marked]]) -> dict[str, list[Marked]]:
    by: dict[str, list[Marked]] = defaultdict(list)
    for key, page in pairs:
        by[key].append(page)
    return by


def _sureness(name: str, known: list[tuple[float, float]]) -> Sureness:
    confidences, qualities = zip(*known, strict=True)
    spread = pstdev(confidences) * pstdev(qualities)
    mean, middle = fmean(confidences), fmean(qualities)
    together = fmean((a - mean) * (b - middle) for a, b in known)
    low = [quality for confidence, quality in known if confidence < UNSURE]
    high = [quality for confidence, quality in known if confidence >= UNSURE]
    return Sureness(
        name=name,
        pages=len(known),
        correlation=together / spread if spread else None,
        flagged=len(low) / len(known),
        quality_flagged=fmean(low) if low else None,
        quality_others=fmean(high) if high else None,
    )
