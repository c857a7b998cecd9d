"""Elements on show that speak of metadata, as far as they are about this article."""

from __future__ import annotations

from typing import Any

from pipeline.model import Document

Shown = dict[str, Any]
#: an element this far above the article (in pieces of text) is no longer about it
NEAR = 30


def on_show(document: Document) -> list[Shown]:
    """The elements on show, in page order, but for those in sidebars and lists of other articles."""
    return [one for one in document.signals.get("shown", ()) if one["place"] != "outside"]
