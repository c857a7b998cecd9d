"""The report: readable tables, and the same as plain values for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from benchmarks.cleaning import ours
from benchmarks.cleaning.comparison import RESAMPLES, Pairing
from benchmarks.cleaning.rows import ENOUGH, UNSURE, Row, Sureness
from benchmarks.cleaning.speed import Timing


class Report(msgspec.Struct, kw_only=True):
    #: of each peer, and of Python
    versions: dict[str, str]
    #: whether Feedmill's texts come from folds that never saw a page's registered domain
    held_out: bool
    rows: list[Row] = []
    sureness: list[Sureness] = []
    timings: list[Timing] = []
    #: collections left out, with the reason
    left_out: dict[str, str] = {}
    #: pages without a truth to hold a text against, by collection
    without_truth: dict[str, int] = {}


def lines(report: Report) -> Iterator[str]:
    """The whole report as text."""
    yield "Versions: " + ", ".join(f"{name} {version}" for name, version in report.versions.items())
    yield f"{ours.NAME}: " + (
        "held-out folds: no model has seen a page of the registered domain that it is scored on."
        if report.held_out
        else "the shipped models: MODELS HAVE SEEN THESE PAGES."
    )
    for corpus, why in report.left_out.items():
        yield f"Left out: {corpus}: {why}"
    for corpus, count in report.without_truth.items():
        if count:
            yield f"{corpus}: {count} pages without a truth are not scored."
    for measure, title in _TITLES.items():
        chosen = [row for row in report.rows if row.measure == measure and row.enough]
        if chosen:
            yield from ("", f"{title}; pages without a word of text (of which raised)")
            for row in chosen:
                yield from _row(row)
    if report.rows:
        yield from ("", *_paired(report.rows))
    if report.sureness:
        yield from ("", *_sureness(report.sureness))
    for timing in report.timings:
        yield from ("", *_timing(timing))


_TITLES = {
    "words": "Word precision, recall and F1, means over pages; share of pages with F1 below .5",
    "snippets": "Snippets: precision, recall and F over all of them together",
}


def _row(row: Row) -> Iterator[str]:
    yield f"  {row.name}, {row.pages} pages"
    for name, one in row.systems.items():
        below = "" if one.below_half is None else f"   <.5 {one.below_half:6.1%}"
        failed = f"   nothing {one.nothing} ({one.raised})" if one.nothing else ""
        yield f"    {name:<32}{_unit(one.precision)} {_unit(one.recall)} {_unit(one.f1)}{below}{failed}"


def _paired(rows: Iterable[Row]) -> Iterator[str]:
    yield f"{ours.NAME} minus the best peer of the row, in F1; the 95 % interval of that (bootstrap over"
    yield f"registered domains, {RESAMPLES} resamples); pages won : lost"
    for row in rows:
        if row.best is None:
            continue
        one = row.against[row.best]
        told = f"{one.difference:+.4f}  [{one.low:+.4f}, {one.high:+.4f}]  {one.wins:>4} : {one.losses:<4}"
        yield f"  {row.name:<38} {row.best:<30} {told} {_verdict(row, one)}"


def _verdict(row: Row, one: Pairing) -> str:
    if not row.enough:
        return f"fewer than {ENOUGH} pages"
    return "above" if one.low > 0 else "below" if one.high < 0 else "not told apart"


def _sureness(found: Iterable[Sureness]) -> Iterator[str]:
    yield f"Confidence: correlation with the score; pages below {UNSURE}, their mean score, the others'"
    for one in found:
        correlation = "   -" if one.correlation is None else f"{one.correlation:+.2f}"
        yield (
            f"  {one.name:<38} {one.pages:>5} pages  {correlation}   {one.flagged:6.1%}"
            f"   {_unit(one.quality_flagged)} {_unit(one.quality_others)}"
        )


def _timing(timing: Timing) -> Iterator[str]:
    yield (
        f"CPU ms a page, {timing.name}: {timing.pages} pages of {timing.kilobytes:.0f} KB on average"
        " (mean, median, slowest, times Feedmill's mean)"
    )
    for name, one in timing.systems.items():
        failed = f"   raised {one.raised}" if one.raised else ""
        yield (f"  {name:<32}{one.mean:9.2f}{one.median:9.2f}{one.slowest:10.1f}{one.ratio:9.2f}x{failed}")


def _unit(value: float | None) -> str:
    """Three places without the zero: .956."""
    if value is None:
        return "   -"
    return f"{value:.3f}".removeprefix("0") if value < 0.9995 else "1.00"
