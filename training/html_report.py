"""The report of a training: scores of held-out pages by collection, kind of page and language; sizes."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.measure import Score, Snippets, snippets, word_score
from training.pages import PageData, truth_of

_LEAST = 5


def write_report(
    path: Path,
    corpora: Path,
    pages: Sequence[PageData],
    outputs: list[dict[str, Any]],
    files: dict[str, bytes],
) -> None:
    """Write the report as Markdown. ``outputs`` are the held-out texts, one for each page."""
    scores: dict[str, list[tuple[Score, float]]] = defaultdict(list)
    counts: dict[str, Snippets] = defaultdict(Snippets)
    refused: dict[str, int] = defaultdict(int)
    for page, output in zip(pages, outputs, strict=True):
        one = page.page
        truth = truth_of(one)
        if truth is None:
            found = snippets(output["text"], one.truth.get("with") or [], one.truth.get("without") or [])
            counts[one.corpus] += found
            continue
        score = word_score(output["text"], truth), float(output["confidence"])
        rows = [one.corpus, f"{one.corpus}, {one.type}"]
        if one.language and one.corpus == "fundus":
            rows.append(f"{one.corpus}, {one.language}")
        for row in dict.fromkeys(rows):
            scores[row].append(score)
            refused[row] += output["problem"] is not None
    path.write_text("\n".join(_lines(corpora, scores, counts, refused, files)) + "\n")


def _lines(
    corpora: Path, scores: dict[str, list[tuple[Score, float]]], counts: dict[str, Snippets],
    refused: dict[str, int], files: dict[str, bytes],
) -> list[str]:  # fmt: skip
    digest = hashlib.sha256((corpora / "README.md").read_bytes()).hexdigest()[:16]
    lines = [
        "# Cleaning of HTML: scores on held-out pages",
        "",
        "Made by `python -m training.html`; each page was scored by models that never saw its registered",
        "domain. Word precision, recall and F1 are means over pages; unspaced scripts count by characters.",
        "Of a page that is refused (`no_article`) the best cut there was is counted.",
        f"Collections: README with SHA-256 {digest}...",
        "",
        "| pages | | P | R | F1 | F1 < .5 | refused | correlation of confidence with F1 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row, values in sorted(scores.items()):
        if len(values) < _LEAST:
            continue
        mean = np.mean([score for score, _ in values], axis=0)
        f1 = np.array([score.f1 for score, _ in values])
        sure = np.array([confidence for _, confidence in values])
        agreement = float(np.corrcoef(sure, f1)[0, 1]) if f1.std() and sure.std() else float("nan")
        lines.append(
            f"| {row} | {len(values)} | {mean[0]:.3f} | {mean[1]:.3f} | {mean[2]:.4f} "
            f"| {(f1 < 0.5).mean():.3f} | {refused[row]} | {agreement:.2f} |"
        )
    lines += [
        "",
        "| snippets | P | R | F1 | found | missed | leaked | kept out |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row, found in sorted(counts.items()):
        p, r, f1 = found.score
        lines.append(f"| {row} | {p:.3f} | {r:.3f} | {f1:.4f} | " + " | ".join(map(str, found)) + " |")
    lines += ["", "| model | bytes |", "|---|---|"]
    lines += [f"| {name} | {len(content):,} |" for name, content in sorted(files.items())]
    return lines
