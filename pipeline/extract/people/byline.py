"""What a byline says, line by line: who wrote, and who only took the pictures, checked or edited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.extract.people.given_names import is_given
from pipeline.extract.people.names import BY, named, people
from pipeline.extract.wire.agencies import agency_named

#: in the middle of a line: after its date or the word for publishing
_LATER = re.compile(r"\s(?:written by|by|By|von|Von|vom|par|Par|por|Por|door|av|af|di)\s+")
_POSTED = re.compile(
    r"posted|published|written|publi|erstellt|geschrieben|verfasst|eingetragen|filed|veröff|eingestellt|gepostet|escri|scritto",
    re.IGNORECASE,
)
#: whoever follows did not write
_OTHERS = re.compile(
    r"\s*(?:(?:medically|scientifically|clinically|expert|fact)[ -]*)?"
    r"(?:edited|updated|reviewed|checked|check|approved"
    r"|photo|foto|image|bild|illustration|graphic|grafik|video|camera|translat|übersetz|traduc|traduit|produced|hosted"
    r"|narrated|presented|sponsored|source|quelle|fuente|fonte|via\b|editor|edition|redaktion|herausgeber|©"
    r"|copyright|credit|with\b|mit\b"
    r"|recipe\b|about|über\b|more (?:from|by)|alle (?:artikel|beiträge)|all (?:posts|articles)"
    r"|view (?:all|more)|comments? by|kommentar von|pictures?|styling|interview with)",
    re.IGNORECASE,
)
#: the title of a box that presents the author
_PRESENTED = re.compile(
    r"\s*(?:about (?:the |our )?(?:author|writer|contributor)|(?:über|zum|zur) (?:de[nrm] |die )?autor"
    r"|sobre (?:el|la|o|a) autor|à propos de l|l.autore|el autor)",
    re.IGNORECASE,
)
#: within a line: those who follow did not write
_ASIDE = re.compile(
    r"[^\w\n](?:(?:medically |fact[- ]?|expert )?(?:reviewed|edited|updated|checked|photo\w*|translated"
    r"|illustrat\w+)(?: by\b|:)|fotos?\b|übersetzt|redigiert)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[\s,;&|/·•⋅●+–-]*(?:and|und|et|y|e|en|och|og)?[\s,;&|/·•⋅●+–-]*$", re.IGNORECASE)
_ENDS = re.compile(r"(?:[,;&|/·•+]|\b(?:and|und|et|y|e))\s*$", re.IGNORECASE)
_DATED = re.compile(r"\d")
#: behind a single name: what says that it was one
_CLOSED = re.compile(
    r"(\S+?)(?:\s*[|/(·–—»]|\s+-|\s+\d|\s+(?:on|am|in|under|unter|at|um|le|el|il|op)\b)", re.IGNORECASE
)
_LONGEST = 140


def is_byline(line: str) -> bool:
    """Whether a line begins as bylines do."""
    return bool(BY.match(line))


def authors_in(text: str, *, alone: bool) -> tuple[list[str], list[str]]:
    """The people whom the lines of an element on show name as authors, and those whom they name as others.

    ``alone`` says that the element is there for names only: then one word may be one.
    """
    found: list[str] = []
    others: list[str] = []
    writing, joined, labelled, decided = True, False, False, False
    for line in _lines(text) if alone else text.split("\n"):
        other = None if _PRESENTED.match(line) else _OTHERS.match(line)
        if other:
            writing = False
            others += people(line[other.end() :])
            continue
        label = BY.match(line)
        if label:
            writing = joined = True
            labelled = label.end() >= len(line.rstrip())
            if not decided:
                found.clear()
            decided = True
            if labelled:
                continue
        if _SEPARATOR.match(line):
            joined = True
            continue
        names = _read(line[label.end() :] if label else line, alone=alone or labelled or bool(label))
        if not writing:
            others += names
            continue
        if labelled and not names and not found:
            return [], others
        if not found or joined or all(is_given(name.split()[0]) for name in names):
            found += [name for name in names if name not in found]
        joined, labelled = bool(_ENDS.search(line)), False
    return found, others


def worded(lines: Iterable[str]) -> Iterator[list[str]]:
    """The authors of each byline among lines that stand above a story, first to last."""
    waiting = False
    for line in lines:
        was, waiting = waiting, False
        first, _, second = line.partition("\n")
        if len(first) > _LONGEST:
            continue
        label = BY.match(first)
        if label and label.end() >= len(first) and not second:
            waiting = True
            continue
        rest = first[label.end() :] or second if label else _later(first) or (first if was else "")
        if rest and (label or not _OTHERS.match(rest)):
            names = _read(rest, alone=bool(label) or was or bool(_POSTED.match(first)))
            if names and (len(names) > 1 or " " in names[0] or _is_closed(rest, first, bool(label))):
                yield names


def _is_closed(rest: str, first: str, is_labelled: bool) -> bool:
    """Whether one word after that for "by" is all there is, or is set off from what follows: "by seabird",
    "Posted by seabird on Friday", but not "By focusing", which begins a sentence, on the next line."""
    if not is_labelled:
        return True
    whole = len(rest.split()) == 1 and (rest[0].isupper() or rest in first)
    return whole or _CLOSED.match(rest) is not None


def linked(text: str, line: str) -> list[str]:
    """The authors among the texts of a line that lead to pages of authors."""
    aside = _ASIDE.search(line)
    wrote = line[: aside.start()] if aside else line
    return [name for name in authors_in(text, alone=False)[0] if name.split()[0] in wrote]


def others_in(line: str) -> list[str]:
    """The people whom a line names for something else than writing."""
    aside = _OTHERS.match(line) or _ASIDE.search(line)
    return people(line[aside.end() :]) if aside else []


def bare(line: str) -> list[str]:
    """The people of common given names that a line consists of, which stands beside a date."""
    if _OTHERS.match(line) or agency_named(line):
        return []
    line = _ASIDE.split(line.split("\n")[0], maxsplit=1)[0]
    names = people(line, doubted=True)
    given = [name for name in names if is_given(name.split()[0])]
    letters = sum(map(len, given))
    words = sum(map(str.isalpha, line))
    return given if given and letters * 2 > words else []


def _later(line: str) -> str:
    """What follows the word for "by" within a line that begins with a date or a word for publishing."""
    found = _LATER.search(line)
    if found is None:
        return ""
    before = line[: found.start()]
    return (
        line[found.end() :] if len(before) < 80 and (_DATED.search(before) or _POSTED.match(before)) else ""
    )


def _lines(text: str) -> list[str]:
    """The lines of an element for names: a name may be set in two."""
    lines = text.split("\n")
    if len(lines) != 2 or not lines[1].isalpha():
        return lines
    if lines[1].islower() and len(lines[1]) < 3:
        return ["".join(lines)]
    whole = people(" ".join(lines))
    return (
        [" ".join(lines)]
        if is_given(lines[0].split()[0]) and len(whole) == 1 and not people(lines[1])
        else lines
    )


def _read(text: str, *, alone: bool) -> list[str]:
    text = _ASIDE.split(text, maxsplit=1)[0]
    names = people(text, doubted=True)
    if names or not alone:
        return names
    closed = _CLOSED.match(text)
    text = closed[1] if closed else text
    return [name for name in named(text) if " " not in name or len(text.split("\n")[0].split()) < 4]
