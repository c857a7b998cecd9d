"""What the program says of itself, and of names that it does not know."""

import pytest
from cli_place import new_item, open_job

from workers.cli.commands import COMMANDS, GROUPS

LISTED = [name for group in GROUPS.values() for name, entry in group.items() if entry.says]


def test_alone_it_lists_its_commands_by_purpose_in_sixty_columns(place, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    result = place.feedmill()
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    starts = [line.split()[0] for line in lines if line.startswith("  ") and not line.startswith("   ")]
    assert [name for name in starts if name in COMMANDS] == LISTED
    assert all(purpose + ":" in lines for purpose in GROUPS)
    assert max(map(len, lines)) <= 60


@pytest.mark.parametrize("words", [["run"], ["feeds", "add"], ["feeds"]])
def test_help_says_what_the_option_says(place, words):
    assert place.feedmill("help", *words).stdout == place.feedmill(*words, "--help").stdout


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["statsu"], "There is no command statsu. Did you mean `feedmill status`?"),
        (["xyzzy"], "There is no command xyzzy. `feedmill` alone lists them."),
        (["help", "statsu"], "Did you mean `feedmill status`?"),
        (["help", "run", "fast"], "`feedmill run` has no commands of its own."),
        (["articles", "--serach", "x"], "--search"),
        (["run", "ftp://example.org/a"], "Not an http or https address: ftp://example.org/a."),
        (["run", "no-*.txt"], "No file matches: no-*.txt. Looked in /"),
        (["run", "no-file.txt"], "No such file or folder: no-file.txt. Looked in /"),
        (["enqueue", "http:/example.org/a"], "It is to look like https://example.org/news/story.html."),
    ],
)
def test_what_is_mistyped_is_named_with_the_way_out(place, args, words):
    result = place.feedmill(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_a_mistyped_path_leads_to_the_nearest_one_that_is_there(place, tmp_path, monkeypatch):
    (tmp_path / "in box" / "wire").mkdir(parents=True)
    (tmp_path / "in box" / "wire" / "storm.txt").touch()
    monkeypatch.chdir(tmp_path)
    for mistyped in ("in box/wire/strom.txt", "in bxo/wier/storm.txt"):
        told = place.feedmill("enqueue", mistyped)
        assert told.exit_code == 2
        assert f"No such file or folder: {mistyped}. Did you mean 'in box/wire/storm.txt'?" in told.stderr
    absolute = str(tmp_path / "in box" / "wires")
    assert f"Did you mean '{absolute[:-1]}'?" in place.feedmill("run", absolute).stderr
    assert "Looked in" in place.feedmill("run", "in box/wire/storm.txt/more").stderr


def test_a_mistyped_job_or_feed_leads_to_the_one_that_was_meant(place):
    store = place.store()
    job = open_job(store, [new_item("a")])
    store.add_feed("https://example.org/feed.xml", 1_000.0)
    store.close()
    for command in (["status"], ["retry"]):
        result = place.feedmill(*command, job[:-1] + "_")
        assert result.exit_code == 2
        assert f"Did you mean {job}?" in result.stderr
        # How the command is written is not explained to somebody who has written it well.
        assert "Usage:" not in result.stderr
    assert (
        "There is no code timeot. Did you mean timeout?" in place.feedmill("retry", "--code", "timeot").stderr
    )
    told = place.feedmill("feeds", "show", "https://example.org/fed.xml")
    assert told.stderr.strip().endswith("Did you mean https://example.org/feed.xml?")


def test_without_any_job_a_mistyped_one_leads_to_the_beginning(place):
    place.store().close()
    assert "begin with `feedmill run SOURCE`" in place.feedmill("status", "abc").stderr
