"""Short lines near an article that may say who wrote it: evidence where no element's name says "author"."""

from __future__ import annotations

import re
from typing import Any

from pipeline.clean.choosing import Choice
from pipeline.clean.dated import DATED, DATED_ASCII
from pipeline.clean.walk import hints
from pipeline.clean.walk.boxes import Piece

#: pieces around the main headline and the article's start and end that are looked at
_UP, _DOWN, _ABOVE, _INTO, _ABOVE_END, _BELOW = 4, 9, 10, 4, 3, 8
_LONGEST, _LONGEST_NAME = 140, 80
_MOST = 30
#: first words of bylines, in small letters; what they say exactly is not asked here
_FIRST_WORDS = """
    by written posted published words text story article author authors author(s) contributor
    contributors review reviewed analysis opinion von vom autor autoren autorin geschrieben verfasst
    erstellt artikel bericht par auteur auteurs por escrito autora autores di autore scritto door av af
    skrevet tekst forfatter skriven yazar penulis gespeichert interview kommentar kolumne blog
"""
_LATER = (" by ", " By ", " von ", " Von ", " par ", " por ", " Por ", " door ", " av ", " af ")
#: alone in a piece, these say that the next one is a name
_LABELS = frozenset(
    f"{before}{by}"
    for by in ("by", "von", "par", "por", "di", "door", "av", "af")
    for before in (
        "",
        "written ",
        "posted ",
        "words ",
        "story ",
        "article ",
        "text ",
        "geschrieben ",
        "verfasst ",
        "escrito ",
    )
) | frozenset(
    ("author", "authors", "author(s)", "autor", "autorin", "autoren", "auteur", "auteurs", "autore")
)
_FIRST = frozenset(_FIRST_WORDS.split())
#: the two letters that they begin with, in capitals and small letters
_BEGINNINGS = frozenset(
    one + other for word in _FIRST for one in word[0] + word[0].upper() for other in word[1] + word[1].upper()
)
_OTHER_SCRIPTS = re.compile(r"автор|текст|기자|記者|记者|作者|文[/／:：]|撰文|글[ =:]|بقلم|كاتب|מאת")
#: addresses of the pages of authors
_PAGE = re.compile(
    r"\]\([^)]*/(?:authors?|aut(?:or|eur|ore|oren|ores|eurs|ori)|people|contributors?|staff"
    r"|journalists?|columnists?|writers?|reporters?)/[^/?#)]"
)
#: boxes that speak of others than the article's author
STRANGERS = hints.COMMENT | hints.RELATED | hints.ASIDE | hints.FORM | hints.COOKIE


def signed_lines(choice: Choice, first: int, last: int) -> list[dict[str, Any]]:
    """The lines around headline and text that begin as bylines do, that lead to an author's page, or that
    are short and capitalised as names are, in page order: {text, at, after, linked, dated}.

    ``at`` counts the pieces from the article's start, ``after`` those from its end; ``linked``: the texts
    that lead to an author's page; ``dated``: a date stands in it or beside it.
    """
    pieces, families = choice.tree.pieces, choice.families
    spans = [(first - _ABOVE, first + _INTO), (last - _ABOVE_END, last + 1 + _BELOW)]
    shown = choice.tree.signals.shown
    headline = max((one.at for one in shown if one.tag == "h1" and one.at <= first), default=first)
    if headline < first:
        spans.insert(0, (headline - _UP, headline + _DOWN))
    lines: list[dict[str, Any]] = []
    done = 0
    for start, stop in spans:
        start = max(done, start)
        for at, piece in enumerate(pieces[start:stop], start):
            text = piece.text
            if len(text) > _LONGEST or families[piece.box] & STRANGERS:
                continue
            linked = _linked(piece) if piece.marks else ""
            if not (linked or _is_signed(text, piece.link_letters * 2 > len(text))):
                continue
            if text.lower().strip(" :") in _LABELS and at + 1 < len(pieces):
                text = f"{text}\n{pieces[at + 1].text[:_LONGEST]}"
            lines.append(
                {"text": text, "at": at - first, "after": at - last, "linked": linked,
                 "dated": any(map(_is_dated, pieces[max(0, at - 1) : at + 2]))}
            )  # fmt: skip
            if len(lines) == _MOST:
                return lines
        done = max(done, stop)
    return lines


def _linked(piece: Piece) -> str:
    """The texts of a piece that lead to the pages of authors, a line each."""
    found: list[str] = []
    start = 0
    for at, mark in piece.marks:
        if mark == "[":
            start = at
        elif mark[0] == "]" and _PAGE.match(mark):
            found.append(" ".join("".join(piece.parts[start:at]).split()))
    return "\n".join(found)[:_LONGEST]


def _is_signed(text: str, is_link: bool) -> bool:
    """Whether a line begins as bylines do, or has the word for "by" after a date, or looks like a name."""
    if text.lstrip()[:2] in _BEGINNINGS and _begins(text):
        return True
    if not is_link and len(text) <= _LONGEST_NAME and _is_name(text):
        return True
    if text.isascii():
        return DATED_ASCII.search(text) is not None and any(word in text for word in _LATER)
    if _OTHER_SCRIPTS.search(text):
        return True
    return DATED.search(text) is not None and any(word in text for word in _LATER)


def _begins(text: str) -> bool:
    word = text.split(maxsplit=1)[0]
    return word.lower().rstrip(":") in _FIRST or (word[:2] == "By" and word[2:3].isupper())


def _is_name(text: str) -> bool:
    """Whether a line has as many words as names have, and as capitalised."""
    if "\n" in text:
        text = text.split("\n", 1)[0]
    letters = [word[0] for word in text.split() if word[0].isalpha()]
    return 2 <= len(letters) <= 8 and letters[0].isupper() and letters[1].isupper()


def _is_dated(piece: Piece) -> bool:
    search = DATED_ASCII.search if piece.text.isascii() else DATED.search
    return search(piece.text, 0, _LONGEST) is not None
