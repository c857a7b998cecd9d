"""What single lines are by their wording: datelines, bylines, dates, credits, notices, leftovers."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.clean import characters, phrases
from pipeline.clean.characters import Hashes, Lines

#: "PLACE (AGENCY) –", "PLACE, 3 March (Agency) -": the words that open a wire story. A colon in place of the
#: dash only after a place in capitals: "Read the result pages (SERPs): ..." opens an item of a list.
_DATELINE = re.compile(
    r"^[^\W\d_a-zß-öø-ÿ](?:[^():;!?]{0,60}\([^()]{2,40}\)\s*[-–—]{1,2}|[^():;!?a-z]{1,60}\([^()]{2,40}\)\s*:)\s*\S"
)
_BYLINE = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|przez|story by|written by|reported by|text|texte|auteur|autor"
    r"|autore|author)"
    r"(?:\s*:\s*|\s+)(?=\S*[^\W\d_])(?!the\b|a\b|an\b|all\b)(.{3,120})$",
)
_DATE_WORD = re.compile(
    r"\b(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)|(?:19|20)\d\d)\b|\b(?:19|20)\d\d[年년]"
)
_DATE_LEAD = re.compile(
    r"^\W*(?:published|updated|posted|last (?:updated|modified)|date|veröffentlicht|aktualisiert|stand"
    r"|publié|mis à jour"
    r"|publicado|actualizado|pubblicato|gepubliceerd|le|el|am|on|first "
    r"published)?\b.{0,60}$")  # fmt: skip
_NOTICE = re.compile(r"^\W{0,3}(?:©|\(c\)\s|copyright\b)")
#: "(Reporting by ...", "(Berichterstattung von ...": the line that closes a wire story
_CREDIT = re.compile(
    r"^[(\[]?\s*(?:(?:additional |with )?(?:reporting|writing|editing|compiled|written|reported|edited"
    r"|translated|photography)"
    r"(?: and (?:writing|editing|reporting))?(?: by|:)|(?:geschrieben|bericht(?:erstattung)?|redigiert"
    r"|redaktion|mitarbeit|übersetzt)"
    r"(?: von|:)|(?:reportage|rédaction|édité|rédigé|avec|traduit|écrit) ?(?: de| par|:)|(?:reporte"
    r"|información|editado|escrito|redacción|con información)"
    r"(?: de| por|:)|(?:reportagem|edição|escrito)(?: de| por|:)|(?:a cura|scritto|redazione)(?: di| da"
    r"|:))\s*\S",
)
_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|avr|juin|juil|août"
    r"|déc|ene|abr|ago|dic|gen"
    r"|mag|giu|lug|set|ott|fev|out|mrt|mei)\w*\.?\b|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d年",
)
_STOPS = ".!?…。！？؟।"
_CLOSING = "\"'”’»)]"

DATELINE, BYLINE, DATE, CREDIT, NOTICE, ASIDE, END, LEFTOVER = (1 << bit for bit in range(8))
#: two more ways to be a leftover
_PROMPT, _NAVIGATION = 1 << 8, 1 << 9
_PHRASES = (("end", END), ("aside", ASIDE), ("line", LEFTOVER), ("prompt", _PROMPT))
_BYLINE_WORDS = """
    af auteur author autor autore av by di door par por przez reported story text texte von written
"""
_CREDIT_WORDS = """
    a additional avec bericht berichterstattung compiled con editado edited editing edição escrito
    geschrieben información mitarbeit photography redacción redaktion redazione redigiert reportage
    reportagem reporte reported reporting rédaction rédigé scritto traduit translated with writing
    written écrit édité übersetzt
"""
_FIRST_WORDS = {
    BYLINE: frozenset(_BYLINE_WORDS.split()),
    CREDIT: frozenset(_CREDIT_WORDS.split()),
    NOTICE: frozenset(("c", "copyright")),
}
#: "variation selector 16" after one of the first characters
_PICTURE, _PICTURE_REACH = "\ufe0f", 4
#: signs between the parts of navigation that `characters` does not count as bars
_BARS_ELSEWHERE = "›»·"
#: words of a date, and digits of the shortest one: a year, "1.5.24"
_DATE_WORDS, _DATE_DIGITS = 14, 4
#: characters, and words, from which on no line is of these kinds
_LONGEST = {
    DATE: 80,
    END | ASIDE: 110,
    BYLINE: 140,
    LEFTOVER | _NAVIGATION: phrases.LINE_LENGTH,
    _PROMPT: 400,
    CREDIT | NOTICE: 1001,
}
_WORDIEST = {LEFTOVER | _NAVIGATION: phrases.LINE_WORDS + 1, _PROMPT: phrases.PROMPT_WORDS + 1, -1: 60}


def _bounds(most: dict[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The bounds in order, and for what lies below the first, between each two, above the last: its bits."""
    bounds = sorted(most.values())
    allowed = [~sum(kinds for kinds, bound in most.items() if bound <= low) for low in (-1, *bounds)]
    return np.array(bounds), np.array(allowed)


_LENGTHS, _BY_LENGTH = _bounds(_LONGEST)
_WORDS, _BY_WORDS = _bounds(_WORDIEST)


def ends_sentence(line: str) -> bool:
    """Whether a line ends with a full stop or its like, in or out of quotes and brackets."""
    return line.rstrip(_CLOSING + " ")[-1:] in _STOPS and line[-1:] in _STOPS + _CLOSING


def is_credit(line: str) -> bool:
    """Whether a line names who reported, wrote or edited a wire story."""
    return _CREDIT.match(line.lower()) is not None


def mark_all(lines: list[str], numbers: Lines) -> list[int]:
    """What each of a text's lines is by its wording: any of the marks above, as bits; 0 for most.

    Most lines show by their first word and their signs that they are nothing, and are not looked at.

    Args:
        lines: without white space at their ends, none of them empty.
        numbers: the same lines as `characters.read` gives them.
    """
    may_be = _may_be(lines, numbers)
    asked = np.flatnonzero(may_be)
    marks = [0] * len(lines)
    for at, bits in zip(asked.tolist(), may_be[asked].tolist(), strict=True):
        marks[at] = _marked(lines[at], bits)
    return marks


def _may_be(lines: list[str], numbers: Lines) -> NDArray[np.int64]:
    """What each line may be by its first word, its signs and its length, as bits."""
    kinds, words = numbers.kinds, numbers.words
    length = kinds.sum(axis=0)
    text = "".join(lines)
    may_be = _opens(lines, text, numbers)
    if "\xa9" in text:
        may_be[[at for at, line in enumerate(lines) if "\xa9" in line[:4]]] |= NOTICE
    separators = kinds[characters.BAR]
    if any(sign in text for sign in _BARS_ELSEWHERE):
        separators = separators + kinds[characters.QUOTE] + kinds[characters.COMMA]
    may_be |= ((kinds[characters.DIGIT] >= _DATE_DIGITS) & (words <= _DATE_WORDS)) * DATE
    may_be |= (separators > 1) * _NAVIGATION
    may_be &= _BY_LENGTH.take(_LENGTHS.searchsorted(length, "right"))
    may_be &= _BY_WORDS.take(_WORDS.searchsorted(words, "right"))
    may_be |= (kinds[characters.BRACKET] > 1) * DATELINE
    return may_be


def _opens(lines: list[str], text: str, numbers: Lines) -> NDArray[np.int64]:
    """What each line may be by its first word, as bits."""
    hashes, kinds = _first_words()
    starts = numbers.token_starts[:-1]
    opens = np.zeros(len(lines), np.int64)
    if len(numbers.tokens):
        tokens = numbers.tokens.take(starts, mode="clip")
        place = np.searchsorted(hashes, tokens)
        opens = kinds.take(place, mode="clip") * (hashes.take(place, mode="clip") == tokens)
        opens[np.diff(numbers.token_starts) == 0] = 0
    # The mark that makes a sign a picture is read as a letter: the first word stands after it.
    if _PICTURE in text:
        for at, line in enumerate(lines):
            if _PICTURE in line[:_PICTURE_REACH]:
                opens[at] = _opened_by(phrases.first_word(line.lower()))
    return opens


@cache
def _first_words() -> tuple[Hashes, NDArray[np.int64]]:
    """Hashes of all first words in order, and what lines that begin with them may be; digits are alike."""
    known = set().union(*phrases.FIRST_WORDS.values(), *_FIRST_WORDS.values())
    words = sorted(known) + ["0" * length for length in range(1, 25)]
    hashes = characters.read(words).tokens
    order = np.argsort(hashes)
    return hashes[order], np.array([_opened_by(word) for word in words])[order]


def _opened_by(first: str) -> int:
    found = sum(bit for kind, bit in _PHRASES if phrases.may_be(kind, first))
    return found | sum(bit for bit, words in _FIRST_WORDS.items() if first in words)


def _marked(line: str, may_be: int) -> int:
    """The marks of a line, out of those that it may have."""
    marks = 0
    if may_be & DATELINE and "(" in line[:64] and _DATELINE.match(line):
        marks |= DATELINE
    if may_be <= DATELINE:
        return marks
    lower = line.lower()
    if may_be & DATE and _is_date(lower):
        marks |= DATE
    if may_be & NOTICE and _NOTICE.match(lower):
        marks |= NOTICE
    if may_be & CREDIT and _CREDIT.match(lower):
        marks |= CREDIT
    if may_be & END and phrases.END.match(lower):
        marks |= END
    elif may_be & ASIDE and phrases.ASIDE.match(lower):
        marks |= ASIDE
    if may_be & BYLINE and _BYLINE.match(lower) and not ends_sentence(line):
        marks |= BYLINE
    if (
        (may_be & LEFTOVER and phrases.LINE.match(lower))
        or (may_be & _NAVIGATION and phrases.is_navigation(lower))
        or (may_be & _PROMPT and phrases.PROMPT.match(lower))
    ):
        marks |= LEFTOVER
    return marks


def _is_date(lower: str) -> bool:
    return (
        _DATE_WORD.search(lower) is not None
        and not ends_sentence(lower)
        and _DATE_LEAD.match(lower) is not None
        and len(lower.split()) <= 10
        and _MONTH.search(lower) is not None
        and len(re.sub(r"[\W\d_]", "", _MONTH.sub("", lower))) < 40
    )
