"""Scores of held-out judgements, and the texts they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.clean.lines.marks import mark_all
from pipeline.clean.lines.model import Judged
from pipeline.clean.lines.reading import Story, take_apart
from training.measure import Snippets, snippets, word_score
from training.text_folds import Texts


class Made(NamedTuple):
    """A text made of one sample."""

    at: int
    text: str
    confidence: float


def made(found: Texts, raw: NDArray[np.float32]) -> Iterator[Made]:
    """The texts that held-out log-odds make, by the code that makes them at run time."""
    for at, sample in enumerate(found.samples):
        lines, numbers = [line.text for line in sample.lines], found.numbers[at]
        chances = 1 / (1 + np.exp(-raw[found.of(at)]))
        story: Story = take_apart(Judged(lines, chances, numbers.words, mark_all(lines, numbers)))
        yield Made(at, "\n".join(story.body), story.confidence)


def tables(found: Texts, texts: list[Made]) -> str:
    """Scores by collection, language and style, as Markdown."""
    bodies: dict[str, list[tuple[float, float]]] = defaultdict(list)
    languages: dict[str, list[float]] = defaultdict(list)
    styles: dict[str, list[tuple[float, float]]] = defaultdict(list)
    held: dict[str, Snippets] = defaultdict(Snippets)
    for at, text, confidence in texts:
        sample = found.samples[at]
        if sample.body is not None:
            kind = "articles" if sample.type == "article" else "other pages"
            value = word_score(text, sample.body).f1
            bodies[f"{sample.corpus}, {kind}"].append((value, confidence))
            languages[sample.language or ("en" if sample.corpus.endswith("-dev") else "?")].append(value)
        elif sample.style == "flat":
            held[sample.corpus] += snippets(text, sample.wanted, sample.unwanted)
        else:
            truth = "\n".join(line.text for line in sample.lines if line.story >= 0.5)
            styles[sample.style].append(word_score(text, truth)[1:])
    parts = [_pages(bodies), _forms(styles), _languages(languages)]
    for name, count in sorted(held.items()):
        if count.found + count.missed:
            shares = ", ".join(f"{kind} {value:.3f}" for kind, value in count.score._asdict().items())
            parts.append(f"Snippets of {name}: {shares}.")
    return "\n\n".join(parts) + "\n"


def _pages(bodies: dict[str, list[tuple[float, float]]]) -> str:
    out = [
        "| whole pages, flattened | texts | word-F1 | median | below .8 | confidence ~ F1 |",
        "|---|---|---|---|---|---|",
    ]
    for name, pairs in sorted(bodies.items()):
        values, sure = np.array(pairs).T
        agree = np.corrcoef(values, sure)[0, 1] if len(values) > 5 else np.nan
        low = (values < 0.8).mean()
        out.append(
            f"| {name} | {len(values)} | {values.mean():.4f} | {np.median(values):.3f} | {low:.3f}"
            f" | {agree:.2f} |"
        )
    return "\n".join(out)


def _forms(styles: dict[str, list[tuple[float, float]]]) -> str:
    out = ["| other forms | texts | recall of the story | word-F1 |", "|---|---|---|---|"]
    for name, pairs in sorted(styles.items()):
        recall, value = np.mean(pairs, axis=0)
        out.append(f"| {name} | {len(pairs)} | {recall:.4f} | {value:.4f} |")
    return "\n".join(out)


def _languages(languages: dict[str, list[float]]) -> str:
    out = ["| language | texts | word-F1 |", "|---|---|---|"]
    for name, values in sorted(languages.items(), key=lambda item: (-len(item[1]), item[0])):
        out.append(f"| {name} | {len(values)} | {np.mean(values):.3f} |")
    return "\n".join(out)
