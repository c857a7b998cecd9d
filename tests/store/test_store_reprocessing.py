"""Kept pages that are read once more: new items, and what becomes of them."""

import msgspec
import pytest
from store_line import NOW, article, digest, handed, in_flight, job_of, linked

from pipeline.errors import StoreError
from pipeline.model import Ending, Fetched
from pipeline.store.contract import NewPage

LATER = NOW + 1000


@pytest.fixture
def stored(store):
    """Article 1 with a page that was fetched, and article 2, handed over."""
    fetched, given = in_flight(store, linked("a"), handed("b"))
    how = Fetched(final_url="https://example.com/a?x=1", status=200, headers={"content-language": "en"})
    store.keep_pages([NewPage(item=fetched.id, body=b"<p>a</p>", fetched=how, content_type="text/html")], NOW)
    endings = [
        Ending(item=fetched.id, article=article("a"), page_digest=digest("<p>a</p>")),
        Ending(item=given.id, article=article("b"), page_digest=digest("b")),
    ]
    store.finish(endings, NOW)
    store.end_jobs(NOW)
    return store


def again(store, *of_articles):
    job = store.open_job(["reprocess --all"], LATER, LATER + 60)
    number = store.reprocess(job, of_articles, LATER, LATER + 60)
    store.close_job(job, LATER)
    return job, number


def test_items_begin_with_the_page_and_all_that_was_known_of_it(stored):
    (before,) = [one for one in stored.items(limit=10) if one.name == "https://example.com/a"]
    known = stored.item(before.id)
    job, number = again(stored, 1, 2, 99)
    assert number == 2
    status = stored.job_status(job)
    assert (status.items, status.pending, status.in_flight) == (2, 2, 0)
    first, _ = stored.load(stored.admit(10, LATER))
    assert first == msgspec.structs.replace(known, id=first.id, job=job, state="in_flight")
    assert first.fetched.final_url == "https://example.com/a?x=1"


def test_an_equal_page_is_not_taken_for_known(stored):
    key = "https://example.com/a"
    assert stored.seen([key])[key].extractor_version == "1"
    again(stored, 1)
    assert stored.seen([key])[key].extractor_version == ""


@pytest.mark.parametrize(("told", "outcome"), [({}, "unchanged"), ({"authors": ["Ann Lee"]}, "updated")])
def test_what_the_page_gives_now_is_compared(stored, told, outcome):
    job, _ = again(stored, 1)
    (item,) = stored.admit(10, LATER)
    # By the same version of the extractor: only the comparison can tell.
    ending = Ending(item=item, article=article("a", **told), page_digest=digest("<p>a</p>"))
    (finished,) = stored.finish([ending], LATER)
    assert (finished.outcome, finished.article) == (outcome, 1)
    assert stored.article(1)["authors"] == told.get("authors", [])
    assert stored.end_jobs(LATER) == [job]
    assert stored.check() == []


def test_a_job_that_does_not_run_takes_none(stored):
    job = job_of(stored, [])
    stored.end_jobs(NOW)
    with pytest.raises(StoreError):
        stored.reprocess(job, [1], LATER, LATER + 60)
    assert stored.seen(["https://example.com/a"])["https://example.com/a"].extractor_version == "1"
