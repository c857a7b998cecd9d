"""The rows of the report: groups of pages, what each system reaches on them, and how sure that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from benchmarks.cleaning import comparison
from benchmarks.cleaning import ours as cleaning
from benchmarks.cleaning import scoring as cleaned
from benchmarks.metadata import ours
from benchmarks.metadata.scoring import Mark, Marked, Summary, summary
from training.measure import Score, Snippets

#: from this number of pages on a row says something
ENOUGH = 10


class Row(msgspec.Struct, frozen=True):
    """One field on one group of pages."""

    group: str
    field: str
    #: systems that gave no page a value are left out
    systems: dict[str, Summary]
    #: the strongest of the others on these pages; None where there is none
    best: str | None = None
    #: Feedmill against that one
    against: comparison.Pairing | None = None

    @property
    def enough(self) -> bool:
        return next(iter(self.systems.values())).pages >= ENOUGH


def groups(pages: Sequence[Marked]) -> dict[str, list[Marked]]:
    """The pages of one collection by the rows they count in."""
    if not pages:
        return {}
    corpus = pages[0].corpus
    whole = {corpus: list(pages)}
    if corpus == "wcxb-dev":
        whole = {"wcxb-dev articles": [page for page in pages if page.type == "article"]} | whole
    languages: dict[str, list[Marked]] = defaultdict(list)
    for page in next(iter(whole.values())):
        languages[(page.language or "unknown").split("-")[0]].append(page)
    ordered = sorted(languages, key=lambda one: (-len(languages[one]), one))
    many = [name for name in ordered if len(languages[name]) >= ENOUGH]
    few = [page for name in ordered if name not in many for page in languages[name]]
    if len(many) + bool(few) < 2:
        return whole
    told = whole | {f"{corpus} {name}": languages[name] for name in many}
    return told | ({f"{corpus}, other languages": few} if few else {})


def rows(pages: Sequence[Marked]) -> list[Row]:
    """The rows of one collection."""
    return [
        row
        for name, group in groups(pages).items()
        for field in dict.fromkeys(field for page in group for field in page.marks)
        if (row := _row(name, field, [page for page in group if field in page.marks]))
    ]


def quality(field: str, told: Summary) -> float:
    """What systems are compared by: F1 over members of lists, else the share of right values."""
    return told.f1 if field in ("authors", "tags") else told.share


def _row(group: str, field: str, pages: list[Marked]) -> Row | None:
    marks = {system: [page.marks[field][system] for page in pages] for system in pages[0].marks[field]}
    told = {
        system: summary(own)
        for system, own in marks.items()
        if system == ours.NAME or any(one.outcome not in ("missed", "silent") for one in own)
    }
    if not told[ours.NAME].pages:
        return None
    others = [system for system in told if system != ours.NAME]
    best = max(others, key=lambda one: quality(field, told[one]), default=None)
    return Row(group, field, told, best, _pairing(field, pages, best) if best else None)


def _pairing(field: str, pages: Sequence[Marked], peer: str) -> comparison.Pairing:
    """As cleaning compares texts: bootstrap over registered domains."""
    translated = [
        cleaned.Marked(
            corpus=page.corpus,
            id=page.id,
            domain=page.domain,
            type=page.type,
            language=page.language,
            marks={
                cleaning.NAME: _translated(field, page.marks[field][ours.NAME]),
                peer: _translated(field, page.marks[field][peer]),
            },
        )
        for page in pages
        if page.marks[field][ours.NAME].match is not None
    ]
    return comparison.pairing(translated, cleaning.NAME, peer)


def _translated(field: str, mark: Mark) -> cleaned.Mark:
    one = mark.match
    if one is None:
        raise ValueError("a page without truth is not compared")
    if field in ("authors", "tags"):
        return cleaned.Mark(snippets=Snippets(one.hits, one.missed, one.wrong, 0))
    share = float(one.right)
    return cleaned.Mark(score=Score(share, share, share))
