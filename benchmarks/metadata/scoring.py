"""The answers of all systems on a collection, beside the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from benchmarks.metadata import ours
from benchmarks.metadata.fields import FIELDS, Answer, truth
from benchmarks.metadata.matching import Match, match
from training.corpora import Labelled
from training.measure import score

#: what can be the matter with a value: another is given, none is given, one is given where there is none
Outcome = Literal["right", "wrong", "missed", "false", "silent"]


class Mark(msgspec.Struct, frozen=True):
    """One system on one field of one page."""

    outcome: Outcome
    #: None where the page has no such thing
    match: Match | None
    #: values given where there is none
    surplus: int = 0


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """One page with the marks of all systems, Feedmill's first."""

    corpus: str
    id: str
    domain: str
    type: str
    language: str | None
    truth: dict[str, Any]
    #: field -> system -> mark; fields without truth are left out
    marks: dict[str, dict[str, Mark]]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """One system on one field over a group of pages. Shares are of pages with a truth, but for `false`."""

    #: with a truth
    pages: int
    right: int
    #: another value is given, none is given
    wrong: int
    missed: int
    #: pages that have no such thing, and those of them for which a value is given
    without: int
    false: int
    #: mean nearness: word F1 of titles
    near: float
    #: over members of lists, or single values, of all pages with a truth together
    precision: float
    recall: float
    f1: float
    #: the same over pages without, too, where whatever is given is wrong
    precision_strict: float
    f1_strict: float
    #: times: pages whose truth has a time of day, and those where the same minute is given
    timed: int = 0
    minute: int = 0

    @property
    def share(self) -> float:
        return self.right / self.pages if self.pages else 0.0


def mark(field: str, found: Any, wanted: Any) -> Mark:
    """A value beside the truth as `fields.truth` has it."""
    if not wanted:
        given = len(found) if isinstance(found, list) else int(bool(found))
        return Mark("false" if given else "silent", None, given)
    if not found:
        missed = len(wanted) if field in ("authors", "tags") else 1
        timed = field.startswith("published_at") and len(wanted) > len("2024-01-07")
        return Mark("missed", Match(right=False, near=0.0, missed=missed, minute=False if timed else None))
    matched = match(field, found, wanted)
    return Mark("right" if matched.right else "wrong", matched)


def marked(page: Labelled, answers: Mapping[str, Answer]) -> Marked:
    """A page with all answers marked; the first language that is known of it, else Feedmill's."""
    known = truth(page)
    own = answers[ours.NAME].language
    return Marked(
        corpus=page.corpus,
        id=page.id,
        domain=page.domain,
        type=page.type,
        language=page.language or own,
        truth=known,
        marks={
            field: {
                system: mark(field, getattr(answer, FIELDS[field]), wanted)
                for system, answer in answers.items()
            }
            for field, wanted in known.items()
        },
    )


def summary(marks: Sequence[Mark]) -> Summary:
    matches = [one.match for one in marks if one.match is not None]
    outcomes = [one.outcome for one in marks]
    hits, wrong, missed = (sum(getattr(one, name) for one in matches) for name in ("hits", "wrong", "missed"))
    surplus = sum(one.surplus for one in marks)
    plain, strict = (
        score(hits, hits + wrong, hits + missed),
        score(hits, hits + wrong + surplus, hits + missed),
    )
    times = [one.minute for one in matches if one.minute is not None]
    return Summary(
        pages=len(matches),
        right=outcomes.count("right"),
        wrong=outcomes.count("wrong"),
        missed=outcomes.count("missed"),
        without=outcomes.count("false") + outcomes.count("silent"),
        false=outcomes.count("false"),
        near=sum(one.near for one in matches) / max(1, len(matches)),
        precision=plain.precision,
        recall=plain.recall,
        f1=plain.f1,
        precision_strict=strict.precision,
        f1_strict=strict.f1,
        timed=len(times),
        minute=sum(times),
    )
