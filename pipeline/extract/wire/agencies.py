"""News agencies, and the names by which datelines, bylines and credits call them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

#: canonical name: spellings, in lower case. Names of national services from the members of the European
#: Alliance of News Agencies and of OANA, in the scripts they sign in
_NAMES = {
    "Reuters": "reuters, thomson reuters, reuters.com, reuter, rtr, ロイター, 路透, 路透社, رويترز, рейтер",
    "AP": "ap, associated press, apnews, l'associated press",
    "AFP": "afp, agence france-presse, agence france presse, afp-jiji, 法新社, فرانس برس, أ ف ب",
    "dpa": "dpa, deutsche presse-agentur, deutsche presse agentur, dpa-afx, dpa-infocom, dpa-afx-analyser",
    "EFE": "efe, efe-epa, efeusa, efe verde, efeagro",
    "ANSA": "ansa, ansa.it",
    "Xinhua": "xinhua, xinhuanet, 新华社, 新華社, 新华网",
    "China News Service": "china news service, 中新社, 中新网, 中新網, ecns",
    "CNA": "central news agency, focus taiwan, 中央社",
    "PA": "pa, pa media, press association, the press association, pa news, pa news agency",
    "TASS": "tass, itar-tass, тасс, итар-тасс",
    "RIA Novosti": "ria novosti, ria, риа новости",
    "Interfax": "interfax, interfax-ukraine, interfax.ru, интерфакс, інтерфакс-україна",
    "Kyodo": "kyodo, kyodo news, 共同, 共同通信, 共同通信社",
    "Jiji Press": "jiji, jiji press, 時事, 時事通信, 時事通信社",
    "Yonhap": "yonhap, 연합뉴스, 聯合ニュース",
    "Newsis": "newsis, 뉴시스",
    "News1": "news1 korea, 뉴스1",
    "UPI": "upi, united press international",
    "Bloomberg": "bloomberg, bloomberg news, bloomberg l.p, bloomberg lp, bloomberg línea",
    "Dow Jones": "dow jones, dow jones & company, dowjones, djn, agefi-dow jones",
    "APA": "apa, austria presse agentur, apa-ots, apa/red",
    "Keystone-SDA": "sda, keystone-sda, ats, keystone-ats, keystone-sda-ats, sda-ats, ats-ans, ch media/sda",
    "AWP": "awp, awp finanznachrichten",
    "KNA": "kna, katholische nachrichten-agentur",
    "epd": "epd, evangelischer pressedienst",
    "SID": "sid, sport-informations-dienst, sport-informations-dienst (sid)",
    "ots": "ots, news aktuell, ots.e",
    "PTI": "pti, press trust of india",
    "ANI": "ani, asian news international",
    "IANS": "ians, indo-asian news service",
    "UNI": "uni, united news of india",
    "APP": "app, associated press of pakistan",
    "BSS": "bss, bangladesh sangbad sangstha",
    "UNB": "unb, united news of bangladesh",
    "Lusa": "lusa, lusa/fim",
    "Belga": "belga",
    "ANP": "anp, algemeen nederlands persbureau",
    "TT": "tt, tt nyhetsbyrån, tidningarnas telegrambyrå",
    "NTB": "ntb, norsk telegrambyrå",
    "STT": "stt, stt–fnb, stt-fnb, suomen tietotoimisto",
    "Ritzau": "ritzau, ritzaus bureau",
    "PAP": "pap, polska agencja prasowa",
    "ČTK": "čtk, ctk, česká tisková kancelář",
    "TASR": "tasr",
    "SITA": "sita",
    "MTI": "mti, magyar távirati iroda",
    "Agerpres": "agerpres",
    "BTA": "bta, бта",
    "HINA": "hina",
    "STA": "sta",
    "Tanjug": "tanjug, танјуг",
    "ANA-MPA": "ana-mpa, απε-μπε, απε",
    "Kazinform": "kazinform, казинформ",
    "Ukrinform": "ukrinform, укрінформ, укринформ",
    "Anadolu": "aa, anadolu, anadolu ajansı, anadolu ajansi",
    "DHA": "dha, demirören haber ajansı",
    "İHA": "iha, i̇ha, i̇hlas haber ajansı",
    "Bernama": "bernama",
    "Antara": "antara, lkbn antara",
    "PNA": "pna, philippine news agency",
    "VNA": "vna, vietnam news agency, ttxvn, vietnam+",
    "The Canadian Press": "canadian press, cp, la presse canadienne, presse canadienne",
    "AAP": "aap, australian associated press",
    "Europa Press": "europa press, ep, europapress",
    "Colpisa": "colpisa",
    "ACN": "acn, agència catalana de notícies",
    "Télam": "télam, telam",
    "NA": "agencia na, noticias argentinas",
    "Notimex": "notimex",
    "Prensa Latina": "prensa latina, pl",
    "Adnkronos": "adnkronos, adnkronos salute",
    "AGI": "agi, agenzia italia",
    "LaPresse": "lapresse",
    "Italpress": "italpress",
    "askanews": "askanews",
    "Agência Brasil": "agência brasil",
    "Estadão Conteúdo": "estadão conteúdo, agência estado",
    "Folhapress": "folhapress",
    "MAP": "map, maghreb arabe presse",
    "APS": "aps, algérie presse service",
    "TAP": "tap, tunis afrique presse",
    "WAM": "wam, emirates news agency",
    "SPA": "spa, saudi press agency, واس",
    "MENA": "middle east news agency",
    "IRNA": "irna",
    "PR Newswire": "prnewswire, pr newswire, cnw, cnw group, prnewswire-asianet",
    "Business Wire": "business wire, businesswire",
    "GlobeNewswire": "globe newswire, globenewswire",
}
_BY_ALIAS = {alias.strip(): name for name, aliases in _NAMES.items() for alias in aliases.split(",")}
#: short names that are initials of much else: agencies in the brackets of a dateline, elsewhere only where
#: they stand alone in capitals
_AMBIGUOUS_WORDS = """
    agi ani anp ap apa ats awp cp epd kna mti ntb ots pa pap reuter rtr sda sid stt tasr tt 共同 時事
"""
#: and those that are words, menus, parties and states even in capitals: nothing but a dateline or a credit
#: makes agencies of them
_WORDLIKE_WORDS = """
    aa acn app aps bss bta cnw dha ep hina iha map na news1 pl pna ria sita spa sta tap unb uni vna wam
"""
_WORDLIKE = frozenset(_WORDLIKE_WORDS.split())
_AMBIGUOUS = frozenset(_AMBIGUOUS_WORDS.split()) | _WORDLIKE
#: what joins agencies with each other, with names and with newspapers
_SPLIT = re.compile(
    r"\s*(?:[/,;|&+·•]|\s[-–—]\s|\b(?:and|und|et|y|e|en|och|og|i|with|mit|avec|con|com|met|med)\b)\s*", re.I
)
#: words beside an agency's name that say who of it wrote, and those that say no more than that it is one
_PEOPLE = re.compile(
    r"\b(?:the|l'|de|da|di|do|der|des|la|el|von|agency|news|newswires?|wire|service|services|staff|reporters?"
    r"|repórter|writers?|journalists?|correspondents?|newsroom|bureau|redaktion|redacción|redazione|redação"
    r"|redactie|rédaction|international|health|breakingviews|sports?|video|plus|online|gmbh|inc|ltd|llc|s\.?a)\b"
    r"\.?",
    re.I,
)
_KIND = re.compile(
    r"\b(?:agencies|agence|agencia|agenzia|agência|agentur|nachrichtenagentur)\b|агентство", re.I
)
#: the initials of a house's own writers, or of a desk: "vst/dpa", "dpa/lhe"
_INITIALS = re.compile(r"^[a-zäöü]{1,5}(?:-[a-z]{1,4})?$|^red\.?$|^[A-Z]{1,3}$")
_STRIPPED = " .,:()[]©*–—-/\u3000"


_WORD = re.compile(r"\w+")
#: words of agencies' names that most pages have
_COMMON_WORDS = """
    agency business central china company group international media middle news press service the trust united
"""
_COMMON = frozenset(_COMMON_WORDS.split())
#: of each spelling its longest word, and rather none of those
_TELLING = frozenset(
    max(_WORD.findall(alias), key=lambda word: (word not in _COMMON, len(word))) for alias in _BY_ALIAS
)
_TELLING_BYTES = frozenset(word.encode() for word in _TELLING)
_ASCII = bytes(range(128))
#: small letters for letters, blanks for all that is no part of a word
_APART = bytes(byte if byte < 128 and _WORD.match(chr(byte)) else 32 for byte in bytes(range(256)).lower())
#: scripts that are written without spaces
_OTHER_SCRIPT = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


@lru_cache(maxsize=2048)
def agency_named(text: str, *, certain: bool = False) -> str | None:
    """The agency that a name stands for, or None; of several, or of an agency among names, the first.

    ``certain`` says that the place of the name lets nothing else stand there (the brackets of a
    dateline); elsewhere short names that mean much else must be written in capitals, and stand alone.
    """
    if len(text) > 200 or not may_name(text):
        return None
    name = " ".join(text.split()).strip(_STRIPPED)
    capitals = name.isupper() and name.lower() not in _WORDLIKE
    whole = _known(name, certain=certain or capitals)
    if whole:
        return whole
    parts = _SPLIT.split(name)
    if (len(parts) > 1 or "(" in name) and (only := agencies_only(name)):
        return only
    return next((found for part in parts if (found := _known(part, certain=certain))), None)


def agency_spelled(text: str) -> str | None:
    """The agency of which a text is a spelling and nothing more, however ambiguous; or None."""
    return _known(text, certain=True)


def is_ambiguous(text: str) -> bool:
    """Whether a name that an agency has means much else, too: "PA", "AP", "sda"."""
    return text.strip(_STRIPPED).lower() in _AMBIGUOUS


def may_name(text: str) -> bool:
    """Whether a text can name an agency at all: it has a telling word of one of their names. Cheap; most
    lines have none."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > len(text):
        rare = data.translate(None, _ASCII).decode("utf-8", "surrogatepass")
        if _OTHER_SCRIPT.search(rare):
            return True
        if any(map(str.isalnum, rare)):
            return not _TELLING.isdisjoint(_WORD.findall(text.lower()))
    # Words of ASCII: bytes are taken apart in a tenth of the time.
    return not _TELLING_BYTES.isdisjoint(data.translate(_APART).split())


@lru_cache(maxsize=2048)
def agencies_only(text: str) -> str | None:
    """The first agency of a text that names agencies, desks and initials, and nothing else; or None.

    "dpa/AFP", "vst/dpa", "AFP et Reuters", "Agence France-Presse (AFP)", "Reuters Staff". To be asked only of
    text that stands where an agency is expected: "AA" is one, too.
    """
    if len(text) > 80 or not may_name(text):
        return None
    first: str | None = None
    for part in _SPLIT.split(" ".join(text.split()).strip(_STRIPPED).replace(" (", "/")):
        part = part.strip(_STRIPPED)
        found = _known(part, certain=part.isupper() or not part.isascii() or part in _SIGNED_SMALL)
        if found is None and part and not _INITIALS.match(part):
            return None
        first = first or found
    return first


#: agencies that sign in small letters though their names are ambiguous
_SIGNED_SMALL = frozenset(("afp", "ats", "awp", "dpa", "epd", "ots", "sda"))


def _known(name: str, *, certain: bool) -> str | None:
    for spelling in _spellings(name):
        if spelling in _BY_ALIAS and (certain or spelling not in _AMBIGUOUS):
            return _BY_ALIAS[spelling]
    return None


def _spellings(name: str) -> Iterator[str]:
    """A name in lower case, then without the words that only say it is an agency's."""
    lowered = name.strip(_STRIPPED).lower()
    yield lowered
    without = " ".join(_PEOPLE.sub(" ", lowered).split()).strip(_STRIPPED)
    yield without
    yield " ".join(_KIND.sub(" ", without).split()).strip(_STRIPPED)
