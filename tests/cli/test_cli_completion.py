"""What Tab gives, asked as the shells ask."""

import os
import shlex
import subprocess
import sys

import pytest
from cli_place import failed_item, new_item, open_job

from pipeline.glance import glance
from workers.cli import COMPLETE, cli


@pytest.fixture
def complete(place, monkeypatch):
    """Words typed so far, the last one unfinished -> what may stand there."""

    def asked(*words, shell="bash"):
        from click.shell_completion import get_completion_class

        typed = ["feedmill", "--data-dir", str(place.folder), *words]
        monkeypatch.setenv("COMP_WORDS", shlex.join(typed[:-1]) + " " + typed[-1])
        monkeypatch.setenv("COMP_CWORD", str(len(typed) - 1))
        said = get_completion_class(shell)(cli, {}, "feedmill", COMPLETE).complete()
        return [one.partition(",")[2] for one in said.splitlines()]

    return asked


def test_commands_options_and_values_complete(complete):
    assert complete("sta") == ["status"]
    assert complete("feeds", "re") == ["remove", "resume"]
    assert complete("export", "--format", "cs") == ["csv"]
    assert complete("articles", "--sea") == ["--search"]
    assert complete("retry", "--code", "time") == ["timeout"]
    assert complete("failures", "--stage", "c") == ["clean"]


def test_ids_of_what_is_stored_complete(place, complete):
    store = place.store()
    older = open_job(store, [new_item("a")])
    newer = open_job(store, [failed_item("b")], now=2_000.0)
    feed = store.add_feed("https://example.org/feed.xml", 1_000.0)
    store.close()
    assert complete("status", "") == [newer, older]
    assert complete("status", newer[:-1]) == [one for one in (newer, older) if one.startswith(newer[:-1])]
    assert complete("feeds", "pause", "") == [str(feed.id)]
    assert complete("retry", "") == [newer, older, "2"]


def test_ids_are_told_with_what_they_are_called_and_no_password(place, monkeypatch):
    store = place.store()
    store.add_feed("https://me:secret@example.org/feed.xml", 1_000.0)
    store.close()
    monkeypatch.setenv("COMP_WORDS", f"feedmill --data-dir {place.folder} feeds show ")
    monkeypatch.setenv("COMP_CWORD", "5")
    from click.shell_completion import get_completion_class

    told = get_completion_class("zsh")(cli, {}, "feedmill", COMPLETE).complete()
    assert "example.org/feed.xml" in told
    assert "secret" not in told


@pytest.mark.parametrize("what", ["jobs", "feeds", "articles", "failed"])
def test_a_glance_at_what_is_not_there_is_empty_and_makes_nothing(tmp_path, what):
    assert glance(tmp_path / "feedmill.db", what) == []
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "feedmill.db").write_bytes(b"this is no database " * 100)
    assert glance(tmp_path / "feedmill.db", what) == []


@pytest.mark.parametrize("what", ["jobs", "feeds", "articles", "failed"])
def test_a_glance_knows_the_columns_of_the_schema(place, what):
    store = place.store()
    open_job(store, [failed_item("b")])
    store.add_feed("https://example.org/feed.xml", 1_000.0)
    store.close()
    assert len(glance(place.folder / "feedmill.db", what)) == (0 if what == "articles" else 1)


def test_wrong_settings_complete_nothing_and_say_nothing(complete, monkeypatch):
    monkeypatch.setenv("FEEDMILL_BATCH", "many")
    assert complete("status", "") == []


def test_bash_completes_with_the_script(place, tmp_path):
    place.store().close()
    program = tmp_path / "feedmill"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m workers.cli "$@"\n')
    program.chmod(0o755)
    script = """
        eval "$(feedmill completion bash)"
        COMP_WORDS=(feedmill feeds re) COMP_CWORD=2
        _feedmill_completion feedmill feedmill re
        echo "${COMPREPLY[@]}"
    """
    env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, text=True, env=env, timeout=100, check=False
    )
    assert (done.stdout.split(), done.stderr) == (["remove", "resume"], "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_that_of_the_shell_in_use(place, monkeypatch, shell):
    monkeypatch.setenv("SHELL", f"/usr/bin/{shell}")
    assert place.feedmill("completion").stdout == place.feedmill("completion", shell).stdout
    assert f"{shell}_complete" in place.feedmill("completion").stdout


def test_an_unknown_shell_has_to_be_named(place, monkeypatch):
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    result = place.feedmill("completion")
    assert result.exit_code == 2
    assert "feedmill completion bash|zsh|fish" in result.stderr
