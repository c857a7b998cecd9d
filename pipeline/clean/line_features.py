"""Features of the lines of a text: what each line looks like, says, and stands beside."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.clean import line_characters as characters
from pipeline.clean import line_marks
from pipeline.clean.line_characters import Lines
from pipeline.clean.line_series import Along, before, shifted

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

#: a line of prose has so many words and a stop or comma; a line of long prose ends with a stop, too
PROSE_WORDS = 8
_LONG_PROSE_WORDS = 20
#: lines before and after that count as near and as around
_AROUND = 6
_REACHES = (2, _AROUND, 15)
#: marks whose distance is a feature
_MARKS = {
    "byline": line_marks.BYLINE,
    "date": line_marks.DATE,
    "aside": line_marks.ASIDE,
    "end": line_marks.END,
    "leftover": line_marks.LEFTOVER,
}

Columns = dict[str, Any]


def features(lines: list[str], numbers: Lines, lexical: Floats) -> tuple[tuple[str, ...], Floats, list[int]]:
    """Names and values (names x lines) of the features, and each line's marks (see `line_marks`).

    Args:
        lines: of a text, none of them empty; at least one.
        numbers: the same lines as `line_characters.read` gives them.
        lexical: log-odds of each line's words, see `LineWords.score`.
    """
    digits = (numbers.kinds[characters.DIGIT] > 0).tolist()
    counts = numbers.words.astype(np.int64).tolist()
    marks = [line_marks.mark(*one) for one in zip(lines, counts, digits, strict=True)]
    columns: Columns = {}
    along = Along(len(lines))
    _looks(numbers, columns)
    prose, long_prose = _prose(numbers)
    flags = np.array(marks)
    _surroundings(numbers, along, prose, long_prose, columns)
    _marked(numbers.words * prose, along, flags, columns)
    _wording(numbers, along, lexical, columns)
    _topic(numbers, prose, columns)
    _repetition(numbers, along, columns)
    _series(numbers, along, columns)
    _page(numbers, prose, long_prose, lexical, columns)
    values = np.empty((len(columns), len(lines)), np.float32)
    for row, column in zip(values, columns.values(), strict=True):
        row[:] = column
    return tuple(columns), values, marks


def _prose(numbers: Lines) -> tuple[Flags, Flags]:
    kinds = numbers.kinds
    prose = (numbers.words >= PROSE_WORDS) & (kinds[characters.STOP] + kinds[characters.COMMA] > 0)
    return prose, (numbers.words >= _LONG_PROSE_WORDS) & _stops(numbers)


def _stops(numbers: Lines) -> Flags:
    """Whether lines end with a stop, or with a quote or bracket after one."""
    closed = (numbers.last == characters.QUOTE) | (numbers.last == characters.BRACKET)
    found: Flags = (numbers.last == characters.STOP) | (closed & (numbers.kinds[characters.STOP] > 0))
    return found


def _looks(numbers: Lines, columns: Columns) -> None:
    kinds, words = numbers.kinds, numbers.words
    counted = np.maximum(words, 1)
    length = np.maximum(kinds.sum(axis=0), 1)
    letters = kinds[characters.LETTER] + kinds[characters.CAPITAL]
    dense = kinds[characters.IDEOGRAPH] + kinds[characters.SOUTH_EAST]
    starts = np.bincount(numbers.line_of, numbers.capital, len(words))
    tokens = np.maximum(np.diff(numbers.token_starts), 1)
    columns["words"] = words
    columns["length"] = length
    columns["digits_share"] = kinds[characters.DIGIT] / length
    columns["capitals_share"] = kinds[characters.CAPITAL] / np.maximum(letters, 1)
    columns["capitalised"] = starts / tokens
    columns["stops"] = kinds[characters.STOP]
    columns["words_a_stop"] = words / np.maximum(kinds[characters.STOP], 1)
    columns["commas"] = kinds[characters.COMMA] / counted
    columns["brackets"] = kinds[characters.BRACKET] / counted
    columns["bars"] = kinds[characters.BAR] / counted
    columns["dashes"] = kinds[characters.DASH] / counted
    columns["signs"] = kinds[characters.SIGN] / counted
    columns["last"] = numbers.last
    columns["ends_sentence"] = _stops(numbers)
    columns["unspaced"] = dense / length


def _surroundings(numbers: Lines, along: Along, prose: Flags, long_prose: Flags, columns: Columns) -> None:
    words, count, at = numbers.words.astype(np.float64), len(numbers.words), along.at
    prose_words = words * prose
    total, total_prose = max(1.0, words.sum()), max(1.0, prose_words.sum())
    columns["place"] = at / count
    columns["lines_before"] = np.minimum(at, 500)
    columns["lines_after"] = np.minimum(count - 1 - at, 500)
    columns["words_before"] = before(words) / total
    columns["prose_before"] = before(prose_words)
    columns["prose_before_share"] = before(prose_words) / total_prose
    columns["prose_after"] = before(prose_words[::-1])[::-1]
    for name, flags in (("prose", prose), ("long_prose", long_prose)):
        columns[f"since_{name}"] = along.since(flags)
        columns[f"until_{name}"] = along.until(flags)
    of_prose, of_all = along.windowed(prose_words, *_REACHES), along.windowed(words, *_REACHES)
    for reach, sums, all_sums in zip(_REACHES, of_prose, of_all, strict=True):
        columns[f"prose_{reach}"], columns[f"words_{reach}"] = sums, all_sums
    (columns["stops_6"],) = along.windowed(_stops(numbers), _AROUND)
    (columns["capitalised_6"],) = along.windowed(columns["capitalised"], _AROUND)
    (columns["digits_6"],) = along.windowed(columns["digits_share"], _AROUND)
    for by in (-1, 1, 2, 3):
        columns[f"words_at_{by}"] = shifted(words, by, -1)
    for by in (-2, -1, 1, 2):
        columns[f"last_at_{by}"] = shifted(numbers.last, by, -1)


def _marked(prose_words: Floats, along: Along, marks: NDArray[np.int64], columns: Columns) -> None:
    for name, mark in _MARKS.items():
        flags = marks & mark > 0
        columns[f"since_{name}"] = along.since(flags)
        if mark & (line_marks.BYLINE | line_marks.DATE):
            columns[f"until_{name}"] = along.until(flags)
    (columns["leftovers_6"],) = along.windowed(marks >= line_marks.ASIDE, _AROUND)
    columns["ends_before"] = before(marks & line_marks.END > 0)
    # Prose since the last heading of comments or other stories: does the story go on behind it?
    after = marks & (line_marks.END | line_marks.ASIDE) > 0
    running = before(prose_words)
    columns["prose_since_aside"] = running - np.maximum.accumulate(np.where(after, running, 0.0))


def _wording(numbers: Lines, along: Along, lexical: Floats, columns: Columns) -> None:
    words = numbers.words.astype(np.float64)
    weight = np.minimum(words, 30) + 1
    columns["lexical"], columns["lexical_start"], columns["lexical_end"] = lexical
    lexical = lexical[0]
    weighted, weights = along.windowed(lexical * weight, *_REACHES), along.windowed(weight, *_REACHES)
    for reach, sums, all_sums in zip(_REACHES, weighted, weights, strict=True):
        columns[f"lexical_{reach}"] = sums / all_sums
    for by in (-2, -1, 1, 2):
        columns[f"lexical_at_{by}"] = shifted(lexical, by, -5)
    good = np.maximum(lexical, 0) * weight
    total = max(1.0, good.sum())
    columns["good_before"] = before(good) / total


def _topic(numbers: Lines, prose: Flags, columns: Columns) -> None:
    """How far a line's rarer words stand in the page's other lines of prose: what a line is about."""
    tokens, line_of, count = numbers.tokens, numbers.line_of, len(numbers.words)
    if not len(tokens):
        columns["topic"] = columns["topic_words"] = columns["vocabulary"] = np.zeros(count)
        return
    _, number = np.unique(tokens, return_inverse=True)
    in_prose = prose[line_of]
    often = np.bincount(number, in_prose)
    # Lines that hold a word, in prose: a word of the line itself does not count.
    pairs = np.sort(number.astype(np.int64) * count + line_of)
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])]
    lines_with = np.bincount(pairs // count, prose[pairs % count], len(often))
    elsewhere = lines_with[number] - in_prose
    rare = lines_with[number] <= max(2.0, prose.sum() * 0.3)
    of_rare = np.bincount(line_of, rare, count)
    shared = np.bincount(line_of, rare & (elsewhere > 0), count)
    columns["topic"] = (shared + 0.5) / (of_rare + 1.0)
    columns["topic_words"] = shared
    columns["vocabulary"] = np.bincount(line_of, np.minimum(often[number], 30), count) / np.maximum(
        np.bincount(line_of, minlength=count), 1
    )


def _repetition(numbers: Lines, along: Along, columns: Columns) -> None:
    count = len(numbers.words)
    _, number, times = np.unique(numbers.hashes, return_inverse=True, return_counts=True)
    columns["times"] = times[number]
    order = np.argsort(number, kind="stable")
    first = np.concatenate(([True], number[order][1:] != number[order][:-1]))
    rank = along.at - np.maximum.accumulate(np.where(first, along.at, 0))
    seen = np.empty(count)
    seen[order] = rank
    columns["seen_before"] = seen
    twice = (times[number] > 1) & (numbers.words >= 3)
    columns["since_twice"] = along.since(twice)
    columns["twice_before"] = before(twice)
    columns["often_3"], columns["often_10"] = along.windowed(times[number] > 2, 3, 10)


def _series(numbers: Lines, along: Along, columns: Columns) -> None:
    """Comments and teasers come in series: of the same openings, of the same shape."""
    opening = _openings(numbers)
    _, number, times = np.unique(opening, return_inverse=True, return_counts=True)
    columns["openings"] = times[number]
    shape = (
        numbers.first * 1000
        + numbers.last * 50
        + np.minimum(np.log2(numbers.words + 1) * 2, 40).astype(np.int64)
    )
    for by in (1, 2, 3, 4):
        alike = shape == shifted(shape, by, -1)
        (columns[f"alike_{by}"],) = along.windowed(alike, 8)


def _openings(numbers: Lines) -> NDArray[np.int64]:
    """A number for the first two words of each line; lines without two words have one of their own."""
    tokens, starts = numbers.tokens.astype(np.int64), numbers.token_starts
    at, many = starts[:-1], np.diff(starts) > 1
    found = -1 - np.arange(len(at))
    found[many] = tokens[at[many]] * 31 + tokens[at[many] + 1]
    return found


def _page(numbers: Lines, prose: Flags, long_prose: Flags, lexical: Floats, columns: Columns) -> None:
    words, count = numbers.words.astype(np.float64), len(numbers.words)
    total = max(1.0, words.sum())
    columns |= {
        "page_words": total,
        "page_lines": count,
        "page_words_a_line": total / count,
        "page_prose": (words * prose).sum() / total,
        "page_long_prose": (words * long_prose).sum() / total,
        "page_prose_lines": prose.mean(),
        "page_lexical": (lexical[0] * (words + 1)).sum() / (words + 1).sum(),
        "page_short": (words < 5).mean(),
        "page_prose_words": (words * prose).sum() / max(1, prose.sum()),
    }


def names() -> tuple[str, ...]:
    """Names of the features, in order."""
    line = ["a"]
    return features(line, characters.read(line), np.zeros((3, 1), np.float32))[0]
