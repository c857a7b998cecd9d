import time

import pytest
from cli_place import article, failed_item, finish, new_item, open_job

from pipeline.model import Ending, Problem
from workers.cli.follow import Follower


class Seen:
    """A progress that remembers what it was shown."""

    def __init__(self):
        self.states = []

    def accepted(self, items):
        raise AssertionError("nothing is accepted here")

    def show(self, document):
        self.states.append(document["state"])


def waiting_retry(store, retry_after):
    """A job of two: one stored, one that failed for now."""
    now = time.time()
    job = open_job(store, [new_item("a"), new_item("b")], now=now)
    problem = Problem(code="throttled", message="429", retry_helps=True, retry_after=retry_after)
    finish(store, {"a": article(), "b": Ending(item=0, problem=problem)}, now=now)
    return job, now


def test_a_job_that_has_ended_is_not_waited_for(place):
    store = place.store()
    job = open_job(store, [failed_item("x")])
    store.end_jobs(1_001.0)
    progress = Seen()
    followed = Follower(store, None, job).until_ended(progress)
    assert (followed.document["state"], followed.next_retry, progress.states) == ("done", None, ["done"])


def test_when_only_late_retries_are_left_they_are_not_waited_for(place):
    store = place.store()
    job, now = waiting_retry(store, 7200.0)
    followed = Follower(store, None, job).until_ended(Seen(), patience=5.0)
    assert followed.document["pending"] == 1
    assert followed.next_retry >= now + 7200


def test_without_patience_set_following_goes_on_until_told_otherwise(place):
    store = place.store()
    job, _ = waiting_retry(store, 7200.0)
    looks = iter([None, None, KeyboardInterrupt])

    def alongside():
        end = next(looks)
        if end:
            raise end

    progress = Seen()
    with pytest.raises(KeyboardInterrupt):
        Follower(store, None, job, alongside=alongside).until_ended(progress)
    assert progress.states == ["running", "running"]


def test_work_of_another_job_that_is_due_is_waited_for(place):
    store = place.store()
    job, now = waiting_retry(store, 7200.0)
    open_job(store, [new_item("c")], now=now)  # due at once, and nobody has taken it yet
    looks = []

    def alongside():
        looks.append(len(looks))
        if len(looks) == 3:
            finish(store, {"c": article("Another", "Another text.")}, now=now)

    Follower(store, None, job, alongside=alongside).until_ended(Seen(), patience=0.0)
    assert len(looks) == 3
