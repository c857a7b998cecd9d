"""One article as somebody reads it: its title, and its text under it."""

from __future__ import annotations

from typing import Any

from workers.wording import line, paragraphs


def as_markdown(article: dict[str, Any]) -> str:
    """An article (`Store.article`) as Markdown, safe to print on a terminal."""
    body = paragraphs(article["markup"] or article["text"])
    return _titled(article, body, "# ")


def as_text(article: dict[str, Any]) -> str:
    """An article as plain text."""
    return _titled(article, paragraphs(article["text"]), "")


def _titled(article: dict[str, Any], body: str, mark: str) -> str:
    title = mark + line(article["title"])
    return f"{title}\n\n{body}\n" if title != mark and not body.startswith(title) else f"{body}\n"


__all__ = ["as_markdown", "as_text"]
