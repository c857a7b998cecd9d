"""Training of the models of plain text: ``python -m training.text CORPORA [OUTPUTS]``.

Writes the model files into the package, scores by held-out domains to ``training/report-text.md``, and, when
asked, what was made of each whole page to OUTPUTS, a JSON record a line. One thread, fixed seeds.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from training.text_folds import Texts, chosen_rows, judged, line_rows, texts, word_scores
from training.text_model import as_file, exported, fit_trees
from training.text_scores import Made, made, tables
from training.text_sources import Sample, samples

MODELS = Path(__file__).parent.parent / "pipeline" / "clean" / "models"
REPORT = Path(__file__).parent / "report-text.md"
TREES = 180


def train(collected: Iterable[Sample], outputs: Path | None = None) -> str:
    """Fit, write the model files, and return the scores as Markdown."""
    started = time.process_time()
    found = texts(list(collected))
    _say(started, f"{len(found.samples)} texts, {len(found.fold)} lines")
    words, table = word_scores(found)
    names, rows = line_rows(found, words)
    _say(started, f"{len(names)} features")
    raw = judged(found, names, rows, TREES)
    _say(started, "held-out judgements")
    pages = list(made(found, raw))
    report = tables(found, pages)
    print(report, flush=True)
    if outputs is not None:
        _write_outputs(found, pages, outputs)
    fit = chosen_rows(found)
    about = {"lines": len(found.fold), "texts": len(found.samples), "seed": "see training/text_model.py"}
    model = fit_trees(rows[fit], found.story[fit], found.weight[fit], TREES)
    files = {"line-words": table, "text": exported(model, names, about)}
    _say(started, "fitted on all")
    MODELS.mkdir(exist_ok=True)
    for name, arrays in files.items():
        content = as_file(arrays).getvalue()
        (MODELS / f"{name}.npz").write_bytes(content)
        report += f"\n`{name}.npz`: {len(content)} bytes."
    minutes = (time.process_time() - started) / 60
    return report + f"\n\nFitted in {minutes:.0f} minutes of one processor, after the pages were read.\n"


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
