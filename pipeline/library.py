"""One article out of some content, in one call: the library's face."""

from __future__ import annotations

from pipeline.clean import clean
from pipeline.errors import NoArticle, NotText
from pipeline.extract import extract
from pipeline.model import Article, Page
from pipeline.packing import digest


def process(content: bytes | str, url: str | None = None, content_type: str | None = None) -> Article:
    """The article in a page or text: HTML or plain text, told apart by content_type or by looking.

    ``url`` is where the content came from: the base for relative links, and evidence for dates
    and names. It is not fetched: no network, no Redis, no database. Text (``str``) is taken as it
    is; bytes are decoded.

    Raises NoArticle when there is no article in it (code `no_article`, or `empty`), and NotText, a
    kind of NoArticle, when the bytes are no text. The error's ``confidence`` tells how sure it is that
    there is an article after all.
    """
    if isinstance(content, str):
        body = content.encode("utf-8", "replace")
        content_type = f"{(content_type or '').split(';')[0]};charset=utf-8" if content_type else None
    else:
        body = content
    checksum = digest(body)
    document = clean(
        Page(
            body=body,
            digest=checksum,
            key=url or f"content:{checksum[:16]}",
            url=url,
            content_type=content_type,
        )
    )
    problem = document.problem
    if problem is not None:
        kind = NotText if problem.code == NotText.code else NoArticle
        error = kind(problem.message, code=problem.code)
        if problem.code == NoArticle.code:
            error.confidence = round(document.confidence, 3)
        raise error
    return extract(document)
