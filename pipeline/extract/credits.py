"""The line that closes a wire story: who reported, wrote, edited, translated."""

from __future__ import annotations

import re

from pipeline.extract.names import people
from pipeline.model import Block, Contributor

#: role -> the words that announce its names, in the languages of the large agencies
_PHRASES = {
    "additional_reporting": (
        r"additional reporting(?: by|:)|(?:with )?(?:further|contributing) reporting(?: by|:)|with "
        r"reporting by|mitarbeit(?: von|:)|zusätzliche berichterstattung(?: von|:)"
        r"|avec(?: la contribution de| à [^,;]{2,20},)?|reportage complémentaire (?:de|par)|(?:reporte"
        r"|información|reportes) adicional(?:es)? de|con información de"
        r"|ha collaborato|hanno collaborato|reportagem adicional (?:de|por)"
    ),
    "reporting": (
        r"report(?:ing|ed)(?: by|:)|berichterstattung(?: von|:)|bericht(?: von|:)|berichtet von"
        r"|reporter(?: von|:)|reportage (?:de|par|di)|reporte de|información de|reportería de"
        r"|reportagem (?:de|por|:)|reportage:|informazioni di"
    ),
    "writing": (
        r"writ(?:ing|ten)(?: by|:)|geschrieben von|verfasst von|text(?: von|:)|rédigé par|rédaction (?:de"
        r"|par)|écrit par|escrito por|redactado por|redacción(?: de|:)|scritto da"
    ),
    "editing": (
        r"(?:edit(?:ing|ed)|copy editing)(?: by|:)|redigiert von|redaktion(?: von|:)|redaktionell "
        r"bearbeitet von|édité par|edité par|edición de|editado (?:en español )?por"
        r"|edição(?: de|:)|editing(?: di)?|a cura di|revu par"
    ),
    "photography": r"photo(?:s|graphy|graphs)?(?: by|:)|fotos?(?: von|:| de| por)|photos? de",
    "translation": (
        r"translat(?:ion|ed)(?: by|:)|übersetz(?:t|ung)(?: von|:)|version française(?: de| par)?|traduit "
        r"par|traduction de|traducido por|traducción de|tradotto da|traduzione di|tradução de"
    ),
    "compiling": r"compil(?:ed|ing)(?: by|:)|zusammengestellt von|compilé par|compilado por",
}
_TWO = re.compile(
    r"\b(?:reporting and writing|writing and reporting|reported and written|written and reported"
    r"|reporting and editing|writing and editing|written and edited)(?: by|:)",
    re.I,
)
_ROLE = re.compile("|".join(rf"(?P<{role}>\b(?:{words}))" for role, words in _PHRASES.items()), re.I)
_START = re.compile(r"^[(\[—–\-_*\s]*")
#: "Associated Press writers Ann Lee in Oslo and Bo Ek in Rome contributed to this report."
_CONTRIBUTED = re.compile(
    r"^[(\[—–\-_*\s]*(?:(?:the )?(?:associated press|ap|afp|reuters|bloomberg)\s+)?(?:staff "
    r")?(?:journalists?|writers?|reporters?|correspondents?|producers?)\s+(?P<names>.{4,200}?)"
    r"\s+(?:also )?contributed (?:reporting )?(?:to this (?:report|story|article))?\W*$",
    re.I,
)
#: a credit line names people and roles and nothing else: at most so long (characters)
_LONGEST = 600
#: how many blocks from the end may hold credits
_TAIL = 8


def read_credits(text: str) -> list[Contributor]:
    """The contributors that a line credits, in order; empty when it is no credit line."""
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        return []
    contributed = _CONTRIBUTED.match(text)
    if contributed:
        return [Contributor(role="additional_reporting", name=name) for name in people(contributed["names"])]
    body = _START.sub("", text).rstrip(" )].")
    if not _ROLE.match(body) and not _TWO.match(body):
        return []
    marks = _marks(body)
    found: list[Contributor] = []
    for number, (_, end, roles) in enumerate(marks):
        stop = marks[number + 1][0] if number + 1 < len(marks) else len(body)
        names = body[end:stop].strip(" ,;.:")
        if len(names) > 160 or ". " in re.sub(r"\b[A-Z]\. ", "", names):
            return found if number else []
        found += [Contributor(role=role, name=name) for role in roles for name in people(names)]  # type: ignore[arg-type]
    unique: list[Contributor] = []
    for one in found:
        if one not in unique:
            unique.append(one)
    return unique


def take_credits(blocks: list[Block], notices: list[str]) -> tuple[list[Contributor], list[Block]]:
    """Contributors of a story, and its blocks without the lines that credit them.

    Credits close a story: they are looked for in its last blocks and in the lines cut off below.
    """
    kept = list(blocks)
    found: list[Contributor] = []
    for at in range(len(blocks) - 1, max(-1, len(blocks) - 1 - _TAIL), -1):
        block = blocks[at]
        if block.kind not in ("paragraph", "item", "heading"):
            continue
        credits = read_credits(block.text)
        if credits or (len(block.text) < 200 and _is_bare(block.text)):
            found = credits + [one for one in found if one not in credits]
            del kept[at]
    if not found:
        for notice in notices:
            found += [one for one in read_credits(notice) if one not in found]
    return found, kept


def _is_bare(text: str) -> bool:
    """Whether a line credits an office or initials: "(Reporting by Oslo newsroom)"."""
    body = _START.sub("", text)
    return (
        text.lstrip().startswith(("(", "["))
        and text.rstrip(" .").endswith((")", "]"))
        and bool(_ROLE.match(body))
    )


def _marks(body: str) -> list[tuple[int, int, list[str]]]:
    """(start, end, roles) of each phrase that announces names; double roles first."""
    doubles = []
    for match in _TWO.finditer(body):
        words = match[0].lower()
        roles = [
            role
            for role, stem in (("reporting", "report"), ("writing", "writ"), ("editing", "edit"))
            if stem in words
        ]
        doubles.append((match.start(), match.end(), roles))
    marks = list(doubles)
    for match in _ROLE.finditer(body):
        if not any(start <= match.start() < end for start, end, _ in doubles):
            marks.append((match.start(), match.end(), [match.lastgroup or ""]))
    return sorted(marks)
