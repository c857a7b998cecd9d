import json
import time

import pytest
from cli_place import article, failed_item, finish, new_item, open_job, step

from pipeline.errors import CODES
from pipeline.model import Ending, Problem


def test_a_stored_item_shows_its_stages_and_its_article(place):
    store = place.store()
    job = open_job(store, [new_item("a.txt")])
    trace = [step("clean"), step("extract", seconds=0.0031, worker="w\x1b2"), step("store", "stored", lost=1)]
    finish(store, {"a.txt": Ending(item=0, article=article(), page_digest="d" * 64, trace=trace)})
    stdout = place.feedmill("why", "a.txt").stdout
    assert stdout.startswith("a.txt\n")
    for words in (
        f"1 of job {job}",
        'article 1 "Harbour reopens"',
        "250 ms",
        "3 ms",
        "w\\x1b2",
        "after 1 lost",
    ):
        assert words in stdout
    assert "nothing: it has ended" in stdout


def test_a_failed_item_says_what_went_wrong_and_what_helps(place):
    store = place.store()
    open_job(store, [failed_item("a.txt", "unreadable", "Permission denied.")])
    stdout = place.feedmill("why", "1").stdout
    assert "unreadable: Permission denied." in stdout
    assert CODES["unreadable"] in stdout
    assert "enqueue it again" in stdout


def test_a_waiting_item_says_when_it_is_tried_again(place):
    store = place.store()
    now = time.time()
    open_job(store, [new_item("a.txt", content=None, url="https://example.org/a")], now=now)
    passing = Problem(code="connect", message="No connection.", retry_helps=True, retry_after=7200.0)
    finish(store, {"a.txt": Ending(item=0, problem=passing, trace=[step("fetch", "connect")])}, now=now)
    stdout = place.feedmill("why", "https://example.org/a").stdout
    assert "none yet: pending" in stdout
    assert "it is tried again at" in stdout
    assert "1 attempt" in stdout


def test_a_duplicate_says_of_what(place):
    store = place.store()
    open_job(store, [new_item("a.txt"), new_item("b.txt")])
    finish(store, {"a.txt": article(), "b.txt": article()})
    assert "duplicate" in place.feedmill("why", "b.txt").stdout
    assert 'the same as 1 "Harbour reopens"' in place.feedmill("why", "b.txt").stdout


def test_of_several_the_newest_is_shown_in_full(place):
    store = place.store()
    for now in (1_000.0, 2_000.0, 3_000.0):
        open_job(store, [failed_item("a.txt", message=f"At {now}.")], now=now)
    stdout = place.feedmill("why", "a.txt").stdout
    assert "3 of job" in stdout
    assert "At 3000.0." in stdout
    assert "At 2000.0." not in stdout
    assert "Earlier under this name" in stdout
    assert [item["id"] for item in place.json("why", "a.txt")["items"]] == [3, 2, 1]


def test_json_has_the_trace_with_iso_times(place):
    store = place.store()
    open_job(store, [new_item("a.txt")])
    finish(store, {"a.txt": article()})
    item = place.json("why", "1")["items"][0]
    assert item["outcome"] == "stored"
    assert item["created_at"] == "1970-01-01T00:16:40.000+00:00"
    assert item["trace"][0]["at"] == "1970-01-01T00:16:41.000+00:00"


def test_a_relative_path_means_the_file_here(place, tmp_path, monkeypatch):
    from pipeline.urls import file_key

    (tmp_path / "in").mkdir()
    target = tmp_path / "in" / "a b.txt"
    target.write_text("x")
    store = place.store()
    open_job(store, [new_item("unlike", key=file_key(target))])
    monkeypatch.chdir(tmp_path)
    assert place.feedmill("why", "in/a b.txt").exit_code == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("https://example.org/never.html", "feedmill enqueue https://example.org/never.html"),
        ("99", "no article and no job with the number 99"),
        ("no such headline", "Look for its address"),
    ],
)
def test_what_is_nowhere_is_looked_for_and_the_way_on_is_shown(place, name, words):
    place.store().close()
    result = place.feedmill("why", name)
    assert result.exit_code == 1
    assert words in " ".join(result.stdout.split())
    document = json.loads(place.feedmill("why", name, "--json").stdout)
    assert (document["items"], document["evidence"]) == ([], None)
    assert document["whereabouts"]["known"] is False


def test_words_of_a_headline_find_the_article(place):
    store = place.store()
    open_job(store, [new_item("a.txt")])
    finish(store, {"a.txt": article("Night ferry to run again", "The ferry runs.")})
    store.close()
    result = place.feedmill("why", "night ferry")
    assert result.exit_code == 0
    assert "Night ferry to run again" in result.stdout
    assert "feedmill show 1" in result.stdout


def test_a_part_of_a_name_that_several_have_leads_to_each(place):
    store = place.store()
    open_job(store, [failed_item("north/storm.txt"), failed_item("south/storm.txt")])
    store.close()
    stdout = place.feedmill("why", "storm").stdout
    assert "north/storm.txt" in stdout
    assert "south/storm.txt" in stdout
    assert "page kept" not in stdout
    assert place.feedmill("why", "north/st").stdout.startswith("north/storm.txt\n")


def test_nothing_at_all_is_wrong_usage(place):
    place.store().close()
    assert place.feedmill("why", "").exit_code == 2


def test_the_page_that_is_kept_can_be_had_byte_for_byte_and_as_text(place):
    body = "\u201cThe harbour is open\u201d, said the captain.\r\n\r\nNobody spoke.\x07"
    store = place.store()
    open_job(store, [new_item("a.txt", content=body.encode())])
    finish(store, {"a.txt": Ending(item=0, problem=Problem(code="no_article", message="None."))})
    store.close()
    assert place.feedmill("why", "a.txt", "--page").stdout_bytes == body.encode()
    assert "captain" in place.feedmill("why", "a.txt", "--text").stdout
    assert "\x07" not in place.feedmill("why", "a.txt", "--text").stdout
    assert place.feedmill("why", "1", "--page", "--json").exit_code == 2
    assert place.feedmill("why", "1", "--cut", "--text").exit_code == 2
    missing = place.feedmill("why", "b.txt", "--page")
    assert (missing.exit_code, missing.stdout) == (2, "")


def test_what_was_left_out_of_a_page_is_told_with_what_it_was_taken_for(place):
    story = "".join(
        f"<p>The captain said on day {n} that the harbour was open to all ships.</p>" for n in range(9)
    )
    nav = "<nav><a href=/>Home</a> <a href=/s>Sport</a></nav>"
    page = f"<html><body>{nav}<article>{story}</article></body></html>"
    store = place.store()
    open_job(store, [new_item("a.html", content=page.encode(), content_type="text/html")])
    store.close()
    result = place.feedmill("why", "a.html", "--cut")
    assert result.exit_code == 0, result.stderr
    assert "Sport" in result.stdout
    assert "captain" not in result.stdout
    assert "are left out" in result.stderr
    assert "captain said on day 3" in place.feedmill("why", "a.html", "--text").stdout


@pytest.mark.parametrize(
    ("code", "confidence", "words"),
    [
        (None, 0.931, "0.93"),
        (None, 0.43, "0.43: a doubtful cut"),
        ("low_confidence", 0.43, "0.43: a doubtful cut"),
        ("no_article", 0.12, "0.12 that there is an article after all"),
        ("empty", None, None),
    ],
)
def test_the_confidence_of_the_cut_is_told(place, code, confidence, words):
    store = place.store()
    open_job(store, [new_item("a.txt")])
    problem = Problem(code=code, message="So it is.") if code else None
    trace = [step(result=code or "ok", confidence=confidence), step("store", "ok")]
    ending = Ending(item=0, article=None if code else article(), problem=problem, trace=trace)
    finish(store, {"a.txt": ending})
    stdout = place.feedmill("why", "a.txt").stdout
    told = [line.split(None, 1)[1].strip() for line in stdout.splitlines() if line.startswith("confidence")]
    assert told == ([words] if words else [])
    assert place.json("why", "a.txt")["items"][0]["confidence"] == confidence
