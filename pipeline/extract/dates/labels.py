"""What the words beside a date say of it: that of publication, of a change, or of something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pipeline.extract.dates.order import DateOrder
from pipeline.extract.dates.reading import Found, find_dates

_MODIFIED = re.compile(
    r"updat|modif|revis|review|amended|edited|fact.?check|aktuali[sz]|änder"
    r"|überarbeitet|mise? à jour"
    r"|\bmàj\b|\bmaj\b|actuali[sz]|atualiz|aggiorna|bijgewerkt|gewijzigd|oppdater"
    r"|opdater|uppdater|endret|ændret"
    r"|päivitet|muokattu|güncel|обновл|измен|оновл|промен|ενημερ|τροποπ|frissít"
    r"|módosít|zmodyfik|zmień|edytow|upraven"
    r"|更新|修正|修改|수정|최종|cập nhật|diperbarui|עודכן|עדכון|تحديث|به.?روز",
    re.I,
)
_PUBLISHED = re.compile(
    r"publi[sczké]|mise en ligne|posted|post date|\bdate[:d]?\b|created|\bissued|\breleased?\b"
    r"|submitted|written|first seen|veröffentl"
    r"|erschienen|erstellt|datum|vom\b|fecha|creado|pubblic|\bdata\b|gepubl|geplaatst"
    r"|opubl|dodan|zveřej|vydán|vyšlo"
    r"|опубл|дата|julkaistu|utgitt|udgivet|yayın|tarih|közzé|megjelen|δημοσ|发布|發布|发表|公開|掲載|投稿|등록|입력|승인"
    r"|đăng|terbit|diunggah|פורסם|نشر|منتشر",
    re.I,
)
#: what makes a date that of a right, a person, a meeting, a machine
_OTHER = re.compile(
    r"©|\(c\)|copyright|all rights|since|joined|registered|member|valid|expir"
    r"|deadline|accessed|retrieved|viewed|born"
    r"|\bdied|event|\bsince|\bfrom\b|\bto$|until|\bbis\b|seit|ab dem|depuis|desde"
    r"|through|between|as of|effective"
    r"|version|comment|kommentar|repl(?:y|ies)|next|nächst|starts?\b|begins?\b"
    r"|ends?\b|delivery|arrives|order|session"
    r"|last (?:login|visit|seen)|today|heute",
    re.I,
)


#: characters ahead of a date that say what it is
_NEXT = 40


class Dated(NamedTuple):
    """A date with what its words say: ``published``, ``modified``, ``other`` or nothing."""

    found: Found
    label: str


def label(words: str) -> str:
    """Which of the four some words ahead of a date speak of; those next to it count."""
    words = words[-_NEXT:].strip(" |·•-–—,\n")
    return _label(words) if words else ""


# Sites say the same before each of their dates.
@lru_cache(maxsize=2_000)
def _label(words: str) -> str:
    if _MODIFIED.search(words):
        return "modified"
    if _OTHER.search(words):
        return "other"
    return "published" if _PUBLISHED.search(words) else ""


def label_ahead(ahead: str, before: str) -> str:
    """The label of what starts a line but for ``ahead``; if that is nothing, of the short text before it."""
    said = label(ahead)
    if not said and before and not ahead.strip(" |·•-–—,") and _is_label(before):
        said = label(before)
    return said


def dated(text: str, order: DateOrder, before: str = "") -> Iterator[Dated]:
    """The dates of a short text, each with what is said ahead of it: in the text, else in ``before``."""
    at = 0
    found = find_dates(text, month_first=order.month_first, language=order.language)
    for one in found:
        said = label_ahead(text[at : one.start], "" if at else before)
        if not said and len(found) == 1:
            behind = text[one.end : one.end + 30].split("|")[0]
            said = "modified" if _MODIFIED.search(behind) else ""
        yield Dated(one, said)
        at = one.end


def _is_label(text: str) -> bool:
    """Whether a text of its own can speak of the date below it: a word or three, no headline, no credit."""
    return "©" not in text and len(text) <= 28 and len(text.split()) <= 3 and not any(map(str.isdigit, text))
