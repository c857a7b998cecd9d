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
    sheet = Sheet(len(lines))
    looks = _looks(numbers, sheet)
    prose = (numbers.words >= PROSE_WORDS) & (
        numbers.kinds[characters.STOP] + numbers.kinds[characters.COMMA] > 0
    )
    long_prose = (numbers.words >= _LONG_PROSE_WORDS) & _stops(numbers)
    twice = _surroundings(numbers, prose, lexical, looks, np.array(marks), sheet)
    _distances(numbers, prose, long_prose, twice, np.array(marks), sheet)
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
    "words", "length", "digits", "capitals", "capitalised", "stops", "words_a_stop", "commas", "brackets",
    "bars", "dashes", "signs", "last", "ends_sentence", "unspaced",
)  # fmt: skip
_A_WORD = [
    characters.COMMA, characters.BRACKET, characters.BAR, characters.DASH, characters.SIGN,
]  # fmt: skip


def _looks(numbers: Lines, sheet: Sheet) -> Floats:
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
    np.divide(kinds[_A_WORD], np.maximum(words, 1), out=rows[7:12])
    rows[12], rows[13] = numbers.last, _stops(numbers)
    rows[14] = (kinds[characters.IDEOGRAPH] + kinds[characters.SOUTH_EAST]) / length
    return rows


_SUMMED = [
    *(f"{name}_{reach}" for reach in _REACHES for name in ("prose", "words", "lexical")),
    "stops_6", "capitalised_6", "digits_6", "leftovers_6", "dates_6", "alike_1_6", "alike_2_6", "alike_3_6",
    "alike_4_6", "often_6",
]  # fmt: skip
_RUNNING = (
    "words_before", "prose_before", "prose_before_share", "prose_after", "good_before", "ends_before",
    "twice_before", "prose_since_aside", "times", "seen",
)  # fmt: skip
_NEAR = [
    *(f"words_at_{by}" for by in (-2, -1, 1, 2)),
    *(f"lexical_at_{by}" for by in (-2, -1, 1, 2)),
    *(f"last_at_{by}" for by in (-2, -1, 1, 2)),
]


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
    values = np.zeros((17, len(words)))
    values[0], values[1], values[2], values[3] = words * prose, words, lexical[0] * weight, weight
    values[4], values[5], values[6] = looks[13], looks[4], looks[2]
    values[7], values[8] = marks >= line_marks.ASIDE, marks & line_marks.DATE > 0
    for by in (1, 2, 3, 4):
        values[8 + by, :-by] = shape[by:] == shape[:-by]
    values[13] = times > 2
    values[14] = np.maximum(lexical[0], 0) * weight
    values[15], values[16] = marks & line_marks.END > 0, twice
    sums = Sums(list(values))
    rows = sheet.rows(_SUMMED)
    for turn, reach in enumerate(_REACHES):
        around = sums.around(reach, 0, 4)
        rows[3 * turn : 3 * turn + 2] = around[:2]
        rows[3 * turn + 2] = around[2] / around[3]
    rows[9:] = sums.around(_AROUND, 4, 14)
    running, whole = sums.until(), np.maximum(sums.whole(), 1.0)
    until = running - values
    rows = sheet.rows(_RUNNING)
    rows[0], rows[1], rows[2] = until[1] / whole[1], until[0], until[0] / whole[0]
    rows[3] = whole[0] - running[0]
    rows[4], rows[5], rows[6] = until[14] / whole[14], until[15], until[16]
    # Prose since the last heading of comments or other stories: does the story go on behind it?
    aside = marks & (line_marks.END | line_marks.ASIDE) > 0
    rows[7] = until[0] - np.maximum.accumulate(np.where(aside, until[0], 0.0))
    rows[8], rows[9] = times, seen
    sheet.add(_NEAR, shifted(np.stack((words, lexical[0], numbers.last)), (-2, -1, 1, 2)))
    return twice


_SINCE = ("prose", "long_prose", "twice", "byline", "date", "aside", "end", "leftover")
_UNTIL = 5
_DISTANCES = [*(f"since_{name}" for name in _SINCE), *(f"until_{name}" for name in _SINCE[:_UNTIL])]


def _distances(
    numbers: Lines, prose: Flags, long_prose: Flags, twice: Flags, marks: NDArray[np.int64], sheet: Sheet
) -> None:
    count = len(numbers.words)
    at = np.arange(count)
    flags = np.concatenate((np.stack((prose, long_prose, twice)), marks & _MARKS > 0))
    sheet.add(_DISTANCES, np.concatenate((since(flags), since(flags[:_UNTIL, ::-1])[:, ::-1])))
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
    for name, (start, end, share) in zip(("prose", "likely"), runs(values), strict=True):
        at = np.arange(len(words))
        rows = sheet.rows((f"{name}_run_start", f"{name}_run_end", f"{name}_run_share"))
        rows[0] = np.clip(at - start, -60, 60)
        rows[1] = np.clip(end - at, -60, 60)
        rows[2] = share


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
