import pytest
from cli_place import Ending, failed_item, finish, new_item, open_job

from pipeline.errors import CODES
from pipeline.model import Problem


def fetched(name, host):
    return new_item(name, content=None, url=f"https://{host}/{name}")


@pytest.fixture
def three_failed(place):
    """Two refused by one host, which can be tried again; one file that could not be read."""
    store = place.store()
    job = open_job(store, [fetched("a", "one.example"), fetched("b", "one.example"), failed_item("c.txt")])
    refused = Ending(item=0, problem=Problem(code="http_client", message="403 Forbidden"))
    finish(store, {"a": refused, "b": refused})
    store.close()
    return job


def test_failures_are_grouped_by_cause_and_host_with_advice(place, three_failed):
    stdout = place.feedmill("failures").stdout
    assert "http_client at one.example: 2 items" in stdout
    assert "403 Forbidden" in stdout
    assert CODES["http_client"] in stdout
    assert "unreadable: 1 item" in stdout
    assert "for example: c.txt (feedmill why 3)" in stdout


def test_failures_can_be_narrowed(place, three_failed):
    groups = place.json("failures", "--host", "one.example")["failures"]
    assert [(one["code"], one["count"], one["advice"]) for one in groups] == [
        ("http_client", 2, CODES["http_client"])
    ]
    assert place.json("failures", "--code", "dns") == {"failures": []}


def test_nothing_failed_is_said(place):
    place.store().close()
    assert place.feedmill("failures").stderr == "Nothing failed.\n"


@pytest.mark.parametrize(
    ("args", "number"),
    [
        (["--all"], 2),
        (["--code", "http_client"], 2),
        (["--host", "one.example"], 2),
        (["--code", "dns"], 0),
        (["2"], 1),
        (["3"], 0),
    ],
)
def test_retry_says_how_many_are_tried_again(place, three_failed, args, number):
    result = place.feedmill("retry", *args)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{number} item")
    assert place.json("status", three_failed)["pending"] == number


def test_retry_takes_a_job(place, three_failed):
    assert place.json("retry", three_failed) == {"retried": 2}
    assert place.json("status", three_failed)["state"] == "running"


def test_retry_where_nothing_runs_says_what_to_start(place, three_failed):
    assert "feedmill up" in place.feedmill("retry", "--all").stderr


@pytest.mark.parametrize("args", [[], ["nosuchjob"], ["--all", "1"], ["--all", "--code", "dns"]])
def test_retry_wants_to_know_what(place, three_failed, args):
    result = place.feedmill("retry", *args)
    assert result.exit_code == 2
    assert place.json("status", three_failed)["pending"] == 0
