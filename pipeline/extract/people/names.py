"""Names of people out of bylines, credits and author fields."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.extract.people.given_names import is_given
from pipeline.extract.people.nobodies import (
    ACRONYMS,
    CALENDAR,
    DEGREES,
    NOBODIES,
    RANKS,
    ROLES,
    SURNAMES,
    TITLES,
)
from pipeline.extract.wire.agencies import agency_named

#: the word for "by" and what stands around it; labels stand alone or before a colon
BY = re.compile(
    r"\s*(?:"
    r"(?:(?:article|story|words|text|review|analysis|report|opinion|interview|essay|recipe"
    r"|guest post|photos?)\s+)?"
    r"(?:(?:written|reported|posted|published|created|contributed|submitted|authored|shared)\s+)?"
    r"(?:by\b|(?-i:By(?=[A-Z])))"
    r"|(?:(?:eine? )?(?:analyse|kommentar|kolumne|glosse|gastbeitrag|reportage|interview|essay|artikel"
    r"|bericht|beitrag|text)\s+)?(?:(?:geschrieben|verfasst|erstellt|veröffentlicht|eingestellt|gepostet"
    r"|publiziert)\s+)?"
    r"vo[nm]\b"
    r"|(?:(?:écrit|publié|rédigé|propos recueillis|article)\s+)?par\b"
    r"|(?:(?:escrito|publicado|redactado)\s+)?por\b"
    r"|(?:scritto|articolo)\s+di\b|(?-i:di)\b|(?-i:Di)\b(?=\s+\S+\s+\S)|a cura di\b"
    r"|(?:geschreven\s+)?door\b|(?:skrevet\s+|skriven\s+)?(?:(?-i:a[fv])\b|a[fv]\s*:)"
    r"|(?:te[xk]ste?|autore?(?:in|innen|en|es|a)?|auteurs?|author(?:s|\(s\))?|contributors?|forfatter|redacción"
    r"|author name|автор|текст|yazar|penulis|كاتب|作者|撰文|文|글)\s*(?=[:：/／=]|$)"
    r"|بقلم|מאת|(?:本报|本報|本社|新华社|新華社)?(?:记者|記者)(?=[\s:：])"
    r")\s*[:：/／=]?\s*",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"\s*(;|\||·|•|⋅|●|∙|/|／|\n|，|、|\s&\s|\+|\s-\s|\s–\s|\s—\s"
    r"|\s(?:and|AND|And|und|UND|Und|et(?! al)|ET|och|og|ve|dan|и|та|και|و|és|và|med|with|mit|avec|con|com)\s"
    r"|\s(?:y|Y|e|i|en|a|ja)\s(?=[A-ZÀ-Þ]\S*\s+\S))\s*"
)
#: a quote, not an apostrophe inside a name
_QUOTE = re.compile(r"(?<![^\W\d_])'|'(?![^\W\d_])")
_JUNK = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|(?<!\w)@\w+|\([^)]*\)|\[[^\]]*\]|[\"“”„«»<>*]", re.I)
#: in a piece: the name has ended before these
_STOPS_WORDS = """
    in à en aus at from für for am on on: via to of as is was since about über sur the
"""
_STOPS = frozenset(_STOPS_WORDS.split())
_PARTICLES_WORDS = """
    de da di do dos das del della dello degli dei van von vom der den la le los las lo al el bin ibn ben
    abu zu zum zur du des y e ten ter 't d' af av st st. o vander ul bint und
"""
_PARTICLES = frozenset(_PARTICLES_WORDS.split())
_CASELESS = re.compile(
    r"[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u10a0-\u10ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_]+(?:[.'’ʼ`´·‐-]+[^\W\d_]+)*\.?")
#: two words without their space, as where one element ends and the next begins
_GLUED = re.compile(r"((?:[A-ZÀ-Þ][a-zß-ÿ]+-)?[A-ZÀ-Þ][a-zß-ÿ]+)([A-ZÀ-Þ][a-zß-ÿ]+)")
#: no name begins with an article, titles of newspapers do
_ARTICLES_WORDS = """
    a an the das die der zur zum im am eine ein el los las les il gli
"""
_ARTICLES = frozenset(_ARTICLES_WORDS.split())
_BEFORE = ROLES | RANKS
_GLUED_ON = NOBODIES | CALENDAR | RANKS | _ARTICLES
#: reporters' and offices' marks after names in Korean, Japanese and Chinese bylines
_SUFFIX = re.compile(
    r"\s*(?:(?:선임|수습|인턴|객원)?기자|특파원|논설위원|편집장|記者|记者|特派員|編集委員|論説委員|通讯员|通訊員"
    r"|撰稿|报道|報導)$"
)
#: what newspapers, broadcasters and their offices are called in these scripts
_CASELESS_OFFICES = re.compile(
    r"新聞|新闻|デジタル|編集|编辑|編輯|通信|通讯|通訊|テレビ|放送|取材|ニュース|日報|日报|晚报|晨报|[网網社部局版]$"
    r"|뉴스|신문|일보|방송|편집|연합|온라인|समाचार|न्यूज|डेस्क|टीम|تحرير|وكالة|أخبار|صحيفة|מערכת|חדשות|ข่าว"
)
#: a pseudonym is one word as a rule; longer ones are capitalised
_HANDLE = re.compile(r"[^\W_][\w.’'-]{1,24}")
_DOMAIN = re.compile(
    r"\.(?:com|de|org|net|at|ch|fr|it|es|pl|co|io|eu|info|uk|tv|news|blog|be|nl|in|us|ru|is|no)$", re.I
)
#: parts of the names of accounts that belong to no one
_ACCOUNT = re.compile(
    r"admin|redak|redac|rédac|editor|team|staff|news|press|user|webmaster|author|online|official", re.I
)
_LONGEST = 200
_MOST_WORDS = 5


def people(text: str, *, site: str | None = None, doubted: bool = False) -> list[str]:
    """The people named in a byline, in order, without doubles, titles, roles and organisations.

    ``site`` is the publisher's name, which is not a person. Agencies are left out: see
    `pipeline.extract.wire.agencies`. ``doubted`` says that what stands behind a comma or dash may as well be
    a role: it is a name where its first word is a given name, or that of the first name is not.
    """
    return list(_people(text, site, doubted))


def person(text: str, *, site: str | None = None) -> str | None:
    """A name that its source gives as one person's: a single word is allowed, a list is not."""
    found = named(text, site=site)
    return found[0] if len(found) == 1 else None


def named(text: str, *, site: str | None = None) -> list[str]:
    """The people that a source names which holds nothing but authors: single words and pseudonyms are
    allowed, where there is no whole name."""
    return list(_people(text, site, False) or _pseudonyms(text, site))


@lru_cache(maxsize=4096)
def _people(text: str, site: str | None, doubted: bool) -> tuple[str, ...]:
    found: dict[str, str] = {}
    known = False
    for piece, firm in _pieces(text):
        name = _name(piece)
        if not name or (site and _same(name, site)) or agency_named(name):
            continue
        given = is_given(name.split()[0])
        if doubted and found and known and not firm and not given:
            continue
        known = known or given
        found.setdefault(name.casefold(), name)
    return tuple(found.values())


@lru_cache(maxsize=4096)
def _pseudonyms(text: str, site: str | None) -> tuple[str, ...]:
    pieces = _pieces(text)
    found = [piece for piece, _ in pieces if _is_pseudonym(piece) and not (site and _same(piece, site))]
    joined = all(firm for _, firm in pieces[1:])
    return tuple(dict.fromkeys(found)) if len(found) == len(pieces) <= 3 and joined else ()


def _pieces(text: str) -> list[tuple[str, bool]]:
    """What a byline separates, without addresses, handles and what stands in brackets; and whether a word
    like "and" stands before it."""
    if text[:1] == "[" and text[-1:] == "]":
        # A list as programs print it.
        text = _QUOTE.sub(" ", text[1:-1])
    text = _JUNK.sub(" ", unicodedata.normalize("NFC", text[:_LONGEST]))
    parts = _PARTS.split(_unled(text))
    pieces: list[tuple[str, bool]] = []
    for at in range(0, len(parts), 2):
        firm = at > 0 and parts[at - 1].strip() not in ("-", "–", "—", "|", "·", "•", "⋅", "●", "∙", "")
        halves = [half.strip() for half in parts[at].split(",")]
        if len(halves) == 2 and _is_turned(*halves):
            halves = [f"{halves[1]} {halves[0]}"]
        for half in halves:
            piece = " ".join(_unled(half).split()).strip(" ,:;*_-–—|.>") if half else ""
            if piece.lower() in ("jr", "sr", "ii", "iii") and pieces:
                pieces[-1] = (f"{pieces[-1][0]} {piece}.", pieces[-1][1])
            elif piece:
                pieces.append(
                    (piece + "." if half.endswith((f" {piece[-1]}.", "Jr.", "Sr.")) else piece, firm)
                )
            firm = False
    return pieces


def _unled(text: str) -> str:
    lead = BY.match(text)
    return text[lead.end() :] if lead else text


def _is_turned(last: str, first: str) -> bool:
    """Whether a surname stands before a given name: "Thorn, Ada", "Thorn, Ada M."."""
    words = first.split()
    if not words or " " in last or not last[:1].isupper() or len(words) > 2:
        return False
    initials = [len(word.strip(".")) == 1 for word in words]
    return (any(initials) or is_given(words[0])) and all(initials[1:]) and not is_given(last)


def _name(piece: str) -> str | None:
    """One name, or None when the piece is none."""
    if _CASELESS.search(piece):
        return _caseless(piece)
    words = _without_roles(_until_stop(piece.split()))
    if not 2 <= len(words) <= _MOST_WORDS or not all(map(_WORD.fullmatch, words)):
        return None
    first, given = words[0].lower(), is_given(words[0])
    if first in _ARTICLES or (first in ("le", "la") and not is_given(words[1])):
        return None
    shouted = all(word.isupper() for word in words)
    for at, word in enumerate(words):
        low = word.lower()
        if at and low in _PARTICLES:
            continue
        if not (word[0].isupper() or word[1:2] in "’'" or low.partition("-")[0] in _PARTICLES):
            return None
        low = low.strip(".")
        if low in CALENDAR and not given:
            return None
        if low in NOBODIES or (word.isupper() and (at or not shouted) and low in ACRONYMS):
            if not (given and (at == 0 or low in SURNAMES)):
                return None
        elif word.isupper() and 3 <= len(word) <= 4 and "." not in word and not given and not shouted:
            return None
    if {word.lower().strip(".") for word in words} <= TITLES or _are_degrees(words, shouted):
        return None
    return " ".join(_recased(word, shouted) for word in words)


def _are_degrees(words: list[str], shouted: bool) -> bool:
    first, second = words[0].lower().strip("."), words[1].lower().strip(".")
    return first in DEGREES and (second in DEGREES or (words[1].isupper() and not shouted))


def _until_stop(words: list[str]) -> list[str]:
    """The words of a piece up to where a place, a date or an office begins."""
    kept: list[str] = []
    for at, word in enumerate(words):
        low = word.lower()
        if kept and low in _STOPS and (word == low or len(kept) > 1):
            break
        bare = low.strip(".,:")
        if kept and bare in CALENDAR and words[at + 1 : at + 2] and words[at + 1][0].isdigit():
            break
        if len(kept) > 1 and (
            (bare in CALENDAR and bare not in SURNAMES and not is_given(bare))
            or (bare in NOBODIES and bare not in ROLES and is_given(kept[0]))
        ):
            break
        glued = _GLUED.match(word)
        if glued and glued[2].lower() in _GLUED_ON:
            kept.append(glued[1])
            break
        if not word.isalpha() and any(map(str.isdigit, word)):
            letters = re.split(r"\d", word)[0]
            if len(letters) > 1 and kept:
                kept.append(letters)
            break
        kept.append(word.strip(",:;"))
    while kept and kept[-1] in _PARTICLES:
        kept.pop()
    return kept


def _without_roles(words: list[str]) -> list[str]:
    """The words of a name without titles before it, and degrees and roles on either side."""
    while len(words) > 2 and words[0].lower().rstrip(".") in TITLES:
        words = words[1:]
    ahead = 0
    while ahead < len(words) - 2 and words[ahead].lower() in _BEFORE:
        ahead += 1
    if ahead and words[ahead - 1].lower() in ROLES:
        words = words[ahead:]
    shouted = all(map(str.isupper, words))
    while (
        len(words) > 2 and words[-1].lower().strip(".") in DEGREES and not shouted and not words[-1].istitle()
    ):
        words = words[:-1]
    if len(words) > 2 and words[-1].lower() in ROLES:
        words = words[:-1]
        while len(words) > 2 and words[-1].lower() in RANKS:
            words = words[:-1]
    return words


def _caseless(piece: str) -> str | None:
    """A name in a script without capitals."""
    name = _SUFFIX.sub("", piece).strip()
    longest = 24 if " " in name or "・" in name or not _SPACELESS.search(name) else 6
    if not 2 <= len(name) <= longest or any(map(str.isdigit, name)) or _CASELESS_OFFICES.search(name):
        return None
    return name if all(_WORD.fullmatch(word) for word in name.replace("・", " ").split()) else None


def _is_pseudonym(piece: str) -> bool:
    """Whether one or two words can be what an author goes by."""
    words = piece.split()
    if len(words) > 2 or _DOMAIN.search(piece) or _ACCOUNT.search(piece) or agency_named(piece):
        return False
    lows = {word.lower().strip(".") for word in words}
    if lows & NOBODIES or lows & CALENDAR:
        return False
    if len(words) == 2:
        begins = piece[0].isupper() or is_given(words[0])
        return begins and all(map(str.isalpha, words)) and not lows & ACRONYMS
    if piece.isupper() and len(piece) < 6:
        return False
    return _HANDLE.fullmatch(piece) is not None and sum(map(str.isalpha, piece)) > 1


def _recased(word: str, shouted: bool) -> str:
    """A word of a name as names are written, when it is in capitals; initials are."""
    if not word.isupper() or "." in word[:-1] or len(word) < (3 if shouted else 4):
        return word
    low = word.lower()
    if low in _PARTICLES:
        return low
    title = word.title()
    return "Mc" + title[2:].title() if title.startswith("Mc") and len(title) > 3 else title


def _same(name: str, site: str) -> bool:
    def plain(text: str) -> str:
        return re.sub(r"[\W_]+", "", text).casefold().removeprefix("the").removesuffix("com")

    return plain(name) == plain(site)
