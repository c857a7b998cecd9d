"""Copyright lines: who holds the rights, since when."""

from __future__ import annotations

import re

from pipeline.model import Block, Copyright

_LINE = re.compile(r"^\W{0,3}(?:©|\(c\)\s|copyright\b)", re.I)
_YEAR = re.compile(r"\b(?:(?:19|20)\d\d\s*[-–—/]\s*)?((?:19|20)\d\d)\b")
_NOISE = re.compile(
    r"©|\(c\)|\bcopyright\b|\ball rights reserved\b.*|\balle rechte vorbehalten\b.*|\btous droits "
    r"réservés\b.*"
    r"|\btodos los derechos reservados\b.*|\btutti i diritti riservati\b.*|\btodos os direitos reservados\b.*"
    r"|\bthis material may not\b.*|\bclick for restrictions\b.*|\bno part of\b.*",
    re.I,
)
_LONGEST = 300
_TAIL = 4


def read_copyright(text: str) -> Copyright | None:
    """What a copyright line says, or None when the text is none."""
    if len(text) > _LONGEST or not _LINE.match(text):
        return None
    years = _YEAR.findall(text)
    holder = _YEAR.sub(" ", _NOISE.sub(" ", text))
    holder = re.sub(r"\s+", " ", holder).strip(" .,;:-–—|/")
    holder = re.sub(r"^(?:by|von|par)\s+", "", holder, flags=re.I)
    holder = re.split(r"\s[|·•–—-]\s|\. ", holder)[0].strip(" .,;:")
    if not holder and not years:
        return None
    return Copyright(holder=holder[:100] or None, year=int(years[-1]) if years else None)


def take_copyright(blocks: list[Block], notices: list[str]) -> tuple[Copyright | None, list[Block]]:
    """The copyright of a story, and its blocks without the line that states it."""
    kept = list(blocks)
    found: Copyright | None = None
    for at in range(len(blocks) - 1, max(-1, len(blocks) - 1 - _TAIL), -1):
        stated = read_copyright(blocks[at].text) if blocks[at].kind != "code" else None
        if stated is not None:
            found = stated
            del kept[at]
    for notice in notices:
        found = found or read_copyright(notice)
    return found, kept
