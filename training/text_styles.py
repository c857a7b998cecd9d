"""The forms in which texts of pages come: flattened, copied with some surroundings, clean, wrapped."""

from __future__ import annotations

import random
import textwrap
import zlib
from collections.abc import Callable, Sequence

from pipeline.clean.lines.wrapping import paragraphs
from training.measure import words
from training.text_pages import Line


def _random(seed: str) -> random.Random:
    return random.Random(zlib.crc32(seed.encode()))


def flat(lines: Sequence[Line], chance: random.Random) -> list[Line]:
    """The whole page."""
    return list(lines)


def region(lines: Sequence[Line], chance: random.Random) -> list[Line]:
    """The story with some of the lines above and below it, as people copy pages."""
    inside = [at for at, line in enumerate(lines) if line.story >= 0.5 and line.weight > 0.5]
    if not inside:
        return []
    first, last = inside[0], inside[-1]
    above, below = chance.choice((0, 2, 4, 8, 15)), chance.choice((0, 1, 3, 6, 12, 25))
    return list(lines[max(0, first - above) : last + 1 + below])


def sparse(lines: Sequence[Line], chance: random.Random) -> list[Line]:
    """The story with a few of the lines near it: text that somebody else has cleaned, but not well."""
    kept = chance.choice((0.1, 0.25, 0.5))
    near = region(lines, chance)
    return [line for line in near if line.story >= 0.5 or chance.random() < kept]


def clean(lines: Sequence[Line], chance: random.Random) -> list[Line]:
    """The story alone."""
    return [line for line in lines if line.story >= 0.5 and line.weight > 0.5]


def part(lines: Sequence[Line], chance: random.Random) -> list[Line]:
    """A short run of the story alone, from its start: a flash."""
    story = clean(lines, chance)
    return story[: chance.choice((1, 2, 3, 5))]


Style = Callable[[Sequence[Line], random.Random], list[Line]]
STYLES: dict[str, Style] = {"flat": flat, "region": region, "sparse": sparse, "clean": clean, "part": part}


def styled(lines: Sequence[Line], style: str, wrapped: bool, seed: str) -> list[Line]:
    """The lines of a page in a style, as the run-time code would see them, with their shares anew.

    Wrapped text is set at a random width, with or without blank lines, and put together again by
    `pipeline.clean.lines.wrapping`, with that module's mistakes.
    """
    chance = _random(f"{seed}/{style}/{wrapped}")
    chosen = STYLES[style](lines, chance)
    if not chosen:
        return []
    if wrapped:
        width, gap = chance.randint(60, 100), chance.choice(("\n", "\n\n"))
        text = gap.join(
            textwrap.fill(line.text, width, break_long_words=False, break_on_hyphens=False) or line.text
            for line in chosen
        )
    else:
        text = "\n".join(line.text for line in chosen)
    return again(chosen, paragraphs(text))


def again(lines: Sequence[Line], cut: Sequence[str]) -> list[Line]:
    """The same words in other lines: each takes the shares and weights of the words it holds."""
    if len(lines) == len(cut):
        return [line._replace(text=text) for line, text in zip(lines, cut, strict=True)]
    spread = [(line.story, line.weight) for line in lines for _ in words(line.text)]
    found, at = [], 0
    for text in cut:
        held = spread[at : at + len(words(text))]
        at += len(held)
        if held:
            story, weight = (sum(values) / len(held) for values in zip(*held, strict=True))
            found.append(Line(text, story, weight))
        else:
            found.append(Line(text, 0.0, 0.2))
    return found
