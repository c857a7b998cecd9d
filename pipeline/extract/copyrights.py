"""Copyright lines: who holds the rights, since when."""

from __future__ import annotations

import re

from pipeline.model import Block, Copyright

_RESERVED = (
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados"
    r"|tutti i diritti riservati|todos os direitos reservados|riproduzione riservata"
    r"|alle rechten voorbehouden"
    r"|wszelkie prawa zastrzeżone|все права защищены"
)
_LINE = re.compile(rf"^\W{{0,3}}(?:(?:{_RESERVED})\W{{0,4}})?(?:©|\(c\)\s|copyright\b)", re.I)
_YEAR = re.compile(r"\b(?:(?:19|20)\d\d\s*[-–—/]\s*)?((?:19|20)\d\d)\b")
_NOISE = re.compile(
    rf"©|\(c\)|\bcopyright\b|\b(?:{_RESERVED})\b.*|\bthis material may not\b.*|\bclick for restrictions\b.*"
    r"|\bno part of\b.*|,?\s*dpa:\d.*",
    re.I,
)
#: what may follow the word "copyright" where a sign or a year does not make sure of it: a name, or "by"
_HOLDER = re.compile(r"^\W{0,3}copyright\b\W{0,4}(?:(?:by|von|par|de)\s+)?(?-i:[^\W\d_a-zß-öø-ÿ])", re.I)
_BY = re.compile(r"^(?:by|von|par)\s+", re.I)
#: behind the holder: another part of a footer, a sentence, a date, the end of the bracket around it all
_BEHIND = re.compile(r"\s[|·•–—/-]\s.*|(?<!\bSt)(?<!\bDr)(?<=\.)\s.*|\s\d{1,2}[./ ].*|\)$")
#: full stops that belong to the name
_ABBREVIATED = re.compile(r"(?:\b[A-Z]\.[A-Z]|\b(?:Inc|Ltd|Corp|Co|Bros|S\.p\.A|S\.r\.l))\.$")
_LONGEST = 300
_TAIL = 4


def read_copyright(text: str) -> Copyright | None:
    """What a copyright line says, or None when the text is none."""
    if len(text) > _LONGEST or not _LINE.match(text):
        return None
    years = _YEAR.findall(text)
    if not years and "©" not in text and "(c)" not in text.lower() and not _HOLDER.match(text):
        return None
    holder = _BY.sub("", _tidy(_YEAR.sub(" ", _NOISE.sub(" ", text))))
    holder = _tidy(_BEHIND.sub("", holder))
    if not holder and not years:
        return None
    return Copyright(holder=holder[:100] or None, year=int(years[-1]) if years else None)


def take_copyright(blocks: list[Block], notices: list[str]) -> tuple[Copyright | None, list[Block]]:
    """The copyright of a story, and its blocks without the line that states it."""
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
    for notice in notices:
        found = found or read_copyright(notice)
    return found, kept


def _tidy(text: str) -> str:
    """A text without white space and marks at its ends, but for the full stop of an abbreviation."""
    text = " ".join(text.split()).strip(" ,;:-–—|/*(")
    bare = text.rstrip(" .,;:")
    return bare + "." if _ABBREVIATED.search(bare + ".") and text.startswith(bare + ".") else bare
