"""Whether a page is an article at all. Careful: a short article is worth more than a tidy refusal."""

from __future__ import annotations

import re

from pipeline.clean.choosing import Choice

#: fewer words than this in the article's box are no article, whatever they are
_LEAST_WORDS = 10
#: below this many good words a page must not look like an error page, a wall or a list
_SHORT = 120
#: expected word-F1 of the best cut below which there is no article (chosen on held-out pages: above it,
#: what is cut is closer to the true text than to nothing)
LEAST_CONFIDENCE = 0.3
#: a list of links has more of its letters in links than this, and less running prose than that
_LINKED, _PROSE = 0.6, 0.15
_ERROR_TITLE = re.compile(
    r"\b(?:404|403|410|500|502|503)\b|not found|page (?:does not|doesn.t) exist|access denied|forbidden"
    r"|just a moment|attention required|are you (?:a )?(?:human|robot)|captcha|nicht gefunden|introuvable"
    r"|no encontrada|service unavailable|bad gateway|internal server error",
    re.I,
)
_WALL_TITLE = re.compile(
    r"^\W*(?:log ?in|sign ?in|sign ?up|anmelden|einloggen|connexion|se connecter|iniciar sesi[oó]n|accedi)\b"
    r"|before you continue|consent|datenschutzeinstellungen",
    re.I,
)


def why_no_article(choice: Choice) -> str | None:
    """A reason, as the end of a sentence about the page, or None when it may well be an article."""
    tree = choice.tree
    pieces = [tree.pieces[at] for at in choice.chosen]
    words = sum(piece.words for piece in pieces)
    if not tree.pieces:
        return "shows no text"
    if words < _LEAST_WORDS:
        return "holds no running text"
    if choice.good_words < _SHORT:
        title = tree.signals.plain.get("title", "")
        if _ERROR_TITLE.search(title):
            return "is an error page"
        if _WALL_TITLE.search(title):
            return "is a login or consent page"
    letters = sum(len(piece.text) for piece in pieces)
    linked = sum(piece.link_letters for piece in pieces)
    if linked > letters * _LINKED and choice.good_words < words * _PROSE:
        return "is a list of links"
    if not choice.good_words:
        return "holds no running text"
    if choice.confidence < LEAST_CONFIDENCE:
        return "holds nothing that reads like an article"
    return None
