"""Jobs as pages show them: all of them, one as it goes on, and its items."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from event_stream import Watcher
from web_site import Site, article, linked, new_item, words

from pipeline.model import Ending, Problem
from workers.web import jobs, pages

#: of an item in the table
NAME = re.compile(r'<td class="sources"><span>([^<]*)</span>')
GONE = Problem(code="gone", message="It is gone.")
TLS = Problem(code="tls", message="No certificate.")


def test_jobs_are_listed_a_page_at_a_time_and_by_state(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages.jobs, "JOBS", 2)
    made = sorted(site.job([new_item(f"{n}")]) for n in range(3))
    shown = site.browser.get("/jobs").text
    assert [job for job in made if job in shown] == made[1:]
    (older,) = re.findall(r'rel="next" href="([^"]*)"', shown)
    assert made[0] in site.read(older.replace("&amp;", "&"))
    assert "Older" not in site.read(older.replace("&amp;", "&"))
    assert "No job is done." in site.read("/jobs?state=done")
    assert made[2] in site.read("/jobs?state=running")
    assert site.browser.get("/jobs?state=odd").status_code == 422
    assert site.browser.get("/jobs?cursor=odd").status_code == 404


def test_a_job_says_how_far_it_is_and_how_it_ended(site: Site) -> None:
    job = site.job([new_item("a"), new_item("b"), new_item("c")])
    site.finish({"a": article()})
    shown = site.read(f"/jobs/{job}")
    assert "running 1 of 3 items has ended" in shown
    assert "Stages" in shown
    assert f"<title>33 % · Job {job}" in site.browser.get(f"/jobs/{job}").text
    ended = site.job([new_item("d", problem=GONE)])
    site.finish({})
    shown = site.read(f"/jobs/{ended}")
    assert "done 1 of 1 item has ended in 2.0 s." in shown
    assert f"<title>Done, 1 failed · Job {ended}" in site.browser.get(f"/jobs/{ended}").text
    assert "data-live" not in site.browser.get(f"/jobs/{ended}").text


@pytest.fixture
def mixed(site: Site) -> tuple[Site, str]:
    """A job with two stored items, two causes of failure and one item on its way."""
    job = site.job([linked("a"), linked("b"), linked("Harbour"), new_item("kept"), new_item("late")])
    site.finish({"a": GONE, "b": TLS, "Harbour": GONE, "kept": article()})
    return site, job


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("outcome=stored", ["kept"]),
        ("state=in_flight", ["late"]),
        ("code=tls", ["b"]),
        ("host=news.example", ["a", "b", "Harbour"]),
        ("host=NEWS.example&code=gone", ["a", "Harbour"]),
        ("part=harb", ["Harbour"]),
        ("part=nothing", []),
        ("outcome=odd&state=odd", ["a", "b", "Harbour", "kept", "late"]),
    ],
)
def test_items_are_narrowed(mixed: tuple[Site, str], query: str, names: list[str]) -> None:
    site, job = mixed
    shown = site.browser.get(f"/jobs/{job}?{query}").text
    table = shown[shown.index('id="job_items"') :]
    found = NAME.findall(table)
    assert sorted(found) == sorted(names)
    if not names:
        assert "No item of this job is like that." in table


def test_items_come_a_page_at_a_time_and_the_filters_go_with_them(
    mixed: tuple[Site, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "ITEMS", 1)
    site, job = mixed
    address, seen = f"/jobs/{job}?code=gone&host=news.example", []
    while address:
        shown = site.browser.get(address).text
        seen += re.findall(
            r'<td class="sources"><span>([^<]*)</span>', shown[shown.index('id="job_items"') :]
        )
        found = re.findall(r'rel="next" href="([^"]*)"', shown)
        address = found[0].replace("&amp;", "&").partition("#")[0] if found else ""
    assert seen == ["Harbour", "a"]


def test_what_failed_is_grouped_and_one_cause_of_one_job_is_retried(mixed: tuple[Site, str]) -> None:
    site, job = mixed
    other = site.job([linked("x")])
    site.finish({"x": GONE})
    shown = site.read(f"/jobs/{job}")
    assert "gone in store at news.example: 2 items It is gone." in shown
    form = {"job": job, "code": "gone", "stage": "store", "at": "@news.example"}
    answer = site.browser.post("/retry/group", data=form)
    assert answer.url.path == f"/jobs/{job}"
    assert "2 items will be tried again." in words(answer)
    assert site.store.job_status(other).outcomes.failed == 1  # type: ignore[union-attr]


def test_who_may_not_write_gets_no_button(open_site: Callable[..., Site]) -> None:
    site = open_site(api_token="t" * 20)
    job = site.job([linked("a")])
    site.finish({"a": GONE})
    shown = site.browser.get(f"/jobs/{job}").text
    failures = shown[shown.index('id="job_failures"') : shown.index('id="items"')]
    assert "It is gone." in failures
    assert "<button" not in failures


def test_a_job_is_sent_as_it_goes_on_until_it_is_done(site: Site) -> None:
    job = site.job([new_item("a"), new_item("b")])
    site.finish({"a": article()})

    async def read() -> list[tuple[str, dict[str, Any]]]:
        one = await Watcher(site.whole).open(f"/jobs/{job}/events?outcome=stored")
        await one.until(bool)
        site.store.finish([_ending(site)], 1_003.0)
        site.store.end_jobs(1_004.0)
        return await one.ended()

    events = asyncio.run(read())
    (_, first), (_, last) = events[0], events[-1]
    assert str(first["title"]).startswith("50 % · Job")
    assert str(last["title"]).startswith("Done, 1 failed · Job")
    assert last["over"] is True
    assert last["say"] == "The job is done: 2 items ended, 1 item failed."
    assert "gone" in last["parts"]["job_failures"]
    assert "job_items" in first["parts"]


def _ending(site: Site) -> Ending:
    (item,) = site.store.in_flight()
    return Ending(item=item, problem=GONE)


def test_older_pages_of_items_stand_still(site: Site) -> None:
    job = site.job([new_item("a"), new_item("b")])
    cursor = site.store.items(job=job, limit=1).next

    async def read() -> Any:
        one = await Watcher(site.whole).open(f"/jobs/{job}/events?cursor={cursor}")
        events = await one.until(bool)
        await one.leave()
        return events[0][1]["parts"]

    assert "job_items" not in asyncio.run(read())


def test_there_are_no_events_of_a_job_that_is_not_there(site: Site) -> None:
    assert site.browser.get("/jobs/none/events").status_code == 404


def test_what_failed_since_the_last_look_is_in_the_next(mixed: tuple[Site, str]) -> None:
    site, job = mixed
    assert "tls in store" in site.read(f"/jobs/{job}")
    site.browser.post(
        "/retry/group", data={"job": job, "code": "tls", "stage": "store", "at": "@news.example"}
    )
    assert "tls in store" not in site.read(f"/jobs/{job}")


def test_a_job_is_cancelled_after_a_question_and_taken_up_again(site: Site) -> None:
    job = site.job([linked("a"), linked("b")])
    shown = site.browser.get(f"/jobs/{job}").text
    assert "<summary>Cancel this job</summary>" in shown
    shown = words(site.browser.post(f"/jobs/{job}/cancel"))
    assert re.search(r"Cancelled \S+ \S+ : what waits is being ended\.", shown)
    assert "Cancel this job" not in shown
    while site.store.end_pending(job, 1_003.0):
        pass
    site.store.end_jobs(1_003.0)
    shown = site.read(f"/jobs/{job}")
    assert "cancelled 2 of 2 items have ended" in shown
    assert "what waited then has ended skipped" in shown
    assert job in site.read("/jobs?state=cancelled")
    assert job not in site.read("/jobs?state=running")
    assert "2 items will be tried again." in words(site.browser.post(f"/jobs/{job}/retry"))
    assert "running 0 of 2 items have ended" in site.read(f"/jobs/{job}")


def test_what_has_ended_cannot_be_cancelled(site: Site) -> None:
    job = site.job([new_item("a", problem=GONE)])
    site.finish({})
    assert "Cancel" not in site.read(f"/jobs/{job}")
    assert "done 1 of 1 item has ended" in words(site.browser.post(f"/jobs/{job}/cancel"))
    assert site.browser.post("/jobs/nosuchjob/cancel").status_code == 404
