"""``python -m benchmarks.metadata``: metadata beside its peers on labelled pages.

``benchmarks/metadata/matching.py`` says when a value is right. A system that raises has told nothing. Wrong
values and missed ones are counted apart, and so are values given for what a page does not have.
The folders may also come from FEEDMILL_CORPORA and FEEDMILL_BENCH_CACHE.

    --systems feedmill --corpus fundus --worst authors 30     pages that fail, with all candidates
    --systems feedmill --corpus fundus --worst authors --only wrong
    --show fundus:fundus/de/Taz_2024                          everything about one page
    --systems feedmill --timing 0                             the figures, without the peers
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import msgspec

from benchmarks.cleaning.peers import Peer
from benchmarks.cleaning.texts import Taken, Texts
from benchmarks.metadata import look, ours, peers, scoring
from benchmarks.metadata.documents import Cleaned, documents
from benchmarks.metadata.fields import CORPORA, FIELDS
from training.corpora import Labelled, read


def main() -> None:
    given = _arguments()
    chosen = {name: one for name, one in peers.PEERS.items() if not given.systems or name in given.systems}
    try:
        versions = {name: one.version for name, one in chosen.items()}
    except PackageNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed: pip install -r training/requirements.txt")
    try:
        if given.show:
            _show(given, chosen)
        elif given.worst:
            _worst(given, chosen)
        else:
            _measure(given, chosen, versions)
    except FileNotFoundError as problem:
        sys.exit(str(problem))


def _measure(given: argparse.Namespace, chosen: dict[str, Peer], versions: dict[str, str]) -> None:
    # Here, because they import cleaning: the other ways to use this serve while that is being worked on.
    from benchmarks.metadata import report, rows, speed

    found = report.Report(versions={"Python": platform.python_version()} | versions)
    for corpus in given.corpus:
        if not (given.corpora / f"{corpus}.jsonl.xz").exists():
            found.left_out[corpus] = "not in the folder"
            continue
        pages = list(_looked(given, corpus, chosen))
        found.rows += rows.rows([page.marked for page in pages])
        found.costs.append(report.cost(corpus, [page.own.seconds for page in pages]))
        found.raised |= {f"{corpus}:{one.marked.id}": one.own.error for one in pages if one.own.error}
        found.peers_raised[corpus] = dict(Counter(name for one in pages for name in one.raised))
        refused = [one for one in pages if one.cleaned.document and one.cleaned.document.problem]
        found.refused[corpus] = len(refused)
    if given.timing:
        found.timing = speed.timing(given.corpora, given.corpus, chosen, given.timing, given.seed)
    print("\n".join(report.lines(found)))
    if given.json:
        given.json.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")


def _worst(given: argparse.Namespace, chosen: dict[str, Peer]) -> None:
    field, count = given.worst
    for corpus in given.corpus:
        pages = list(_looked(given, corpus, chosen))
        print("\n".join([corpus, *look.worst(pages, field, count, given.only)]))


def _show(given: argparse.Namespace, chosen: dict[str, Peer]) -> None:
    corpus, _, id = given.show.rpartition(":")
    for name in [corpus] if corpus else given.corpus:
        for page in _looked(given, name, chosen, id):
            print("\n".join(look.show(page)))
            return
    sys.exit(f"No page {given.show}.")


def _looked(
    given: argparse.Namespace, corpus: str, chosen: dict[str, Peer], id: str | None = None
) -> Iterator[look.Looked]:
    """The pages of a collection, or the one of them with that id, with all answers."""
    kept = documents(given.corpora, corpus, given.cache, given.fresh, given.kept)[: given.pages]
    texts = {name: Texts(given.cache, peer, corpus) for name, peer in chosen.items()}
    # Only peers look at the bytes.
    whole: Iterator[Labelled] = read(given.corpora, corpus) if texts else (one.page for one in kept)
    for cleaned, page in zip(kept, whole, strict=False):
        if (id is None or page.id == id) and given.type in (None, page.type):
            yield _answered(cleaned, {name: one.of(page) for name, one in texts.items()})


def _answered(cleaned: Cleaned, others: dict[str, Taken]) -> look.Looked:
    own = ours.answer(cleaned)
    answers = {ours.NAME: own.answer} | {name: peers.answer_of(one.text) for name, one in others.items()}
    raised = {name: one.error for name, one in others.items() if one.error}
    return look.Looked(cleaned, own, answers, scoring.marked(cleaned.page, answers), raised)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.metadata",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    corpora, cache = os.environ.get("FEEDMILL_CORPORA"), os.environ.get("FEEDMILL_BENCH_CACHE")
    parser.add_argument(
        "--corpora", type=Path, metavar="DIR", default=corpora, help="the labelled collections"
    )
    parser.add_argument(
        "--cache", type=Path, metavar="DIR", default=cache, help="keeps cleaned pages and the peers' answers"
    )
    parser.add_argument("--fresh", action="store_true", help="clean the pages anew")
    parser.add_argument(
        "--kept", action="store_true", help="the cleaned pages of the last run, come what may"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="the report as JSON")
    parser.add_argument("--corpus", nargs="+", default=CORPORA, choices=CORPORA, metavar="NAME")
    parser.add_argument(
        "--systems", nargs="+", choices=[ours.NAME, *peers.PEERS], metavar="NAME",
        help=f"{ours.NAME}, which is always there, and these: {', '.join(peers.PEERS)}",
    )  # fmt: skip
    parser.add_argument("--pages", type=int, metavar="N", help="only the first pages of each collection")
    parser.add_argument("--timing", type=int, default=120, metavar="N", help="pages that are timed (0: none)")
    parser.add_argument("--seed", type=int, default=1, help="draws the pages that are timed")
    parser.add_argument(
        "--worst", nargs="+", metavar=("FIELD", "N"), help=f"pages that fail in a field: {', '.join(FIELDS)}"
    )
    parser.add_argument("--only", choices=look.FAILURES, help="with --worst: this kind of failure")
    parser.add_argument("--type", help="only pages of this type")
    parser.add_argument("--show", metavar="[COLLECTION:]ID", help="one page in detail")
    given = parser.parse_args()
    if given.corpora is None:
        parser.error("say where the labelled pages are: --corpora DIR")
    if given.worst:
        field, *count = given.worst
        if field not in FIELDS or len(count) > 1 or not all(one.isdigit() for one in count):
            parser.error(f"--worst FIELD [N], with a field of: {', '.join(FIELDS)}")
        given.worst = field, int(count[0]) if count else 20
    return given


if __name__ == "__main__":
    main()
