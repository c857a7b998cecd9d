"""News agencies, and the names by which datelines, bylines and credits call them."""

from __future__ import annotations

import re

_NAMES = {
    "Reuters": "reuters, thomson reuters, reuters news agency, reuters.com",
    "AP": "ap, associated press, the associated press, ap news",
    "AFP": "afp, agence france-presse, agence france presse, afp news",
    "dpa": "dpa, deutsche presse-agentur, dpa-afx, dpa/tmn, dpa international, dpa-infocom",
    "EFE": "efe, agencia efe, efeusa",
    "ANSA": "ansa, agenzia ansa",
    "Xinhua": "xinhua, xinhua news agency",
    "PA": "pa, pa media, press association, pa news agency",
    "TASS": "tass, itar-tass",
    "Kyodo": "kyodo, kyodo news",
    "Jiji Press": "jiji, jiji press",
    "Yonhap": "yonhap, yonhap news agency",
    "UPI": "upi, united press international",
    "Bloomberg": "bloomberg, bloomberg news",
    "APA": "apa, austria presse agentur",
    "Keystone-SDA": "sda, keystone-sda, ats, keystone-ats",
    "KNA": "kna, katholische nachrichten-agentur",
    "epd": "epd, evangelischer pressedienst",
    "SID": "sid, sport-informations-dienst",
    "PTI": "pti, press trust of india",
    "ANI": "ani, asian news international",
    "IANS": "ians, indo-asian news service",
    "Lusa": "lusa, agência lusa",
    "Belga": "belga",
    "ANP": "anp",
    "TT": "tt, tt nyhetsbyrån",
    "NTB": "ntb",
    "Ritzau": "ritzau",
    "PAP": "pap, polska agencja prasowa",
    "ČTK": "čtk, ctk",
    "MTI": "mti",
    "Interfax": "interfax, interfax-ukraine",
    "RIA Novosti": "ria novosti, ria, риа новости",
    "Ukrinform": "ukrinform",
    "Anadolu": "anadolu agency, anadolu, anadolu ajansı",
    "Bernama": "bernama",
    "Antara": "antara",
    "The Canadian Press": "the canadian press, canadian press, cp",
    "AAP": "aap, australian associated press",
    "Europa Press": "europa press, ep",
    "Adnkronos": "adnkronos",
    "AGI": "agi",
    "LaPresse": "lapresse",
    "Agência Brasil": "agência brasil",
    "Estadão Conteúdo": "estadão conteúdo",
}
_BY_ALIAS = {alias.strip(): name for name, aliases in _NAMES.items() for alias in aliases.split(",")}
#: short names that are words or initials of much else: only a dateline makes agencies of them
_AMBIGUOUS_WORDS = """
    ep cp pa tt ap apa agi ria sid ani ats pap mti ntb anp
"""
_AMBIGUOUS = frozenset(_AMBIGUOUS_WORDS.split())
_SPLIT = re.compile(r"\s*(?:/|,|;|\band\b|\bund\b|\bet\b|&|\+)\s*", re.I)


def agency_named(text: str, *, certain: bool = False) -> str | None:
    """The agency that a name stands for, or None.

    ``certain`` says that the place of the name lets nothing else stand there (the brackets of a
    dateline); elsewhere short names that mean much else must be written in capitals.
    """
    name = " ".join(text.split()).strip(" .()[]")
    lowered = name.lower()
    found = _BY_ALIAS.get(lowered)
    if found and lowered in _AMBIGUOUS and not certain and not name.isupper():
        return None
    if found:
        return found
    for part in _SPLIT.split(lowered):
        if part in _BY_ALIAS and part not in _AMBIGUOUS:
            return _BY_ALIAS[part]
    return None
