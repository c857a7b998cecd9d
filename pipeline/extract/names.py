"""Names of people out of bylines, credits and author fields."""

from __future__ import annotations

import re

from pipeline.extract.agencies import agency_named

#: the word for "by" and what stands around it. "Von" and "Di" begin names, too: they go when a whole
#: name follows
_LEAD = re.compile(
    r"^\s*(?:(?:written |reported |posted |published |story |words |text |review |photos? |analysis "
    r"|report )?by\b\s*:?"
    r"|von:|(?:eine? (?:analyse|kommentar|gastbeitrag|reportage) )?von\b(?=\s+(?-i:[A-ZÀ-Þ])\S*\s+\S)"
    r"|par\b|por\b|(?-i:di)\b|(?-i:Di)\b(?=\s+\S+\s+\S)|door\b|(?-i:av|af)\b|texte?\s*:|autore?(?:in|en)?\s*:"
    r"|auteurs?\s*:|authors?\s*:|redacción\s*:)\s*",
    re.I,
)
_PARTS = re.compile(
    r"\s*(?:;|\||·|•|/|\n|，|、|\s&\s|\band\b|\bund\b|\bet\b(?!\s+al)|\by\b|\be\b(?=\s+[A-ZÀ-Ý])|\s-\s|\s–\s"
    r"|\s—\s)\s*"
)
_COMMA = re.compile(r"\s*,\s*")
_JUNK = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|(?<!\w)@\w+|\([^)]*\)|\[[^\]]*\]|[\"“”„«»]", re.I)
_PLACE_TAIL = re.compile(r"\s+(?:in|à|en|aus|at|from|für|for)\s+\S.*$")
#: words that no person's name holds: roles, collectives, dates, what sites write beside names
_NOT_A_NAME_WORDS = """
    staff editor editors editorial editor-in-chief reporter reporters correspondent correspondents
    writer writers journalist desk newsroom team redaktion redaktor redakteur redakteurin
    onlineredaktion newsdesk bureau agency agencies agencia agence news press media magazine times post
    daily online contributor contributors admin administrator guest author authors publisher published
    updated posted read more share follow subscribe photographer photo photos foto fotos image getty
    video producer director manager senior associate assistant deputy chief executive officer columnist
    analyst podcast university institute company inc ltd llc gmbh corp foundation department ministry
    government official network channel group club blog website web site rédaction redacción redazione
    redação redactie unbekannt unknown anonymous none null ago minutes hours january february march
    april june july august september october november december about com wire service services sponsored
    partner content special newsletter and und et with the this von: by: bio profile presseportal
    nachrichten zeitung tagesschau radio tv bbc cnn reuters afp dpa ap newswire webredaktion
"""
_NOT_A_NAME = frozenset(_NOT_A_NAME_WORDS.split())
_PARTICLES_WORDS = """
    de da di do dos das del della van von der den la le al el bin ibn ben abu zu zum zur du des y e ten
    ter 't af av
"""
_PARTICLES = frozenset(_PARTICLES_WORDS.split())
_CASELESS = re.compile(
    r"[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u10a0-\u10ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_LETTERS = re.compile(r"^[^\W\d_]+(?:[.'’ʼ`·\-‐ ]+[^\W\d_]+)*+\.?$")
#: reporters' and offices' marks after names in Korean and Chinese bylines
_SUFFIX = re.compile(r"(?:\s*(?:기자|특파원|记者|記者|通讯员))$")


def people(text: str, *, site: str | None = None) -> list[str]:
    """The people named in a byline, in order, without doubles, titles, roles and organisations.

    ``site`` is the publisher's name, which is not a person. Agencies are left out: see
    `pipeline.extract.agencies`.
    """
    text = _JUNK.sub(" ", text)
    found: list[str] = []
    for part in _PARTS.split(_LEAD.sub("", text)):
        for piece in _COMMA.split(part or ""):
            name = _name(piece, site)
            if name and name.casefold() not in {other.casefold() for other in found}:
                found.append(name)
    return found


def _name(text: str, site: str | None) -> str | None:
    """One name, or None when the text is none."""
    name = " ".join(_LEAD.sub("", _PLACE_TAIL.sub("", text)).split()).strip(" .,:;*-–—|")
    name = _SUFFIX.sub("", name)
    if not name or len(name) > 60 or not _LETTERS.match(name):
        return None
    if site and _same(name, site):
        return None
    if agency_named(name):
        return None
    if _CASELESS.search(name):
        return name if len(name) <= 24 else None
    words = name.split()
    if not 2 <= len(words) <= 5:
        return None
    if any(word.lower().strip(".") in _NOT_A_NAME for word in words):
        return None
    if not all(_begins_name(word) for word in words):
        return None
    return _recased(name) if name.isupper() and len(name) > 5 else name


def _begins_name(word: str) -> bool:
    """Whether a word of a name begins as one may: in a capital, or as "de", "d'Arc", "al-Rashid" do."""
    return word[0].isupper() or word[1:2] in "’'" or word.lower().partition("-")[0] in _PARTICLES


def person(text: str, *, site: str | None = None) -> str | None:
    """A name that its source gives as one person's: a single word is allowed, a list is not."""
    name = " ".join(_LEAD.sub("", _JUNK.sub(" ", text)).split()).strip(" .,:;*|")
    several = people(text, site=site)
    if several:
        return several[0] if len(several) == 1 else None
    if site and _same(name, site):
        return None
    alone = len(name.split()) == 1 and _LETTERS.match(name) and 2 < len(name) < 25 and name[0].isupper()
    return name if alone and not agency_named(name) and name.lower() not in _NOT_A_NAME else None


def _recased(name: str) -> str:
    words = [
        word.lower() if word.lower() in _PARTICLES and at else word.title()
        for at, word in enumerate(name.split())
    ]
    return re.sub(r"\bMc([a-z])", lambda match: "Mc" + match[1].upper(), " ".join(words))


def _same(name: str, site: str) -> bool:
    def plain(text: str) -> str:
        return re.sub(r"[\W_]+", "", text).casefold().removeprefix("the").removesuffix("com")

    return plain(name) == plain(site)
