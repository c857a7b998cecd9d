"""Features of the lines of a text: what each line looks like, says, and stands beside."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.clean import characters
from pipeline.clean.characters import Lines
from pipeline.clean.lines import marks as line_marks
from pipeline.clean.lines.series import runs, shifted, since
from pipeline.clean.scoring.sheet import Flags, Floats, Sheet, in_groups
from pipeline.clean.scoring.sums import Sums

#: a line of prose has so many words and a stop or comma; a line of long prose ends with a stop, too
PROSE_WORDS = 8
_LONG_PROSE_WORDS = 20
#: lines before and after that count as near and as around
_REACHES = (2, 6, 15)
_AROUND = 6
#: what a line that is no prose takes from a stretch of prose, in words
_TOLL = 8.0
#: cap of distances from a stretch, in lines
_FAR = np.float32(60)
#: marks whose distance is a feature
_MARKS = np.array(
    [line_marks.BYLINE, line_marks.DATE, line_marks.ASIDE, line_marks.END, line_marks.LEFTOVER]
)[:, None]
#: a line's number takes so many bits beside a word's hash
_LINE_BITS = np.uint64(31)
_LINE_MASK = np.uint64((1 << 31) - 1)


def features(lines: list[str], numbers: Lines, lexical: Floats) -> tuple[tuple[str, ...], Floats, list[int]]:
    """Names and values (names x lines) of the features, and each line's marks (see `line_marks`).

    Args:
        lines: of a text, none of them empty; at least one.
        numbers: the same lines as `line_characters.read` gives them.
        lexical: log-odds of each line's words, see `LineWords.score`.
    """
    marks = line_marks.mark_all(lines, numbers)
    kinds_of_lines = np.array(marks)
    sheet = Sheet(len(lines))
    stops = _stops(numbers)
    looks = _looks(numbers, stops, sheet)
    prose = (numbers.words >= PROSE_WORDS) & (
        numbers.kinds[characters.STOP] + numbers.kinds[characters.COMMA] > 0
    )
    long_prose = (numbers.words >= _LONG_PROSE_WORDS) & stops
    twice = _surroundings(numbers, prose, lexical, looks, kinds_of_lines, sheet)
    _distances(numbers, long_prose, twice, kinds_of_lines, sheet)
    _stretches(numbers, prose, lexical, sheet)
    _topic(numbers, prose, sheet)
    sheet.add(("lexical", "lexical_start", "lexical_end"), lexical)
    _page(numbers, prose, long_prose, lexical, sheet)
    return tuple(sheet.names), sheet.matrix, marks


def _stops(numbers: Lines) -> Flags:
    """Whether lines end with a stop, or with a quote or bracket after one."""
    closed = (numbers.last == characters.QUOTE) | (numbers.last == characters.BRACKET)
    found: Flags = (numbers.last == characters.STOP) | (closed & (numbers.kinds[characters.STOP] > 0))
    return found


_LOOKS = (
    "words", "length", "digits", "capitals", "capitalised", "stops", "words_a_stop", "commas",
    "bars", "dashes", "signs", "last", "ends_sentence", "unspaced",
)  # fmt: skip
_A_WORD = [characters.COMMA, characters.BAR, characters.DASH, characters.SIGN]


def _looks(numbers: Lines, stops: Flags, sheet: Sheet) -> Floats:
    kinds, words = numbers.kinds, numbers.words
    length = np.maximum(kinds.sum(axis=0), 1)
    starts = np.bincount(numbers.line_of, numbers.capital, len(words))
    rows = sheet.rows(_LOOKS)
    rows[0], rows[1] = words, length
    rows[2] = kinds[characters.DIGIT] / length
    rows[3] = kinds[characters.CAPITAL] / np.maximum(kinds[characters.LETTER] + kinds[characters.CAPITAL], 1)
    rows[4] = starts / np.maximum(np.diff(numbers.token_starts), 1)
    rows[5] = kinds[characters.STOP]
    rows[6] = words / np.maximum(kinds[characters.STOP], 1)
    np.divide(kinds[_A_WORD], np.maximum(words, 1), out=rows[7:11])
    rows[11], rows[12] = numbers.last, stops
    rows[13] = (kinds[characters.IDEOGRAPH] + kinds[characters.SOUTH_EAST]) / length
    return rows


#: rows of what is summed: over all reaches, over one, and over all lines before
_SUMMED = [
    *(f"{name}_{reach}" for reach in _REACHES for name in ("prose", "words", "lexical")),
    "stops_6", "capitalised_6", "digits_6", "leftovers_6", "dates_6", "alike_1_6", "alike_2_6", "often_6",
]  # fmt: skip
_PROSE, _WORDS, _LEXICAL, _WEIGHT, _STOPS, _CAPITALISED, _DIGITS, _LEFTOVERS, _DATES = range(9)
_ALIKE, _OFTEN, _GOOD, _ENDS, _TWICE, _ROWS = 9, 11, 12, 13, 14, 15
_RUNNING = (
    "words_before", "prose_before", "prose_before_share", "good_before", "ends_before", "twice_before",
    "prose_since_aside", "times", "seen",
)  # fmt: skip
_NEAR = [*(f"lexical_at_{by}" for by in (-2, -1, 1)), *(f"last_at_{by}" for by in (-1, 1))]


def _surroundings(
    numbers: Lines, prose: Flags, lexical: Floats, looks: Floats, marks: NDArray[np.int64], sheet: Sheet
) -> Flags:
    """Sums over windows, over all lines before, and the neighbours themselves; which lines recur."""
    words = numbers.words
    group, seen = in_groups(numbers.hashes)
    times = np.bincount(group).take(group)
    twice = (times > 1) & (words >= 3)
    weight = np.minimum(words, 30) + 1
    shape = numbers.first * 1000 + numbers.last * 50 + (np.log2(words + 1) * 2).astype(np.int64)
    values = np.zeros((_ROWS, len(words)))
    values[_PROSE], values[_WORDS], values[_WEIGHT] = words * prose, words, weight
    values[_STOPS], values[_CAPITALISED], values[_DIGITS] = looks[12], looks[4], looks[2]
    values[_LEFTOVERS], values[_DATES] = marks >= line_marks.ASIDE, marks & line_marks.DATE > 0
    for by in (1, 2):
        values[_ALIKE + by - 1, :-by] = shape[by:] == shape[:-by]
    values[_OFTEN], values[_ENDS], values[_TWICE] = times > 2, marks & line_marks.END > 0, twice
    np.multiply(lexical[0], weight, out=values[_LEXICAL])
    np.maximum(values[_LEXICAL], 0, out=values[_GOOD])
    sums = Sums(list(values))
    rows = sheet.rows(_SUMMED)
    for turn, reach in enumerate(_REACHES):
        around = sums.around(reach, _PROSE, _WEIGHT + 1)
        rows[3 * turn : 3 * turn + 2] = around[:2]
        np.divide(around[_LEXICAL], around[_WEIGHT], out=rows[3 * turn + 2], casting="same_kind")
    rows[3 * len(_REACHES) :] = sums.around(_AROUND, _STOPS, _OFTEN + 1)
    running, whole = sums.until(), np.maximum(sums.whole(), 1.0)
    until = running - values
    rows = sheet.rows(_RUNNING)
    rows[0], rows[1] = until[_WORDS] / whole[_WORDS], until[_PROSE]
    rows[2], rows[3] = until[_PROSE] / whole[_PROSE], until[_GOOD] / whole[_GOOD]
    rows[4:6] = until[_ENDS : _TWICE + 1]
    # Prose since the last heading of comments or other stories: does the story go on behind it?
    aside = marks & (line_marks.END | line_marks.ASIDE) > 0
    rows[6] = until[_PROSE] - np.maximum.accumulate(np.where(aside, until[_PROSE], 0.0))
    rows[7], rows[8] = times, seen
    near = sheet.rows(_NEAR)
    near[:3], near[3:] = shifted(lexical[:1], (-2, -1, 1)), shifted(numbers.last[None], (-1, 1))
    return twice


_SINCE = ("twice", "byline", "date", "long_prose", "aside", "end", "leftover")
_UNTIL = 3
_DISTANCES = [*(f"since_{name}" for name in _SINCE), *(f"until_{name}" for name in _SINCE[:_UNTIL])]


def _distances(
    numbers: Lines, long_prose: Flags, twice: Flags, marks: NDArray[np.int64], sheet: Sheet
) -> None:
    count = len(numbers.words)
    at = np.arange(count)
    flags = np.empty((len(_DISTANCES), count), np.bool_)
    flags[0], flags[1:3] = twice, marks & _MARKS[:2] > 0
    flags[3], flags[4 : len(_SINCE)] = long_prose, marks & _MARKS[2:] > 0
    flags[len(_SINCE) :] = flags[:_UNTIL, ::-1]
    rows = sheet.rows(_DISTANCES)
    rows[:] = since(flags)
    rows[len(_SINCE) :] = rows[len(_SINCE) :, ::-1].copy()
    rows = sheet.rows(("place", "lines_before", "openings"))
    rows[0] = at / count
    rows[1] = np.minimum(at, 500)
    # Comments and teasers come in series: of the same openings.
    opening, _ = in_groups(_openings(numbers))
    rows[2] = np.bincount(opening).take(opening)


def _stretches(numbers: Lines, prose: Flags, lexical: Floats, sheet: Sheet) -> None:
    """Where a line stands to the text's best stretch: of prose, of likely words."""
    words = numbers.words
    values = np.stack((np.where(prose, words, -_TOLL), lexical[0] * (np.minimum(words, 30) + 1)))
    at = np.arange(len(words))
    for name, (start, end, share) in zip(("prose", "likely"), runs(values), strict=True):
        rows = sheet.rows((f"{name}_run_start", f"{name}_run_end", f"{name}_run_share"))
        rows[0], rows[1], rows[2] = at - start, end - at, share
        np.minimum(rows[:2], _FAR, out=rows[:2])
        np.maximum(rows[:2], -_FAR, out=rows[:2])


def _topic(numbers: Lines, prose: Flags, sheet: Sheet) -> None:
    """How far a line's rarer words stand in the page's other lines of prose: what a line is about."""
    count = len(numbers.words)
    rows = sheet.rows(("topic", "topic_words"))
    if not len(numbers.tokens):
        rows[:] = 0
        return
    # Words and their lines as one number: sorted, equal words stand together, and so do those of one line.
    both = (numbers.tokens.astype(np.uint64) << _LINE_BITS) | numbers.line_of.astype(np.uint64)
    both.sort()
    line_of = (both & _LINE_MASK).astype(np.int64)
    tokens = both >> _LINE_BITS
    number = np.cumsum(np.append(False, tokens[1:] != tokens[:-1]))
    once = np.flatnonzero(np.append(True, both[1:] != both[:-1]))
    # Lines that hold a word, in prose: a word of the line itself does not count.
    in_prose = prose.take(line_of)
    lines_with = np.bincount(number.take(once), in_prose.take(once)).take(number)
    rare = lines_with <= max(2.0, np.count_nonzero(prose) * 0.3)
    shared = np.bincount(line_of[rare & (lines_with > in_prose)], minlength=count)
    rows[0] = (shared + 0.5) / (np.bincount(line_of[rare], minlength=count) + 1.0)
    rows[1] = shared


def _openings(numbers: Lines) -> NDArray[np.int64]:
    """A number for the first two words of each line; lines without two words have one of their own."""
    tokens, starts = numbers.tokens.astype(np.int64), numbers.token_starts
    at, many = starts[:-1], np.diff(starts) > 1
    found = -1 - np.arange(len(at))
    found[many] = tokens[at[many]] * 31 + tokens[at[many] + 1]
    return found


_PAGE = (
    "page_words", "page_lines", "page_words_a_line", "page_prose", "page_long_prose", "page_prose_lines",
    "page_lexical", "page_short", "page_prose_words",
)  # fmt: skip


def _page(numbers: Lines, prose: Flags, long_prose: Flags, lexical: Floats, sheet: Sheet) -> None:
    words, count = numbers.words, len(numbers.words)
    total, of_prose, many = max(1.0, float(words.sum())), float(words[prose].sum()), int(prose.sum())
    values: list[Any] = [
        total,
        count,
        total / count,
        of_prose / total,
        float(words[long_prose].sum()) / total,
        many / count,
        float(lexical[0] @ (words + 1)) / (float(words.sum()) + count),
        np.count_nonzero(words < 5) / count,
        of_prose / max(1, many),
    ]
    sheet.rows(_PAGE)[:] = np.array(values, np.float32)[:, None]


def names() -> tuple[str, ...]:
    """Names of the features, in order."""
    line = ["a"]
    return features(line, characters.read(line), np.zeros((3, 1), np.float32))[0]
