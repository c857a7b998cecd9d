"""``python -m benchmarks.cleaning --corpora DIR``: cleaning beside its peers on labelled pages.

Scores are word precision, recall and F1 beside the true text, means over pages, or counts of snippets that
must and must not be there. An extractor that gives nothing or raises has kept an empty text. Feedmill's
texts come from ``--held-out``, written by the training's cross-validation; without it, from the shipped
models, which have seen the pages. Its time is always that of the real code.

    --fill --cache DIR              only make the peers' texts, for later runs with the same cache
    --worst 20 --only wcxb-dev      the worst pages of a collection
    --show wcxb-dev:wcxb-dev/0012   one page: truth, what is kept, what is missing and too much
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import msgspec

from benchmarks.cleaning import look, ours, peers, report, rows, scoring, speed
from benchmarks.cleaning.texts import Texts
from training.corpora import FLATTENED, PAGES, Labelled, read

Keeper = Callable[[Labelled], ours.Kept]


def main() -> None:
    given = _arguments()
    chosen = {name: one for name, one in peers.PEERS.items() if not given.systems or name in given.systems}
    try:
        versions = {name: one.version for name, one in (chosen | peers.TIMED).items()}
    except PackageNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed: pip install -r training/requirements.txt")
    held_out = ours.HeldOut(given.held_out) if given.held_out else None
    keep = held_out.of if held_out else ours.kept
    try:
        if given.fill:
            _fill(given, chosen)
        elif given.show:
            _show(given, chosen, keep)
        elif given.worst:
            _worst(given, chosen, keep)
        else:
            found = report.Report(
                versions={"Python": platform.python_version()} | versions, held_out=held_out is not None
            )
            _measure(given, chosen, keep, found, held_out.corpora if held_out else None)
    except (ours.IncompleteError, FileNotFoundError) as problem:
        sys.exit(str(problem))


def _measure(
    given: argparse.Namespace,
    chosen: dict[str, peers.Peer],
    keep: Keeper,
    found: report.Report,
    covered: set[str] | None,
) -> None:
    for corpus in given.only if given.rows else ():
        if not (given.corpora / f"{corpus}.jsonl.xz").exists():
            found.left_out[corpus] = "not in the folder"
        elif covered is not None and corpus not in covered:
            found.left_out[corpus] = "no held-out texts"
        else:
            pages, found.without_truth[corpus] = _marked(given, corpus, chosen, keep)
            found.rows += rows.rows(pages)
            found.sureness += rows.sureness(pages)
    if given.pages:
        timed = {name: one for name, one in chosen.items() if name not in peers.UNTIMED} | peers.TIMED
        found.timings.append(speed.html_timing(given.corpora, timed, given.pages, given.seed))
        if FLATTENED in given.only:
            found.timings.append(speed.plain_timing(given.corpora, given.pages, given.seed))
    print("\n".join(report.lines(found)))
    if given.json:
        given.json.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")


def _marked(
    given: argparse.Namespace, corpus: str, chosen: dict[str, peers.Peer], keep: Keeper
) -> tuple[list[scoring.Marked], int]:
    """The marked pages of a collection, and the number of those without a truth."""
    marker = scoring.Marker(corpus, keep, chosen, given.cache)
    all_pages = [marker.of(page) for page in read(given.corpora, corpus)]
    pages = [page for page in all_pages if page is not None]
    return pages, len(all_pages) - len(pages)


def _fill(given: argparse.Namespace, chosen: dict[str, peers.Peer]) -> None:
    for name, peer in chosen.items():
        for corpus in given.only:
            if corpus == FLATTENED:
                continue
            texts = Texts(given.cache, peer, corpus)
            taken = [texts.of(page) for page in read(given.corpora, corpus)]
            raised = sum(one.error is not None for one in taken)
            seconds = sum(one.seconds for one in taken)
            print(
                f"{name:<32} {corpus:<22} {len(taken):>5} pages, {raised} raised, {seconds:.0f} s of CPU",
                flush=True,
            )


def _worst(given: argparse.Namespace, chosen: dict[str, peers.Peer], keep: Keeper) -> None:
    for corpus in given.only:
        pages, _ = _marked(given, corpus, chosen, keep)
        if given.type:
            pages = [page for page in pages if page.type == given.type]
        print(f"{corpus}: the worst of {len(pages)} pages")
        print("\n".join(look.worst(pages, given.worst)))


def _show(given: argparse.Namespace, chosen: dict[str, peers.Peer], keep: Keeper) -> None:
    corpus, _, id = given.show.rpartition(":")
    for name in [corpus] if corpus else given.only:
        page = look.find(read(given.corpora, name), id)
        if page is not None:
            marked = scoring.Marker(name, keep, chosen, given.cache).of(page)
            print("\n".join(look.show(page, keep(page), marked)))
            return
    sys.exit(f"No page {given.show}.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cleaning",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    everything = [*PAGES, FLATTENED]
    parser.add_argument("--corpora", type=Path, required=True, metavar="DIR", help="the labelled collections")
    parser.add_argument(
        "--held-out", type=Path, metavar="FILE", help="texts from held-out folds (.jsonl, .xz)"
    )
    parser.add_argument(
        "--cache", type=Path, metavar="DIR", help="keeps the peers' texts, which are slow to make"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="the report as JSON")
    parser.add_argument("--only", nargs="+", default=everything, choices=everything, metavar="COLLECTION")
    parser.add_argument(
        "--systems", nargs="*", choices=[*peers.PEERS], metavar="PEER", help="only these peers"
    )
    parser.add_argument("--pages", type=int, default=120, help="pages that are timed (0: no timing)")
    parser.add_argument("--seed", type=int, default=1, help="draws the pages that are timed")
    parser.add_argument("--no-rows", dest="rows", action="store_false", help="only the timing")
    parser.add_argument("--worst", type=int, metavar="N", help="list the worst pages of each collection")
    parser.add_argument("--type", help="with --worst: only pages of this type")
    parser.add_argument("--show", metavar="[COLLECTION:]ID", help="one page in detail")
    parser.add_argument("--fill", action="store_true", help="only make the peers' texts")
    given = parser.parse_args()
    if given.fill and not given.cache:
        parser.error("--fill needs --cache")
    return given


if __name__ == "__main__":
    main()
