"""Feedmill's domain: pages in, clean articles out.

    from pipeline import process
    article = process(content)
    article.title, article.text, article.to_dict()

Nothing here touches Celery, Redis or a command line; what needs a process lives in `workers`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.errors import NoArticle, NotText, PipelineError
    from pipeline.library import process
    from pipeline.model import Article, Contributor, Copyright, Dateline

#: Public name -> where it lives. Loaded on first use: the parsers take a quarter of a second, and
#: whoever imports only `pipeline.errors` (every start of the command line) shall not wait for them.
_HOMES = {
    "Article": "pipeline.model",
    "Contributor": "pipeline.model",
    "Copyright": "pipeline.model",
    "Dateline": "pipeline.model",
    "NoArticle": "pipeline.errors",
    "NotText": "pipeline.errors",
    "PipelineError": "pipeline.errors",
    "process": "pipeline.library",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})


__all__ = [
    "Article",
    "Contributor",
    "Copyright",
    "Dateline",
    "NoArticle",
    "NotText",
    "PipelineError",
    "process",
]
