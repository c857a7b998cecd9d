"""Articles that go, and do not come back."""

import os
import subprocess
import sys

from cli_place import article, finish, new_item, open_job

STORY = "https://news.example/harbour/story.html"


def stored(place, *names):
    """A store with an article of each of these addresses, numbered from 1."""
    store = place.store()
    open_job(store, [new_item(name, key=name, url=name) for name in names])
    finish(store, {name: article(f"About {name[-12:]}", f"Text of {name}.") for name in names})
    return store


def test_an_article_is_deleted_by_number_or_address(place):
    store = stored(place, STORY, "https://news.example/b.html")
    result = place.feedmill("delete", "1", "https://news.example/b.html")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("deleted ") == 2
    assert place.json("articles")["articles"] == []
    assert store.deleted([STORY]) == {STORY}


def test_deleting_is_told_wherever_it_is_asked_for(place):
    stored(place, STORY)
    assert place.json("delete", "1") == {"deleted": [1]}
    shown = place.feedmill("show", STORY)
    assert shown.exit_code == 2
    assert "was deleted" in shown.stderr
    assert f"feedmill delete --forget {STORY}" in shown.stderr
    why = place.feedmill("why", STORY)
    assert why.exit_code == 0
    assert "deleted" in why.stdout
    again = place.feedmill("delete", STORY)
    assert again.exit_code == 2
    assert "was deleted" in again.stderr
    assert "deleted" in place.feedmill("show", "1").stderr


def test_what_was_deleted_does_not_come_back_until_it_is_forgotten(place):
    store = stored(place, STORY)
    place.feedmill("delete", "1")
    open_job(store, [new_item("again", key=STORY, url=STORY)], now=2_000.0)
    finish(store, {"again": article("About it", "Another text.")}, now=2_001.0)
    assert place.json("articles")["articles"] == []
    assert "skipped" in place.feedmill("why", STORY).stdout
    forgotten = place.feedmill("delete", "--forget", STORY)
    assert forgotten.exit_code == 0
    assert "feedmill enqueue" in forgotten.stderr
    open_job(store, [new_item("third", key=STORY, url=STORY)], now=3_000.0)
    finish(store, {"third": article("About it", "A third text.")}, now=3_001.0)
    assert len(place.json("articles")["articles"]) == 1


def test_a_part_of_a_name_deletes_nothing(place):
    stored(place, STORY)
    for name in ("harbour", "story.html", "news.example", "", "%", "https://news.example/harbour/"):
        result = place.feedmill("delete", name)
        assert result.exit_code == 2, name
        assert place.feedmill("delete", "--forget", name).exit_code == 2, name
    assert len(place.json("articles")["articles"]) == 1


def test_of_several_none_is_deleted_when_one_is_unknown(place):
    stored(place, STORY)
    result = place.feedmill("delete", "1", "99")
    assert result.exit_code == 2
    assert "There is no article 99" in result.stderr
    assert len(place.json("articles")["articles"]) == 1


def test_it_has_to_be_said_what(place):
    stored(place, STORY)
    assert place.feedmill("delete").exit_code == 2
    assert place.feedmill("delete", "1", "--forget", STORY).exit_code == 2
    result = place.feedmill("delete", "--forget", STORY)
    assert result.exit_code == 2
    assert "Nothing that was deleted" in result.stderr


def on_a_terminal(place, answer, *args):
    """The command as somebody at a terminal calls it, who answers."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "workers.cli", "--data-dir", str(place.folder), *args]
    os.write(ours, answer)
    done = subprocess.run(command, stdin=theirs, capture_output=True, text=True, timeout=60, check=False)
    os.close(ours)
    os.close(theirs)
    return done


def test_a_terminal_is_asked_first(place):
    stored(place, STORY).close()
    refused = on_a_terminal(place, b"n\n", "delete", "1")
    assert refused.returncode == 1
    assert "Delete 1 article for good?" in refused.stderr
    assert len(place.json("articles")["articles"]) == 1
    assert on_a_terminal(place, b"y\n", "delete", "1").returncode == 0
    assert place.json("articles")["articles"] == []


def test_nobody_is_asked_who_says_yes_at_once(place):
    stored(place, STORY).close()
    done = on_a_terminal(place, b"", "delete", "1", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
