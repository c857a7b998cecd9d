"""``python -m training.html CORPORA``: train the scorer of HTML pages, and say how good it is.

Four models come of it, in the package's folder of models: tables of words and of names, and the trees of two
passes. All is held out by registered domain: what scores a page in the report, and what later models learn
from, was trained on the other folds. One seed, the same result each time on one machine.
"""

from __future__ import annotations

import argparse
import gc
import io
import lzma
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipeline.clean.encoding.decode import to_utf8
from pipeline.clean.lines import words as line_words
from pipeline.clean.lines.words import LineWords
from pipeline.clean.markup import read_markup
from pipeline.clean.scoring import name_words, second_pass
from pipeline.clean.scoring.features import features
from pipeline.clean.scoring.name_words import NameWords
from pipeline.clean.scoring.scorer import MODELS, Scorer, feature_names
from pipeline.clean.scoring.sheet import Sheet
from pipeline.model import Page
from training import boost, priors
from training.html_report import write_report
from training.pages import FOLDS, PageData, load

Floats = NDArray[np.float32]

#: strength of the priors' regularisation (chosen on the held-out folds)
WORDS_ALPHA, NAMES_ALPHA = 2e-5, 1e-4
#: of rows with few words, which are most of all rows and weigh little, this share is learned from
SMALL_WORDS, SMALL_SHARE = 4, 0.3
FIRST = {"trees": 500, "rate": 0.04, "l2": 3, "of_features": 0.2, "of_rows": 0.5}
SECOND = {"trees": 250, "rate": 0.1}


class Rows:
    """All pieces of all pages, page after page."""

    def __init__(self, pages: Sequence[PageData]) -> None:
        self.pages = pages
        self.label = np.concatenate([page.label for page in pages])
        self.weight = np.concatenate([page.weight for page in pages])
        self.fold = np.concatenate([np.full(len(page.label), page.fold) for page in pages])
        words = np.concatenate([page.numbers.words for page in pages])
        small = words <= SMALL_WORDS
        dropped = small & (np.random.default_rng(boost.SEED).random(len(words)) > SMALL_SHARE)
        self.sampled = np.where(dropped, 0, np.where(small, self.weight / SMALL_SHARE, self.weight))

    def slices(self) -> list[slice]:
        ends = np.cumsum([len(page.label) for page in self.pages]).tolist()
        return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]


class Bundle:
    """The four models of one fold, or of all folds together."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def scorer(self) -> Scorer:
        return Scorer(*(io.BytesIO(self.files[name]) for name in MODELS))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.html", description=__doc__)
    parser.add_argument("corpora", type=Path, help="folder of the collections")
    parser.add_argument("--models", type=Path, default=Path("pipeline/clean/models"))
    parser.add_argument("--report", type=Path, default=Path("training/report-html.md"))
    parser.add_argument("--held-out", type=Path, help="write the held-out texts here, as JSON lines in xz")
    asked = parser.parse_args()
    started = time.monotonic()
    gc.disable()
    rows = Rows(list(load(asked.corpora)))
    _say(started, f"{len(rows.pages)} pages, {len(rows.label)} pieces")
    folds, whole = train(rows, started)
    asked.models.mkdir(parents=True, exist_ok=True)
    for name, content in whole.files.items():
        (asked.models / f"{name}.npz").write_bytes(content)
    outputs = held_out_texts(rows.pages, folds)
    if asked.held_out:
        with lzma.open(asked.held_out, "wt") as out:
            out.writelines(msgspec.json.encode(one).decode() + "\n" for one in outputs)
    write_report(asked.report, asked.corpora, rows.pages, outputs, whole.files)
    _say(started, f"report in {asked.report}")


def train(rows: Rows, started: float) -> tuple[list[Bundle], Bundle]:
    """The models of each fold (trained on the others), and those of all."""
    folds, whole = [Bundle() for _ in range(FOLDS)], Bundle()
    _tables(rows, folds, whole)
    _say(started, "tables of words and names")
    first = _first_features(rows, folds)
    once, twice = feature_names()
    odds = _trees(rows, first, once, "html-first", FIRST, folds, whole)
    _say(started, "first pass")
    second = np.concatenate([first, _second_features(rows, odds)], axis=1)
    _trees(rows, second, twice, "html-second", SECOND, folds, whole)
    _say(started, "second pass")
    return folds, whole


def _tables(rows: Rows, folds: list[Bundle], whole: Bundle) -> None:
    for name, size, entries, alpha in (
        ("html-words", 1 << line_words.BITS, priors.word_entries, WORDS_ALPHA),
        ("html-names", 1 << name_words.BITS, priors.name_entries, NAMES_ALPHA),
    ):
        hashed = priors.Rows(rows.pages, size, entries)
        for fold, bundle in enumerate(folds):
            table = priors.fit(hashed, rows.label, rows.weight, rows.fold != fold, alpha)
            bundle.files[name] = table.file()
        table = priors.fit(hashed, rows.label, rows.weight, np.ones(len(rows.label), bool), alpha)
        whole.files[name] = table.file()


def _first_features(rows: Rows, folds: list[Bundle]) -> Floats:
    words = [LineWords(io.BytesIO(bundle.files["html-words"])) for bundle in folds]
    names = [NameWords(io.BytesIO(bundle.files["html-names"])) for bundle in folds]
    matrix = np.empty((len(rows.label), len(feature_names()[0])), np.float32)
    for page, where in zip(rows.pages, rows.slices(), strict=True):
        numbers = page.numbers
        names_say = names[page.fold].score(numbers.looks).take(numbers.kind)
        sheet = features(page.tree, words[page.fold].score(numbers.lines), names_say, numbers)
        matrix[where] = sheet.matrix.T
    return matrix


def _second_features(rows: Rows, odds: Floats) -> Floats:
    parts = []
    for page, where in zip(rows.pages, rows.slices(), strict=True):
        sheet = Sheet(len(page.label))
        second_pass.add(sheet, page.numbers, odds[where])
        parts.append(sheet.matrix.T)
    return np.concatenate(parts)


def _trees(
    rows: Rows, matrix: Floats, names: list[str], model: str, size: dict[str, Any], folds: list[Bundle],
    whole: Bundle,
) -> Floats:  # fmt: skip
    """Train a pass for each fold and for all; the held-out log-odds of every row."""
    odds = np.zeros(len(rows.label), np.float32)
    about = {"seed": boost.SEED, "pages": len(rows.pages), **size}
    for fold, bundle in enumerate(folds):
        others = rows.fold != fold
        learned = others & (rows.sampled > 0)
        bundle.files[model] = boost.fit(
            matrix[learned], rows.label[learned], rows.sampled[learned], names, about, **size
        )
        odds[~others] = boost.score(bundle.files[model], matrix[~others], names)
    learned = rows.sampled > 0
    whole.files[model] = boost.fit(
        matrix[learned], rows.label[learned], rows.sampled[learned], names, about, **size
    )
    return odds


def held_out_texts(pages: Sequence[PageData], folds: list[Bundle]) -> list[dict[str, Any]]:
    """What the package would make of each page with the models that never saw its registered domain."""
    scorers = [bundle.scorer() for bundle in folds]
    outputs = []
    for one in pages:
        page = Page(body=one.page.content, digest="", key=one.page.url or one.page.id, url=one.page.url)
        document = read_markup(to_utf8(page.body), page, False, trained=scorers[one.fold])
        outputs.append(
            {
                "corpus": one.page.corpus,
                "id": one.page.id,
                "text": "\n".join(block.text for block in document.blocks),
                "confidence": document.confidence,
                "problem": document.problem.message if document.problem else None,
            }
        )
    return outputs


def _say(started: float, what: str) -> None:
    print(f"{time.monotonic() - started:6.0f} s  {what}", flush=True)


if __name__ == "__main__":
    main()
