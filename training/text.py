"""Training of the models of plain text: ``python -m training.text CORPORA [OUTPUTS]``.

Writes the model files into the package, scores by held-out domains to ``training/report-text.md``, and, when
asked, what was made of each
whole page to OUTPUTS, a JSON record a line. The seed is fixed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from training.pages import FOLDS
from training.text_folds import Texts, judged, line_rows, texts, word_scores
from training.text_scores import Made, made, tables
from training.text_sources import Sample, samples
from training.text_words import as_file

MODELS = Path(__file__).parent.parent / "pipeline" / "clean" / "models"
REPORT = Path(__file__).parent / "report-text.md"
SIZE = {"trees": 240, "depth": 6, "rate": 0.08, "l2": 3, "of_features": 0.2, "of_rows": 0.5}

_INTRODUCTION = f"""# Plain text: held-out scores

Written by `python -m training.text CORPORA`. Held out by registered domain in {FOLDS} folds;
what is scored is what the package makes of the held-out judgements. Its models are fitted on all texts.
"""


def train(collected: Iterable[Sample], outputs: Path | None = None) -> str:
    """Fit, write the model files, and return the scores as Markdown."""
    started = time.process_time()
    found = texts(list(collected))
    _say(started, f"{len(found.samples)} texts, {len(found.fold)} lines")
    words, table = word_scores(found)
    names, rows = line_rows(found, words)
    _say(started, f"{len(names)} features")
    raw, trees = judged(found, names, rows, SIZE)
    _say(started, "trees")
    pages = list(made(found, raw))
    report = f"{_INTRODUCTION}\n{tables(found, pages)}\n"
    if outputs is not None:
        _write_outputs(found, pages, outputs)
    MODELS.mkdir(exist_ok=True)
    for name, content in (("line-words", as_file(table).getvalue()), ("text", trees)):
        (MODELS / f"{name}.npz").write_bytes(content)
        report += f"`{name}.npz`: {len(content)} bytes. "
    report += f"Fitted on {len(found.samples)} texts of {len(found.fold)} lines, {len(names)} features; "
    report += ", ".join(f"{name} {value}" for name, value in SIZE.items()) + ".\n"
    print(report, flush=True)
    return report


def _write_outputs(found: Texts, pages: list[Made], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for at, text, confidence in pages:
            sample = found.samples[at]
            if sample.style == "flat":
                record = {"corpus": sample.corpus, "id": sample.id, "text": text, "confidence": confidence}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _say(started: float, what: str) -> None:
    print(f"{time.process_time() - started:6.0f} s  {what}", flush=True)


def main() -> None:
    """Read the arguments, train, write the report."""
    folder = Path(sys.argv[1])
    outputs = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    REPORT.write_text(train(samples(folder), outputs), encoding="utf-8")


if __name__ == "__main__":
    main()
