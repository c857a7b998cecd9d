"""Elements on show that speak of metadata, as far as they are about this article."""

from __future__ import annotations

import re
from typing import Any

from pipeline.model import Document

Shown = dict[str, Any]
#: an element this far above the article (in pieces of text) is no longer about it
NEAR = 30
#: words beside a date that make it that of a change
UPDATED = re.compile(r"updat|modif|aktualis|mise? à jour|actualiz|aggiorna|bijgewerkt|stand:", re.I)


def on_show(document: Document) -> list[Shown]:
    """The elements on show, in page order, but for those in sidebars and lists of other articles."""
    return [one for one in document.signals.get("shown", ()) if one["place"] != "outside"]


def month_first(document: Document) -> bool | None:
    """Whether 3/4/2024 means March: in the language of the United States only; None: not known."""
    language = str(document.signals.get("html_lang") or "").lower().replace("_", "-")
    if language == "en-us":
        return True
    return False if language and not language.startswith("en") else None
