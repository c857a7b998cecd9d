"""What single lines are by their wording: datelines, bylines, dates, credits, notices, leftovers."""

from __future__ import annotations

import re

import numpy as np

from pipeline.clean import characters, phrases
from pipeline.clean.characters import Lines

#: "PLACE (AGENCY) –", "PLACE, 3 March (Agency) -": the words that open a wire story
_DATELINE = re.compile(r"^[^\s().:;!?][^():;!?]{0,60}\([^()]{2,40}\)\s*[-–—:]{1,2}\s*\S")
_BYLINE = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|przez|story by|written by|reported by|text|texte|auteur|autor"
    r"|autore|author)"
    r"(?:\s*:\s*|\s+)(?=\S*[^\W\d_])(?!the\b|a\b|an\b|all\b)(.{3,120})$",
)
_DATE_WORD = re.compile(r"\b(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)|(?:19|20)\d\d)\b")
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
#: words, and characters: no line that is longer is anything but prose; a byline, a date, a heading of other
#: stories, a leftover
_DATE_WORDS = 14
_MOST_WORDS, _MOST_LENGTH = 60, 1000
_LONGEST = {BYLINE: 140, DATE: 80, ASIDE: 110, LEFTOVER: 400}


def ends_sentence(line: str) -> bool:
    """Whether a line ends with a full stop or its like, in or out of quotes and brackets."""
    return line.rstrip(_CLOSING + " ")[-1:] in _STOPS and line[-1:] in _STOPS + _CLOSING


def is_credit(line: str) -> bool:
    """Whether a line names who reported, wrote or edited a wire story."""
    return _CREDIT.match(line.lower()) is not None


def mark_all(lines: list[str], numbers: Lines) -> list[int]:
    """What each of a text's lines is by its wording, see `mark`. Most lines show by their first word and
    their signs that they are nothing, and are not looked at further."""
    kinds, words = numbers.kinds, numbers.words
    digits = kinds[characters.DIGIT] > 0
    signs = (kinds[characters.BRACKET] > 1) | (digits & (words < _DATE_WORDS + 1))
    signs |= (kinds[characters.BAR] + kinds[characters.QUOTE] + kinds[characters.COMMA] > 1) & (words < 26)
    marks = [0] * len(lines)
    counts, numerals = words.astype(np.int64).tolist(), digits.tolist()
    opens = phrases.may_be_phrases(lines)
    for at, (line, special, opening) in enumerate(zip(lines, signs.tolist(), opens, strict=True)):
        if special or opening or "\xa9" in line[:4]:
            marks[at] = _marked(line, counts[at], numerals[at], opening)
    return marks


def mark(line: str, words: int, digits: bool = True) -> int:
    """What a line is by its wording: any of the marks above, as bits; 0 for most.

    Args:
        line: without white space at its ends.
        words: how many words it has.
        digits: whether it has any.
    """
    return _marked(line, words, digits, phrases.may_be_phrase(line.lower()))


def _marked(line: str, words: int, digits: bool, opens: bool) -> int:
    marks, length = 0, len(line)
    if "(" in line[:64] and _DATELINE.match(line):
        marks |= DATELINE
    if words >= _MOST_WORDS or length > _MOST_LENGTH:
        return marks
    lower = line.lower()
    if digits and words <= _DATE_WORDS and length < _LONGEST[DATE] and _is_date(lower):
        marks |= DATE
    if _NOTICE.match(lower):
        marks |= NOTICE
    if opens:
        if _CREDIT.match(lower):
            marks |= CREDIT
        if length < _LONGEST[ASIDE]:
            if phrases.END.match(lower):
                marks |= END
            elif phrases.ASIDE.match(lower):
                marks |= ASIDE
        if length < _LONGEST[BYLINE] and _BYLINE.match(lower) and not ends_sentence(line):
            marks |= BYLINE
    if length < _LONGEST[LEFTOVER] and phrases.leftover(lower, words, opens):
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
