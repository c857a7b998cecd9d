"""Feedmill's domain: pages in, clean articles out.

    from pipeline import process
    article = process(content)
    article.title, article.text, article.to_dict()

Nothing here touches Celery, Redis or a command line; what needs a process lives in `workers`.
"""

from __future__ import annotations

from pipeline.errors import NoArticle, NotText, PipelineError
from pipeline.model import Article, Contributor, Copyright, Dateline
from pipeline.process import process

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
