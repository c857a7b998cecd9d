import shlex
import time

import pytest
from cli_place import Ending, failed_item, finish, new_item, open_job, step

from pipeline.errors import CODES
from pipeline.model import Problem


def fetched(name, host):
    return new_item(name, content=None, url=f"https://{host}/{name}")


@pytest.fixture
def three_failed(place):
    """Two refused by one host, which can be tried again; one file that could not be read."""
    store = place.store()
    job = open_job(store, [fetched("a", "one.example"), fetched("b", "one.example"), failed_item("c.txt")])
    refused = Ending(
        item=0,
        problem=Problem(code="http_client", message="403 Forbidden"),
        trace=[step("fetch", "http_client"), step("store")],
    )
    finish(store, {"a": refused, "b": refused})
    store.close()
    return job


def test_failures_are_grouped_by_cause_stage_and_host_with_advice_and_command(place, three_failed):
    stdout = place.feedmill("failures").stdout
    assert "http_client in fetch at one.example: 2 items" in stdout
    assert "403 Forbidden" in stdout
    assert CODES["http_client"] in stdout
    assert "try again: feedmill retry --code http_client --stage fetch --host one.example" in stdout
    assert "unreadable when it was read: 1 item" in stdout
    assert "for example: c.txt (feedmill why 3)" in stdout
    assert "By itself: permanent at once." in stdout


def test_the_command_of_a_group_retries_that_group(place, three_failed):
    (group,) = place.json("failures", "--code", "http_client")["failures"]
    words = shlex.split(group["command"])
    assert words[0] == "feedmill"
    assert place.json(*words[1:])["retried"] == group["count"] == 2


def test_a_cause_at_many_hosts_is_told_once_with_the_largest(place):
    store = place.store()
    names = [f"{n}" for n in range(8)]
    open_job(store, [fetched(name, f"{name}.example") for name in [*names, "0b"]])
    gone = Ending(item=0, problem=Problem(code="gone", message="410"), trace=[step("fetch", "gone")])
    finish(store, dict.fromkeys(names, gone))
    stdout = place.feedmill("failures").stdout
    assert stdout.count(CODES["gone"]) == 1
    assert "gone in fetch: 8 items at 8 hosts" in stdout
    assert "... and 3 hosts more: feedmill failures --code gone" in stdout
    assert place.feedmill("failures", "--code", "gone").stdout.count("try again:") == 8


def test_failures_can_be_narrowed(place, three_failed):
    groups = place.json("failures", "--host", "one.example")["failures"]
    assert [(one["code"], one["stage"], one["count"], one["advice"]) for one in groups] == [
        ("http_client", "fetch", 2, CODES["http_client"])
    ]
    for options, number in (
        (["--code", "dns"], 0),
        (["--stage", "read"], 1),
        (["--job", three_failed], 3),
        (["--job", "another"], 0),
        (["--since", "24h"], 0),
        (["--before", "24h"], 3),
        (["--since", "1970-01-01"], 3),
    ):
        assert place.json("failures", *options)["count"] == number


def test_nothing_failed_is_said(place):
    place.store().close()
    assert place.feedmill("failures").stderr == "Nothing failed.\n"


def test_the_policy_is_shown_as_it_is_set(place, monkeypatch):
    monkeypatch.setenv("FEEDMILL_RETRY", "connect=2x5m,dns=off")
    told = {one["code"]: one for one in place.json("failures", "--policy")["policy"]}
    assert (told["connect"]["attempts"], told["connect"]["waits"], told["connect"]["set"]) == (
        2,
        [300.0],
        True,
    )
    assert not told["dns"]["retried"]
    assert told["gone"]["words"] == "permanent at once"
    stdout = place.feedmill("failures", "--policy").stdout
    assert "FEEDMILL_RETRY" in stdout
    assert "up to 2 tries if it may pass, after 5 min" in stdout


def test_what_waits_for_its_retry_is_said_with_the_reason_and_the_time(place):
    store = place.store()
    job = open_job(store, [fetched("a", "one.example")], now=time.time())
    away = Problem(code="connect", message="No connection.", retry_helps=True)
    finish(store, {"a": Ending(item=0, problem=away)}, now=time.time())
    store.close()
    (waiting,) = place.json("failures")["waiting"]
    assert (waiting["code"], waiting["count"]) == ("connect", 1)
    assert "1 item waits to be tried again: 1 connect; the next in" in place.feedmill("failures").stderr
    for args in ([], [job]):
        told = place.feedmill("status", *args).stdout
        assert "to be tried again" in told
        assert "connect: 1 item, the next in" in told
    assert "because of connect: try 2 of 4" in place.feedmill("why", "1").stdout


@pytest.mark.parametrize(
    ("args", "number"),
    [
        (["--all"], 2),
        (["--code", "http_client"], 2),
        (["--host", "one.example"], 2),
        (["--stage", "fetch"], 2),
        (["--before", "1h"], 2),
        (["2"], 1),
    ],
)
def test_retry_says_how_many_are_tried_again(place, three_failed, args, number):
    would = place.feedmill("retry", *args, "--dry-run")
    assert would.stdout == f"{number} item{'s' * (number > 1)} would be tried again.\n"
    assert place.json("status", three_failed)["pending"] == 0
    result = place.feedmill("retry", *args)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{number} item")
    assert place.json("status", three_failed)["pending"] == number


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--code", "dns"], "There are 3 failed items: 2 http_client, 1 unreadable."),
        (["--since", "1h"], "No failed item meets --since"),
        (["3"], "enqueue it again"),
        (["--code", "unreadable"], "enqueue it again"),
        (["4"], "Item 4 has not failed: it is pending."),
        (["99"], "There is no item 99."),
    ],
)
def test_a_retry_that_meets_nothing_is_refused_with_the_way_out(place, three_failed, args, told):
    store = place.store()
    open_job(store, [fetched("d", "two.example")])
    store.close()
    result = place.feedmill("retry", *args)
    assert result.exit_code == 1
    assert told in result.stderr


def test_nothing_to_retry_at_all_is_no_error(place):
    place.store().close()
    result = place.feedmill("retry", "--all")
    assert (result.exit_code, result.stderr) == (0, "Nothing failed.\n")


def test_retry_takes_a_job(place, three_failed):
    assert place.json("retry", three_failed)["retried"] == 2
    assert place.json("status", three_failed)["state"] == "running"


def test_retry_where_nothing_runs_says_what_to_start(place, three_failed):
    assert "feedmill up" in place.feedmill("retry", "--all").stderr


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["nosuchjob"],
        ["--all", "1"],
        ["--all", "--code", "dns"],
        ["--code", "nosuch"],
        ["--since", "soon"],
    ],
)
def test_retry_wants_to_know_what(place, three_failed, args):
    result = place.feedmill("retry", *args)
    assert result.exit_code == 2
    assert place.json("status", three_failed)["pending"] == 0
