"""Copyright lines: who holds the rights, since when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.extract.people.names import people
from pipeline.extract.wire.agencies import agency_named
from pipeline.model import Block, Copyright

_RESERVED = (
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados"
    r"|tutti i diritti riservati|todos os direitos reservados|riproduzione riservata"
    r"|alle rechten voorbehouden"
    r"|wszelkie prawa zastrzeżone|все права защищены|усі права захищені|alla rättigheter förbehållna"
    r"|alle rettigheter reservert|tüm hakları saklıdır|haki zote zimehifadhiwa"
    r"|جميع الحقوق محفوظة|版权所有|版權所有"
    r"|無断転載(?:を禁じます)?|무단 ?전재"
)
_LINE = re.compile(rf"^\W{{0,3}}(?:(?:{_RESERVED})\W{{0,4}})?(?:©|\(c\)\s|copyright\b)", re.I)
_RESERVED_FIRST = re.compile(rf"^\W{{0,3}}(?:{_RESERVED})\W{{0,4}}(?=©|\(c\)|copyright\b)", re.I)
_YEAR = re.compile(
    r"\b(?:(?:19|20)\d\d\s*[-–—/]\s*)?((?:19|20)\d\d)(?:\s?[-–]\s?\d\d)?(?:\s*[-–—]\s*(?=\D))?\b"
)
_NOISE = re.compile(
    rf"©|\(c\)|\bcopyright\b|\b(?:{_RESERVED})\b.*|\bthis material may not\b.*|\bclick for restrictions\b.*"
    r"|\bno part of\b.*|,?\s*dpa:\d.*|\b(?:website )?(?:powered|designed|developed|built|hosted) by\b.*"
    r"|\bis a (?:registered )?trade ?mark\b.*|\b(?:privacy|cookie) policy\b.*|\bterms (?:of|and)\b.*",
    re.I,
)
#: what may follow the word "copyright" where a sign or a year does not make sure of it: a name, or "by"
_HOLDER = re.compile(r"^\W{0,3}copyright\b\W{0,4}(?:(?:by|von|par|de)\s+)?(?-i:[^\W\d_a-zß-öø-ÿ])", re.I)
_BY = re.compile(r"^(?:by|von|par)\s+", re.I)
#: behind the holder: another part of a footer, a sentence, a date, the end of the bracket around it all
_BEHIND = re.compile(r"\s[|·•–—/-]\s.*|(?<!\bSt)(?<!\bDr)(?<=\.)\s.*|\s\d{1,2}[./ ].*|\)$")
#: full stops that belong to the name
_ABBREVIATED = re.compile(r"(?:\b[A-Z]\.[A-Z]|\b(?:Inc|Ltd|Corp|Co|Bros|S\.p\.A|S\.r\.l))\.$")
#: what a holder does not begin with: "Copyright & licensing", "© 2013 onwards"
_NO_HOLDER = re.compile(r"^(?:[&@·]|(?:notice|law|policy|licensing|onwards?|to|is|info|information)\b)", re.I)
_LONGEST = 300
_TAIL = 4
#: lines below a story that are no picture's yet
_BELOW = 3


# Two readers ask, and pages of a site end in the same lines.
@lru_cache(maxsize=512)
def read_copyright(text: str) -> Copyright | None:
    """What a copyright line says, or None when the text is none."""
    if len(text) > _LONGEST or not _LINE.match(text):
        return None
    text = _RESERVED_FIRST.sub("", text)
    years = _YEAR.findall(text)
    if not years and "©" not in text and "(c)" not in text.lower() and not _HOLDER.match(text):
        return None
    holder = _BY.sub("", _tidy(_YEAR.sub(" ", _NOISE.sub(" ", text))))
    holder = _tidy(_BEHIND.sub("", holder))
    if _NO_HOLDER.match(holder):
        holder = ""
    if not holder and not years:
        return None
    return Copyright(holder=holder[:100] or None, year=int(years[-1]) if years else None)


def take_copyright(
    blocks: list[Block], notices: Sequence[str], closing: Sequence[str] = ()
) -> tuple[Copyright | None, list[Block]]:
    """The copyright of a story, and its blocks without the line that states it.

    Args:
        notices: lines outside the article that may state it.
        closing: the lines right below the story.
    """
    kept = list(blocks)
    found: Copyright | None = None
    for at in range(len(blocks) - 1, max(-1, len(blocks) - 1 - _TAIL), -1):
        block = blocks[at]
        if block.kind == "code" or len(block.text) > _LONGEST or not _LINE.match(block.text):
            continue
        stated = read_copyright(block.text)
        if stated is not None or not _tidy(_NOISE.sub(" ", block.text)):
            found = stated or found
            del kept[at]
    below = (read_copyright(line) for line in closing[:_BELOW])
    return found or next(filter(None, below), None) or _outside(notices), kept


def _outside(notices: Sequence[str]) -> Copyright | None:
    """The copyright that lines outside the article state: a page's has a year, or stands last; pictures name
    people and others before."""
    stated = [one for notice in notices if (one := read_copyright(notice))]
    dated = [one for one in stated if one.holder and one.year]
    if dated:
        return dated[0]
    named = [one for one in stated if one.year or not _is_picture(one.holder or "")]
    return named[-1] if named else None


def _is_picture(holder: str) -> bool:
    """Whether a holder is one of pictures: a photographer, or a name before an agency's."""
    return "/" in holder or bool(people(holder)) or agency_named(holder) is not None


def _tidy(text: str) -> str:
    """A text without white space and marks at its ends, but for the full stop of an abbreviation."""
    text = " ".join(text.split()).strip(" ,;:-–—|/*(·@®")
    bare = text.rstrip(" .,;:")
    return bare + "." if _ABBREVIATED.search(bare + ".") and text.startswith(bare + ".") else bare
