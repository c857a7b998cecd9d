"""The words that announce names in credits, in the languages of the large agencies."""

from __future__ import annotations

import re

#: role -> phrases in lower case; "" is for work that the model has no role for, whose names are passed over.
#: A phrase ends in "by" or its like, a colon, or stands before a name in capitals (NAME below).
_NAME = r"(?=\s+(?-i:[^\W\d_a-zß-öø-ÿ]))"
_PHRASES = {
    "additional_reporting": (
        r"additional reporting(?: by|:)|(?:with )?(?:further|contributing|additional"
        r"|extra) reporting(?: by|:)"
        r"|with reporting by|with (?:additional )?(?:files|assistance|contributions|help) (?:from|by)"
        r"|contributors?:|contributing(?: to this report)?:"
        rf"|(?:unter )?mitarbeit(?: von|:|{_NAME})|zusätzliche berichterstattung(?: von|:)|mit beiträgen von"
        r"|avec la (?:contribution|collaboration|participation) d[e’']|avec des contributions de"
        rf"|avec{_NAME}|reportage complémentaire (?:de|par)|contributions? d[e’']"
        r"|(?:reportes?|información|informaciones|reportería) adicional(?:es)? (?:de|por)"
        r"|con (?:información|reportes?|reportería|aportes|la colaboración|la contribución) de"
        rf"|colaboración(?: de|:)|colabor(?:ó|aron){_NAME}"
        rf"|ha(?:nno)? (?:collaborato|contribuito){_NAME}|con la collaborazione di|con il contributo di"
        rf"|reportagem adicional (?:de|por)|colabor(?:ou|aram){_NAME}|com (?:a )?(?:colaboração"
        rf"|reportagem) de"
        r"|met medewerking van|medewerking(?: van|:)|met bijdragen van|met dank aan"
        r"|współpraca:|при участии:|med bidrag (?:av|från|fra)"
    ),
    "reporting": (
        r"report(?:ing|ed)(?: by|:)|reporters?:|to contact the reporters? (?:on|for) this story:?"
        r"|berichterstattung(?: von|:)|bericht(?: von|:)|berichtet von|reportage(?: de| par| di| von|:)"
        rf"|reportage{_NAME}|reportes? (?:de|por)|información de|reportería de|reporting di|reporting{_NAME}"
        rf"|reportagem(?: de| por|:)|informazioni di|in redazione a \w+(?:,| con)?{_NAME}"
        r"|reportaż:|репортаж:|pewarta:|reporter:|pelapor:|reportage:"
    ),
    "writing": (
        r"writ(?:ing|ten)(?: by|:)|geschrieben von|verfasst von|texte?(?: von| de| di|:)|rédigé par"
        r"|rédaction(?: de| par|:)|écrit par|escrito por|redactado por|redacción(?: de|:)|texto(?: de| por|:)"
        r"|scritto da|testo(?: di|:)|redação(?: de|:)|geschreven door|tekst:|текст:|автор текста:|penulis:"
    ),
    "editing": (
        r"(?:edit(?:ing|ed)|copy editing)(?: by|:)|editors?:"
        r"|to contact the editors? responsible for this story:?"
        r"|redigiert von|redaktion(?: von|:)|(?:redaktionell )?bearbeitet von|schlussredaktion:|lektorat:"
        r"|[ée]dité par|édition(?: de|:)|revu par|relu par|edición(?: en español)?(?: de| por|:)"
        r"|editado (?:en español |em português )?por"
        rf"|edição(?: de|:)|editing(?: di| da|:)|editing{_NAME}|a cura di|revisione di"
        rf"|eindredactie(?: door|:)"
        r"|bewerkt door|bewerking:|redactie(?: door|:)|redakcja:|redagował[ai]?:?|oprac(?:owanie|owała?)?[:.]"
        r"|редактор(?: текста)?:|редактура:|penyunting:|redigering:|redigert av|redigerat av|redigeret af"
    ),
    "photography": (
        r"photo(?:s|graphy|graphs|grapher|graphers)?(?: by|:)|fotos?(?: von|:| de| por| di| door)"
        r"|photos? (?:de|par)"
        r"|photographies? (?:de|:)|fotografías?(?: de|:)|fotografia(?: di| de|:)|fotograf(?:ie|in)?:|фото:"
    ),
    "translation": (
        r"translat(?:ion|ed|ing)(?: from \w+)?(?: by|:)|translators?:"
        r"|(?:aus dem \w+ )?übersetz(?:t|ung)(?: aus dem \w+)?(?: von|:)"
        rf"|version française(?: de| par|:|{_NAME})|traduit (?:(?:de l[’']|du |de la )\w+ )?par"
        rf"|traduction(?: de|:)"
        r"|traducido (?:del \w+ )?por|traducción(?: de|:)|tradotto (?:(?:a|in) \w+ )?da"
        r"|traduzione (?:a cura )?di"
        r"|tradução(?: de|:)|traduzido por|vertaald (?:uit het \w+ )?door|vertaling(?: door| van|:)"
        r"|tłumaczenie:|tłum\.|tłumaczył[ai]?:?|перевод:|перев[её]л[аи]?|penerjemah:"
        r"|översättning:|översatt av|oversatt av|oversat af|oversættelse:"
    ),
    "compiling": (
        r"compil(?:ed|ing)(?: by|:)|zusammengestellt von|compilé par|compilado por|samengesteld door"
        r"|подготовил[аи]?"
    ),
    "": (
        r"(?:video|videos|graphics?|infographics?|illustrations?|audio|data|design|layout|production|research"
        r"|fact[- ]checking|development|art direction|produced|illustrated)(?: by|:)"
        r"|(?:grafik|illustration|schnitt|kamera|produktion|recherche|infografik)(?: von|:)"
        r"|(?:infographie|illustration|vidéo|montage|infografía|ilustración|grafica|arte|vídeo)(?: de| di|:)"
    ),
}
_DOUBLES = {
    "reporting": "report",
    "writing": "writ",
    "editing": "edit",
}
#: "Reporting and writing by": two roles of the same people
_DOUBLE = re.compile(
    r"\b(?:reporting|writing|reported|written)(?:, (?:writing|reporting))? and (?:writing|reporting"
    r"|editing|written"
    r"|reported|edited)(?: by|:)",
    re.I,
)
_SINGLE = re.compile("|".join(rf"(?P<{role or 'other'}>{words})" for role, words in _PHRASES.items()), re.I)
#: in small letters, without what depends on capitals: most lines fail here, in half the time
_BEGINS = re.compile(rf"{_SINGLE.pattern.replace(_NAME, '')}|{_DOUBLE.pattern}")
_WORD = re.compile(r"\w+")

#: who contributed to a report, said in a sentence
CONTRIBUTED = (
    re.compile(
        r"(?P<who>.{4,250}?) (?:also )?contributed(?: additional)?(?: reporting)?"
        r"(?: (?:to|for) (?:this|the) (?:report|story|article|piece|coverage)(?: from [^\W\d_].{1,40})?"
        r"| from [^\W\d_].{1,40}| reporting)?"
    ),
    re.compile(
        r"(?:(?:El|La|Los|Las) )?(?P<who>.{4,250}?) (?:contribuy(?:ó|eron)|colabor(?:ó|aron))"
        r"(?: (?:a|en|con|para) (?:este|esta) (?:reporte|despacho|informe|nota|información"
        r"|artículo))(?: desde .{2,40})?"
    ),
    re.compile(
        r"(?P<who>.{4,250}?) (?:a|ont) contribué à (?:cet article|ce reportage"
        r"|cette dépêche)(?: depuis .{2,40})?"
    ),
    re.compile(
        r"(?P<who>.{4,250}?) contribu(?:iu|íram) para (?:esta|este) (?:reportagem|texto"
        r"|artigo)(?: de .{2,40})?"
    ),
)
#: what stands before the names there: "Associated Press writer", "periodistas de The Associated Press"
TITLE = re.compile(
    r"^(?:the )?(?:[\w.&'’/-]+ ){0,4}?(?:writers?|reporters?|journalists?|correspondents?|producers?"
    r"|researchers?|editors?"
    r"|photographers?|videojournalists?|periodistas?|corresponsal(?:es)?|journalistes?|jornalistas?)"
    r"(?: (?:de|da|of) (?:the |la )?(?:associated press|ap|afp|reuters|efe|bloomberg|folha)(?: en \w+)?)?\s+",
    re.I,
)


def begins(body: str) -> bool:
    """Whether a line begins with such a phrase."""
    if not _BEGINS.match(body[:60].lower()):
        return False
    return _SINGLE.match(body) is not None or _DOUBLE.match(body) is not None


def announced(body: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """(start, end, roles) of each phrase that announces names, in order; of "video by" there are no roles."""
    found = []
    for match in _DOUBLE.finditer(body):
        words = match[0].lower()
        found.append(
            (match.start(), match.end(), tuple(role for role, stem in _DOUBLES.items() if stem in words))
        )
    doubles, lowered, last = list(found), body.lower(), 0
    for word in _WORD.finditer(body):
        # In small letters first, as in `begins`; lower() keeps the length of all but a few letters.
        at = word.start()
        if at < last or (len(lowered) == len(body) and not _BEGINS.match(lowered, at)):
            continue
        phrase = _SINGLE.match(body, at)
        if phrase and not any(start <= at < end for start, end, _ in doubles):
            last = phrase.end()
            role = phrase.lastgroup or "other"
            found.append((at, phrase.end(), () if role == "other" else (role,)))
    return sorted(found)
