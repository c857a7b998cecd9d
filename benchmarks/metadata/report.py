"""The report: readable tables, and the same as plain values for JSON."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean, median

import msgspec

from benchmarks.cleaning.comparison import RESAMPLES
from benchmarks.cleaning.report import _unit
from benchmarks.cleaning.speed import Timing
from benchmarks.metadata import ours
from benchmarks.metadata.rows import ENOUGH, Row
from benchmarks.metadata.scoring import Summary


class Cost(msgspec.Struct, frozen=True):
    """CPU milliseconds a page of `extract` on documents that are there already."""

    corpus: str
    pages: int
    mean: float
    median: float
    #: the 99th of a hundred
    high: float
    slowest: float


class Report(msgspec.Struct, kw_only=True):
    #: of each peer, and of Python
    versions: dict[str, str]
    rows: list[Row] = []
    costs: list[Cost] = []
    timing: Timing | None = None
    #: collections left out, with the reason
    left_out: dict[str, str] = {}
    #: what Feedmill raised, by page
    raised: dict[str, str] = {}
    #: by collection: how many pages each peer raised on; it has told nothing there
    peers_raised: dict[str, dict[str, int]] = {}
    #: pages in which cleaning saw no article, by collection: scored all the same
    refused: dict[str, int] = {}


def cost(corpus: str, seconds: list[float]) -> Cost:
    ordered = sorted(1000 * one for one in seconds)
    return Cost(
        corpus,
        len(ordered),
        fmean(ordered),
        median(ordered),
        ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)],
        ordered[-1],
    )


def lines(report: Report) -> Iterator[str]:
    """The whole report as text."""
    yield "Versions: " + ", ".join(f"{name} {version}" for name, version in report.versions.items())
    for corpus, why in report.left_out.items():
        yield f"Left out: {corpus}: {why}"
    for corpus, count in report.refused.items():
        if count:
            yield f"{corpus}: cleaning saw no article in {count} pages; their metadata counts all the same"
    for corpus, counts in report.peers_raised.items():
        if counts:
            yield f"{corpus}: raised on " + ", ".join(
                f"{count} pages: {name}" for name, count in counts.items()
            )
    for page, error in report.raised.items():
        yield f"RAISED {page}: {error}"
    group = None
    for row in report.rows:
        if not row.enough:
            continue
        if row.group != group:
            group = row.group
            yield from ("", f"=== {group}")
        yield from _row(row)
    compared = [row for row in report.rows if row.against is not None]
    if compared:
        yield from ("", *_paired(compared))
    if report.costs:
        yield from (
            "",
            "CPU ms a page, from document to article (mean, median, 99th of 100, slowest)",
        )
        for one in report.costs:
            told = f"{one.mean:8.2f}{one.median:8.2f}{one.high:8.2f}{one.slowest:8.1f}"
            yield f"  {one.corpus:<24}{one.pages:>6} pages{told}"
    if report.timing is not None:
        yield from ("", *_timing(report.timing))


def _row(row: Row) -> Iterator[str]:
    heads = _heads(row.field, next(iter(row.systems.values())))
    pages = next(iter(row.systems.values())).pages
    yield f"  {f'{row.field} ({pages})':<32}" + "".join(f"{head:>8}" for head in heads)
    for name, one in row.systems.items():
        yield f"    {name:<30}" + "".join(f"{value:>8}" for value in _cells(row.field, one))


def _heads(field: str, one: Summary) -> list[str]:
    heads = {
        "authors": ["P", "R", "F1", "set="],
        "tags": ["P", "R", "F1", "set="],
        "title": ["exact", "tokF1"],
    }
    told = heads.get(field, ["day", "dayP"] if field.startswith("published_at") else ["right"])
    told = told + (["minute"] if one.timed else []) + ["wrong", "missed"]
    return told + ([f"of {one.without}:", "false"] if one.without else [])


def _cells(field: str, one: Summary) -> list[str]:
    if field in ("authors", "tags"):
        told = [one.precision, one.recall, one.f1, one.share]
    elif field == "title":
        told = [one.share, one.near]
    elif field.startswith("published_at"):
        told = [one.share, one.right / max(1, one.right + one.wrong)]
    else:
        told = [one.share]
    told += [one.minute / one.timed] if one.timed else []
    cells = [_unit(value) for value in told] + [str(one.wrong), str(one.missed)]
    return cells + (["", _unit(one.false / one.without)] if one.without else [])


def _paired(rows: list[Row]) -> Iterator[str]:
    yield f"{ours.NAME} minus the best peer of the row (authors and tags: F1, else share of right values);"
    yield f"95 % interval of that (bootstrap over registered domains, {RESAMPLES} resamples); pages won:lost"
    for row in rows:
        one = row.against
        if one is None or row.best is None:
            continue
        told = f"{one.difference:+.4f}  [{one.low:+.4f}, {one.high:+.4f}]  {one.wins:>4} : {one.losses:<4}"
        verdict = "above" if one.low > 0 else "below" if one.high < 0 else "not told apart"
        if not row.enough:
            verdict = f"fewer than {ENOUGH} pages"
        yield f"  {row.group:<32}{row.field:<26}{row.best:<22}{told} {verdict}"


def _timing(timing: Timing) -> Iterator[str]:
    yield (
        f"CPU ms a page, {timing.name}: {timing.pages} pages of {timing.kilobytes:.0f} KB on average"
        " (mean, median, slowest, times the first line's mean)"
    )
    for name, one in timing.systems.items():
        failed = f"   raised {one.raised}" if one.raised else ""
        yield f"  {name:<40}{one.mean:9.2f}{one.median:9.2f}{one.slowest:10.1f}{one.ratio:9.2f}x{failed}"
