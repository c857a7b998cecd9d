"""Kept pages read once more: as a job, or only to see what would change."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.clean import clean
from pipeline.extract import extract
from pipeline.model import Article
from pipeline.store.article_filter import ArticleFilter
from pipeline.store.contract import Store
from pipeline.store.wording import storable_article
from workers.evidence import kept_page
from workers.intake import SILENCE, Intake, leave

#: articles asked for, and items made, at once
_PAGE = 500
#: changed values of one field that are shown
_EXAMPLES = 3
#: fields that say how an article was made, not what it says (as `pipeline.decide.fingerprint`), or that
#: follow from the text
_HOW = frozenset(
    {"content_hash", "simhash", "near_duplicate_of", "confidence", "provenance", "extractor_version"}
)


def begin(
    store: Store, wanted: ArticleFilter, told: str, progress: Callable[[int], None] = lambda _: None
) -> Intake:
    """A job whose items are the kept pages of the articles that pass a filter; ``told``: what it is called.

    Broken off half-way, the items made so far are worked off. Raises StoreError, and JobCancelled when a
    person cancels the job meanwhile.
    """
    now = time.time()
    job = store.open_job([told], now, now + SILENCE)
    items = 0
    try:
        for some in _articles(store, wanted):
            now = time.time()
            items += store.reprocess(job, some, now, now + SILENCE)
            progress(items)
    except KeyboardInterrupt as error:
        error.add_note(
            f"{items:,} pages are read once more, as job {job}: `feedmill cancel {job}` ends that."
        )
        raise
    finally:
        leave(store, job)
    return Intake(job, items)


@dataclass
class Preview:
    """What reading kept pages once more would change."""

    articles: int = 0
    changed: int = 0
    unchanged: int = 0
    #: their page is not kept, or damaged
    without_page: int = 0
    #: code -> articles whose page would now be said to hold none; they stay as they are
    refused: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    #: field -> the first changes: article, before, after
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "articles": self.articles,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "without_page": self.without_page,
            "refused": dict(self.refused.most_common()),
            "fields": {
                name: {"changed": number, "examples": self.examples[name]}
                for name, number in self.fields.most_common()
            },
        }


def preview(store: Store, wanted: ArticleFilter, progress: Callable[[int], None] = lambda _: None) -> Preview:
    """Read the kept pages here and compare; writes nothing. Pages are cut without the memory of their
    sites. Raises StoreError."""
    found = Preview()
    for some in _articles(store, wanted):
        for one in some:
            _compare(store, one, found)
            progress(found.articles)
    return found


def _articles(store: Store, wanted: ArticleFilter) -> Iterator[list[int]]:
    cursor = None
    while True:
        page = store.articles(wanted=wanted, limit=_PAGE, cursor=cursor)
        if page:
            yield [row.id for row in page]
        cursor = page.next
        if cursor is None:
            return


def _compare(store: Store, number: int, found: Preview) -> None:
    before, item = store.article(number), store.article_item(number)
    if before is None:
        return  # deleted meanwhile
    found.articles += 1
    page, _ = kept_page(store, item)
    if page is None:
        found.without_page += 1
        return
    document = clean(page)
    if document.problem is not None:
        found.refused[document.problem.code] += 1
        return
    after = storable_article(extract(document)).to_dict()
    names = [name for name in Article.__struct_fields__ if name not in _HOW and before[name] != after[name]]
    found.changed += bool(names)
    found.unchanged += not names
    for name in names:
        found.fields[name] += 1
        shown = found.examples.setdefault(name, [])
        if len(shown) < _EXAMPLES:
            shown.append({"article": number, "before": before[name], "after": after[name]})


__all__ = ["Preview", "begin", "preview"]
