"""`feedmill reprocess`: what would change, and how it is asked for."""

import pytest
from cli_place import article, finish, new_item, open_job

from pipeline.model import Ending
from pipeline.settings import load
from pipeline.sources import read

STORY = b"""Harbour team wins the cup after a long night

By Ann Lee

PORTSMOUTH, March 1 (Wire) - The harbour team won the cup on Sunday after a night of rain that had flooded
half of the ground, and the captain said that nobody would forget it soon.

The other side had led until the last ten minutes, when two goals came within ninety seconds of each other,
and thousands of people waited at the station for the train that brought the players home.
"""


@pytest.fixture
def stored(place, tmp_path):
    """An article that was made of a kept page by something that read it badly, and one without a page."""
    (tmp_path / "story.txt").write_bytes(STORY)
    store = place.store()
    (item,) = read(str(tmp_path / "story.txt"), load({}, data_dir=place.folder))
    job = store.open_job(["in"], 1_000.0, 1_060.0)
    store.accept(job, [item], 1_000.0)
    store.close_job(job, 1_000.0)
    (one,) = store.load(store.admit(10, 1_001.0))
    wrong = article("Harbour", "The harbour team won.", authors=["Bo Ek"])
    store.finish([Ending(item=one.id, article=wrong, page_digest=one.page_digest)], 1_002.0)
    store.end_jobs(1_002.0)
    store.close()


def test_a_dry_run_tells_what_would_change_and_changes_nothing(place, stored):
    before = place.json("show", "1")
    told = place.json("reprocess", "--all", "--dry-run")
    assert (told["dry_run"], told["articles"], told["changed"]) == (True, 1, 1)
    assert told["fields"]["authors"] == {
        "changed": 1,
        "examples": [{"article": 1, "before": ["Bo Ek"], "after": ["Ann Lee"]}],
    }
    assert "content_hash" not in told["fields"]
    words = place.feedmill("reprocess", "--all", "--dry-run").stdout
    assert "1 article: 1 would change, 0 would not. Nothing was changed." in words
    assert "article 1: Bo Ek -> Ann Lee" in words
    assert place.json("show", "1") == before
    assert len(place.json("status")["jobs"]) == 1


def test_filters_choose_the_articles(place, stored):
    assert place.json("reprocess", "--host", "example.org", "--dry-run")["articles"] == 0
    assert place.json("reprocess", "--since", "1970-01-01", "--dry-run")["articles"] == 1


@pytest.mark.parametrize("args", [[], ["--all", "--host", "example.org"]])
def test_which_articles_has_to_be_said_once(place, stored, args):
    result = place.feedmill("reprocess", *args)
    assert result.exit_code == 2
    assert "--all" in result.stderr


def test_pages_that_are_not_kept_are_counted(place):
    store = place.store()
    open_job(store, [new_item("a.txt")])
    finish(store, {"a.txt": Ending(item=0, article=article(), page_digest="gone")})
    store.close()
    told = place.json("reprocess", "--all", "--dry-run")
    assert (told["articles"], told["without_page"], told["changed"]) == (1, 1, 0)
