"""Lines and line ends that say from which agency a story is: "Quelle: dpa", "(avec AFP)", "... (APA/dpa)"."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.extract.people.names import people
from pipeline.extract.wire.agencies import agencies_only, agency_named, agency_spelled, may_name


class Sign(NamedTuple):
    """What a line says of agencies."""

    #: None: agencies that it does not name ("mit Agenturen")
    agency: str | None


#: no such line is longer (characters)
_LONGEST = 160
_SOURCE = re.compile(
    r"(?:sources?|quellen?|fuentes?|fontes?|fonti|bron(?:nen)?|źródł[oa]|zdroje?|forrás|источник|джерело"
    r"|kilde|källa|lähde"
    r"|kaynak|sumber|πηγή|sursa|来源|來源|출처)\s?[:：]\s*(?P<agency>.{2,60})",
    re.I,
)
#: "with", in front of agencies
_WITH = re.compile(
    r"(?:(?:with|using) (?:(?:additional )?(?:files|reporting|information|material|input|inputs) (?:from"
    r"|by) )?"
    r"|mit (?:(?:material|informationen|inhalten|textmaterial)(?: der(?: nachrichtenagentur(?:en)?)?"
    r"| von(?: der)?)? )?"
    r"|unter verwendung von (?:material (?:der|von) )?"
    r"|avec (?:l['’]|les agences )?|con (?:información|informaciones|datos|reportes?"
    r"|informazioni)?\s*(?:de |da |di )?(?:la )?"
    r"|com (?:informações|agências|a)?\s*(?:da |de |do |das )?|met (?:informatie van )?|med |z "
    r"|(?:na podstawie|za) )"
    r"(?P<agency>.{2,60})",
    re.I,
)
_UNNAMED = re.compile(
    r"(?:mit|dpa/mit) agentur(?:en|material|meldungen)|avec (?:les )?agences|with (?:news )?agencies"
    r"|(?:con|y) agencias"
    r"|con agenzie|com agências(?: internacionais)?|met (?:pers)?(?:agentschappen|bureaus)|agenturen"
    r"|agencies|agencias",
    re.I,
)
_CONTRIBUTED = re.compile(
    r"(?P<agency>.{2,60}?) (?:also )?contributed(?: reporting)? to (?:this|the) (?:report|story|article)",
    re.I,
)
_FIRST_PUBLISHED = re.compile(
    r"this (?:report|story|article) by (?P<agency>.{2,40}?) was first published .{0,60}", re.I
)
#: a house's own site among the sources
_SITE = re.compile(r"(?:www\.)?[\w-]+\.[a-z]{2,10}\s*[,/]\s*", re.I)
_SPELLED_OUT = (_SOURCE, _FIRST_PUBLISHED, _CONTRIBUTED)
#: brackets, strokes, dashes and stars around a sign: "(dpa)", "/ritzau/", "--IANS", "*Com informações da ..."
_AROUND = " \t()[]/*–—-_.©|"
#: what says that a line is about a picture
_PICTURE = re.compile(
    r"\b(?:photos?|fotos?|pictures?|bild(?:er|quelle)?|images?|crédits?|credits?|getty|video|cartoon)\b", re.I
)
#: the bracket, or the word in capitals, behind the last full stop of a story
_END = re.compile(
    r"(?<=[.!?…。”\"»“’'])\s*(?:[(\[](?P<bracket>[^()\[\]]{2,60})[)\]]\.?|(?P<word>[A-Z]{2,8}))\s*$"
)
#: "JANE DOE Associated Press"
_AGENCY_LAST = re.compile(r"(?:The )?[A-Z][\w-]+ (?:[a-z]+ )?[A-Z][\w-]+$")
_BY = re.compile(
    r"(?:by|von|par|por|de|da|di|door|av|af|redacción|redaktion|redazione|rédaction|autore?)\b\s*[:/]?\s*",
    re.I,
)


def closing_sign(text: str, *, bare: bool = True) -> Sign | None:
    """What a line that closes a story says of agencies; None when it is no such line.

    "Source: Reuters", "Mit Material von dpa und AFP", "(avec AFP)", "The Associated Press contributed to this
    report.", "(vst/dpa)", "/ritzau/", "--IANS", "Erik Lindqvist/TT".

    Args:
        bare: an agency's name alone counts, too. Below the story of a page it may be a tag or a link.
    """
    if len(text) > _LONGEST or not (may_name(text) or "agen" in text or "Agen" in text):
        return None
    line = " ".join(text.split()).strip(_AROUND)
    if not line or "©" in text or _PICTURE.search(line):
        return None
    if _UNNAMED.fullmatch(line):
        return Sign(None)
    for pattern in _SPELLED_OUT:
        match = pattern.fullmatch(line)
        if match:
            agency = agencies_only(_SITE.sub("", match["agency"]))
            return Sign(agency) if agency else None
    given = _WITH.fullmatch(line)
    if given and (agency := agencies_only(given["agency"])):
        return Sign(agency)
    return _signature(line) if bare or line != " ".join(text.split()) else None


def end_of_story(text: str) -> tuple[Sign, int] | None:
    """The sign behind the last sentence of a paragraph, and where that sentence ends; None if none.

    "... sagte er. (APA/dpa)", "... no dio cifras. EFE". Brackets before the full stop belong to the sentence.
    """
    last = text.rstrip(" .")[-1:]
    if last not in (")", "]") and not last.isupper():
        return None
    match = _END.search(text, max(0, len(text) - 80))
    if match is None or not text[: match.start()].strip():
        return None
    if match["word"]:
        agency = agency_spelled(match["word"])
        return (Sign(agency), match.start()) if agency else None
    sign = closing_sign(match["bracket"])
    return (sign, match.start()) if sign else None


def byline_agency(line: str, *, certain: bool = False) -> str | None:
    """The agency in a line above a story that names it as author, or beside its author; None otherwise.

    "By Reuters Staff", "Von dpa/afp", "By JANE DOE, Associated Press", "Le Courrier avec AFP",
    "AA / Tunis / Hugo Terrasse".

    Args:
        certain: the line is known to be a byline. Else an agency's name alone, or as source, is taken for
            that of a picture, and names without "by" make no byline.
    """
    line = " ".join(line.split()).strip(" *|–—-")
    if not line or len(line) > _LONGEST or not may_name(line) or _PICTURE.search(line):
        return None
    led = _BY.match(line)
    rest = line[led.end() :] if led else line
    if (led or certain) and (whole := agencies_only(rest)):
        return whole
    for pattern in (_SOURCE, _WITH) if certain else (_WITH,):
        match = pattern.search(rest)
        if match and match.end() == len(rest) and (match.start() == 0 or rest[match.start() - 1] == " "):
            return agencies_only(match["agency"])
    return _beside_names(rest) if led or certain else None


def _beside_names(text: str) -> str | None:
    """The agency behind or before people's names: "Jane Doe, AP", "Jane Doe "
    "| AAP", "AA / Tunis / Hugo Terrasse"."""
    parts = [part for part in re.split(r"\s*[,|/()]\s*|\s[-–—]\s", text) if part]
    behind = _AGENCY_LAST.search(text)
    if behind and people(text[: behind.start()]) and (agency := agency_spelled(behind[0])):
        return agency
    if not people(text):
        bureau = len(parts) == 2 and all(part[0].isupper() and len(part.split()) <= 3 for part in parts)
        return agency_spelled(parts[0]) if bureau and "," not in text else None
    return next(
        (
            found
            for part in parts
            if (found := agency_named(part) or (agency_spelled(part) if part.isupper() else None))
        ),
        None,
    )


def _signature(line: str) -> Sign | None:
    """ "dpa/vst", "IANS", "Erik Lindqvist/TT" """
    only = agencies_only(line)
    if only:
        return Sign(only)
    name, _, last = line.rpartition("/")
    if (
        name
        and people(name)
        and "," not in line
        and (agency := agency_spelled(last))
        and last.strip().isupper()
    ):
        return Sign(agency)
    return None
