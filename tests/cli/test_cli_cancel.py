"""A job that nobody wants any more: how it is cancelled, told of, and taken up again."""

from cli_place import article, failed_item, finish, new_item, open_job


def half_done(place):
    """A job with one item stored, one in flight and one pending."""
    store = place.store()
    job = open_job(store, [new_item("a"), new_item("b")])
    finish(store, {"a": article()})
    store.close()
    return job


def test_what_is_left_ends_and_what_is_stored_stays(place):
    job = half_done(place)
    result = place.feedmill("cancel", job)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"{job} is cancelled. `feedmill retry {job}` takes it up again.\n"
    document = place.json("status", job)
    assert (document["state"], document["pending"], document["in_flight"]) == ("cancelled", 0, 0)
    assert document["cancelled_at"]
    assert document["finished_at"]
    assert (document["outcomes"]["stored"], document["outcomes"]["skipped"]) == (1, 1)
    shown = place.feedmill("status", job).stdout
    assert f"job {job}: cancelled" in shown
    assert f"`feedmill retry {job}`" in shown
    assert "cancelled" in place.feedmill("status").stdout


def test_why_says_that_a_person_did_it_and_how_to_take_it_up_again(place):
    job = half_done(place)
    place.feedmill("cancel", job)
    why = place.feedmill("why", "b")
    assert "cancelled: Cancelled by a person on " in why.stdout
    assert "nothing, unless you say `feedmill retry 2`" in why.stdout
    (clue,) = [one for one in place.json("why", "b")["whereabouts"]["clues"] if "Item 2" in one["says"]]
    assert clue["command"] == "feedmill retry 2"


def test_a_retry_of_the_job_or_the_item_takes_it_up_again(place):
    job = half_done(place)
    place.feedmill("cancel", job)
    assert place.json("retry", "--all") == {"retried": 0, "matching": 0}
    assert place.feedmill("retry", job, "--dry-run").stdout == "1 item would be tried again.\n"
    assert place.feedmill("retry", "2").stdout == "1 item to be tried again.\n"
    assert place.json("status", job)["state"] == "running"
    place.feedmill("cancel", job)
    assert place.json("retry", job) == {"retried": 1, "matching": 1}
    document = place.json("status", job)
    assert (document["state"], document["pending"], document["cancelled_at"]) == ("running", 1, None)


def test_what_is_over_is_not_cancelled_again_and_that_is_said(place):
    job = half_done(place)
    assert place.json("cancel", job) == {"cancelled": [job]}
    again = place.feedmill("cancel", job)
    assert (again.exit_code, again.stdout) == (0, "")
    assert again.stderr.startswith(f"Job {job} was cancelled already, ")
    store = place.store()
    done = open_job(store, [failed_item("gone")], now=2_000.0)
    store.end_jobs(2_001.0)
    store.close()
    result = place.feedmill("cancel", done)
    assert result.exit_code == 1
    assert result.stderr == f"Job {done} has ended already: nothing of it is left to cancel.\n"


def test_of_several_jobs_none_is_cancelled_when_one_is_not_there(place):
    job = half_done(place)
    result = place.feedmill("cancel", job, job[:-1] + "?")
    assert result.exit_code == 2
    assert f"Did you mean {job}?" in result.stderr
    assert place.json("status", job)["state"] == "running"


def test_a_retry_while_it_is_being_cancelled_lets_the_job_go_on(place):
    job = half_done(place)
    store = place.store()
    store.cancel(job, 1_003.0)
    store.close()
    assert "ending" in place.feedmill("status").stdout
    assert f"job {job}: ending" in place.feedmill("status", job).stdout
    assert "its job was cancelled" in place.feedmill("why", "b").stdout
    assert "what of it waits is just being ended" in place.feedmill("cancel", job).stderr
    job = half_done(place)
    store = place.store()
    store.cancel(job, 1_003.0)
    store.close()
    result = place.feedmill("retry", job)
    assert result.stdout == f"Job {job} goes on: it is not cancelled any more.\n"
    assert place.json("status", job)["state"] == "running"


def test_who_stops_waiting_for_a_job_is_told_that_it_goes_on_and_how_to_end_it(place, monkeypatch, tmp_path):
    (tmp_path / "story.txt").write_text("A story.")
    place.store().close()

    def interrupt(_seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr("workers.cli.follow.time.sleep", interrupt)
    result = place.feedmill("enqueue", str(tmp_path / "story.txt"), "--wait")
    assert result.exit_code == 130
    job = result.stdout.strip()
    assert f"Interrupted. Job {job} goes on:" in result.stderr
    assert f"`feedmill cancel {job}` ends it." in result.stderr
