"""Plain text to documents: the story's paragraphs, and what stands above and below it as signals."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.clean import phrases
from pipeline.clean.wrapping import paragraphs
from pipeline.model import Block, Document, Page, Problem
from pipeline.words import count_words

#: a paragraph of a story, at the top of a text, has so many words and a full stop
_STORY_WORDS = 25
_STORY_WORDS_FULL_STOP = 13
#: lines above the story: beyond these it is no head but a text without one
_MOST_HEAD_LINES = 14
_MOST_HEAD_WORDS = 160
_LEAST_WORDS = 8

_STOPS = ".!?…。！？؟।"
_CLOSING = "\"'”’»)]"
#: "PLACE (AGENCY) –", "PLACE, 3 March (Agency) -": the words that open a wire story
_DATELINE = re.compile(r"^[^\s().:;!?][^():;!?]{0,60}\([^()]{2,40}\)\s*[-–—:]{1,2}\s*\S")
BYLINE = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|przez|story by|written by|reported by|text|texte|auteur|autor"
    r"|autore|author)"
    r"(?:\s*:\s*|\s+)(?=\S*[^\W\d_])(?!the\b|a\b|an\b|all\b)(.{3,120})$",
    re.I,
)
_DATE_WORD = re.compile(r"\b(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)|(?:19|20)\d\d)\b")
_DATE_LEAD = re.compile(
    r"^\W*(?:published|updated|posted|last (?:updated|modified)|date|veröffentlicht|aktualisiert|stand"
    r"|publié|mis à jour"
    r"|publicado|actualizado|pubblicato|gepubliceerd|le|el|am|on|first "
    r"published)?\b.{0,60}$", re.I)  # fmt: skip
NOTICE = re.compile(r"^\W{0,3}(?:©|\(c\)\s|copyright\b)", re.I)
#: "(Reporting by ...", "(Berichterstattung von ...": the line that closes a wire story
CREDIT = re.compile(
    r"^[(\[]?\s*(?:(?:additional |with )?(?:reporting|writing|editing|compiled|written|reported|edited"
    r"|translated|photography)"
    r"(?: and (?:writing|editing|reporting))?(?: by|:)|(?:geschrieben|bericht(?:erstattung)?|redigiert"
    r"|redaktion|mitarbeit|übersetzt)"
    r"(?: von|:)|(?:reportage|rédaction|édité|rédigé|avec|traduit|écrit) ?(?: de| par|:)|(?:reporte"
    r"|información|editado|escrito|redacción|con información)"
    r"(?: de| por|:)|(?:reportagem|edição|escrito)(?: de| por|:)|(?:a cura|scritto|redazione)(?: di| da"
    r"|:))\s*\S",
    re.I,
)
_SECTIONS_WORDS = """
    news world politics business economy markets finance sport sports tech technology science health
    culture arts opinion opinions editorial local national international europe asia africa americas
    environment climate entertainment life lifestyle travel us uk u.s u.s. usa breaking society
    education energy law crime weather top home middle east analysis politik wirtschaft kultur panorama
    wissen wissenschaft ausland inland gesellschaft nachrichten meinung netzwelt regional welt monde
    politique économie société planète sciences actualités france culture international sports mundo
    política economía sociedad cultura deportes ciencia noticias opinión internacional españa mundo
    brasil economia esportes mondo politica cronaca esteri cultura scienza binnenland buitenland
    economie
"""
_SECTIONS = frozenset(_SECTIONS_WORDS.split())
_ITEM = re.compile(r"^(?:[-*•‣◦]|\d{1,2}[.)])\s+(?=\S)")

Role = Literal["label", "headline", "byline", "date", "leftover"]


@dataclass
class _Text:
    """A text as it is taken apart."""

    head: dict[str, list[str]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)


def read_lines(text: str, page: Page) -> Document:
    """The document of a plain text. Section label, headlines, byline and dates above the story, credits
    cut off with the rest below it, and copyright lines become signals; the rest is told by `phrases`."""
    lines = paragraphs(text)
    found = _Text()
    start = _story_start(lines)
    _read_head(lines[:start], found)
    _read_body(lines[start:], found)
    blocks = [_block(line, at, found.body) for at, line in enumerate(found.body)]
    words = sum(count_words(line) for line in found.body)
    signals: dict[str, Any] = {kind: values for kind, values in found.head.items() if values}
    if found.notices:
        signals["notices"] = found.notices[:10]
    problem = None
    if words < _LEAST_WORDS:
        problem = Problem(code="no_article", message=f"{page.url or page.key} holds no running text.")
    return Document(
        kind="text",
        blocks=[] if problem else blocks,
        signals=signals,
        confidence=0.0 if problem else _confidence(lines[start:], found.body),
        url=page.url,
        problem=problem,
        entry=page.entry,
    )


def _confidence(lines: list[str], kept: list[str]) -> float:
    """Share of the letters below the head that were kept."""
    return round(sum(map(len, kept)) / max(1, sum(map(len, lines))), 3)


def _ends_sentence(line: str) -> bool:
    return line.rstrip(_CLOSING + " ")[-1:] in _STOPS and line[-1:] in _STOPS + _CLOSING


def _is_story(line: str) -> bool:
    """Whether a line near the top belongs to the story itself."""
    if _DATELINE.match(line):
        return True
    words = count_words(line)
    if phrases.is_leftover(line, words) or NOTICE.match(line):
        return False
    if not _ends_sentence(line):
        return words > 2 * _STORY_WORDS
    return words >= _STORY_WORDS or (words >= _STORY_WORDS_FULL_STOP and line.rstrip(_CLOSING)[-1:] == ".")


def _story_start(lines: list[str]) -> int:
    """Index of the story's first paragraph.

    A dateline, or the line after a byline or a date, opens it; standfirsts above are full
    sentences, too. Without them it is the first paragraph that looks like running text.
    """
    window, words = 0, 0
    for line in lines[:_MOST_HEAD_LINES]:
        words += count_words(line)
        if words > _MOST_HEAD_WORDS and not _DATELINE.match(line):
            break
        window += 1
    for at in range(window):
        if _DATELINE.match(lines[at]):
            return at
    opening = 0
    for at in range(min(window, len(lines) - 1)):
        if _is_byline(lines[at]) or _is_date(lines[at]):
            opening = at + 1
    for at in range(opening, len(lines)):
        if _is_story(lines[at]):
            return at
    # No running text at all: the first line is the headline, when it looks like one.
    return opening or (1 if len(lines) > 1 and not _ends_sentence(lines[0]) else 0)


def _is_byline(line: str) -> bool:
    return len(line) < 140 and not _ends_sentence(line) and BYLINE.match(line) is not None


def _is_date(line: str) -> bool:
    return (
        len(line) < 80
        and not _ends_sentence(line)
        and bool(_DATE_WORD.search(line))
        and bool(_DATE_LEAD.match(line))
        and count_words(line) <= 10
        and _date_like(line)
    )


_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|avr|juin|juil|août"
    r"|déc|ene|abr|ago|dic|gen"
    r"|mag|giu|lug|set|ott|fev|out|mrt|mei)\w*\.?\b|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d年",
    re.I,
)


def _date_like(line: str) -> bool:
    return _MONTH.search(line) is not None and len(re.sub(r"[\W\d_]", "", _MONTH.sub("", line))) < 40


def _read_head(lines: list[str], found: _Text) -> None:
    head: dict[str, list[str]] = {"labels": [], "headlines": [], "bylines": [], "dates": []}
    for at, line in enumerate(lines):
        if NOTICE.match(line):
            found.notices.append(line)
        elif _is_byline(line):
            head["bylines"].append(line)
        elif _is_date(line):
            head["dates"].append(line)
        elif not head["headlines"] and _is_label(line, lines[at + 1 :]):
            head["labels"].append(line)
        elif not phrases.is_leftover(line, count_words(line)) and not phrases.ASIDE.match(line.lower()):
            head["headlines"].append(line)
    found.head = head


def _is_label(line: str, following: list[str]) -> bool:
    """Whether a line above the headline names a section: a few words, and a longer line to come."""
    words = [word.strip("&|>›»/,").lower() for word in line.split()]
    words = [word for word in words if word]
    after = next((other for other in following if not phrases.is_leftover(other, count_words(other))), None)
    if (
        after is None
        or not words
        or len(words) > 6
        or (_ends_sentence(line) and not line.lower().endswith(("u.s.", "u.k.")))
    ):
        return False
    if phrases.NAVIGATION.match(line.lower()) or re.search(r"\s[>›»]\s", line):
        return True
    known = sum(1 for word in words if word in _SECTIONS)
    if known and known >= len(words) / 2 and len(words) <= 4:
        return True
    return (
        (len(words) <= 2 or (len(words) <= 3 and line.isupper()))
        and count_words(after) >= 4
        and not _is_byline(after)
    )


def _read_body(lines: list[str], found: _Text) -> None:
    """Fill the story: everything up to the end that is neither leftover nor list of other stories."""
    aside = False
    for at, line in enumerate(lines):
        words = count_words(line)
        if not any(map(str.isalnum, line)):
            continue
        if NOTICE.match(line) and words < 40:
            found.notices.append(line)
        elif phrases.END.match(line.lower()):
            # "Comments" may be a heading inside a story: then the story goes on at length.
            if not _resumes(lines[at + 1 :]):
                found.notices += [
                    other for other in lines[at + 1 :] if NOTICE.match(other) or CREDIT.match(other)
                ]
                break
        elif phrases.ASIDE.match(line.lower()):
            aside = True
        elif phrases.is_leftover(line, words) or (aside and not _is_story(line) and not CREDIT.match(line)):
            continue
        else:
            aside = False
            found.body.append(line)
    while found.body and not _closes(found.body[-1]):
        if len(found.body) == 1 or sum(count_words(line) for line in found.body[:-1]) < _LEAST_WORDS:
            break
        found.body.pop()


def _resumes(lines: list[str]) -> bool:
    return sum(1 for line in lines if _is_story(line)) >= 4


def _closes(line: str) -> bool:
    """Whether a line can be the last of a story: a sentence, a list item, a credit."""
    return (
        _ends_sentence(line)
        or _ITEM.match(line) is not None
        or CREDIT.match(line) is not None
        or count_words(line) > 20
    )


def _block(line: str, at: int, lines: list[str]) -> Block:
    item = _ITEM.match(line)
    if item:
        text = line[item.end() :]
        mark = "-" if not line[0].isdigit() else item[0].strip()
        return Block(kind="item", text=text, markup=f"{mark} {text}", level=1)
    if line.startswith("> "):
        return Block(kind="quote", text=line[2:], markup=line)
    heading = (
        count_words(line) <= 10
        and not _ends_sentence(line)
        and at + 1 < len(lines)
        and line[-1:] not in ",;:-–"
    )
    if heading and at and not line[:1].islower() and not CREDIT.match(line):
        return Block(kind="heading", text=line, markup=f"## {line}", level=2)
    return Block(kind="paragraph", text=line, markup=line)
