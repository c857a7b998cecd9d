"""Wrong usage and broken surroundings: in words, with exit code 2, and never a traceback."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from workers.cli import COMMANDS, cli

DEAD = "redis://:secret@127.0.0.1:1/0"


def every_command():
    for name in COMMANDS:
        command = cli.get_command(None, name)
        yield [name]
        yield from ([name, inner] for inner in getattr(command, "commands", {}))


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
def test_every_command_explains_itself_with_an_example(words):
    result = CliRunner().invoke(cli, [*words, "--help"])
    assert result.exit_code == 0
    assert "Example:\n" in result.stdout or words[0] == "healthcheck"
    assert "--data-dir" in result.stdout


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["run"], "SOURCE"),
        (["run", "--frobnicate", "x"], "--frobnicate"),
        (["frobnicate"], "frobnicate"),
        (["export", "--format", "pdf"], "pdf"),
        (["articles", "--limit", "0"], "--limit"),
        (["run", "no/such/path"], "no/such/path"),
        (["enqueue", "no/such/path", "none-*.txt"], "none-*.txt"),
        (["run", "example.org"], "https://"),
        (["worker", "--queues", "fetch,frobnicate"], "frobnicate"),
        (["worker"], "FEEDMILL_REDIS_URL"),
        (["scheduler"], "FEEDMILL_REDIS_URL"),
    ],
)
def test_wrong_usage_is_named(place, args, words):
    result = place.feedmill(*args)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""
    assert not place.folder.exists()


def test_a_wrong_setting_is_named(place, monkeypatch):
    monkeypatch.setenv("FEEDMILL_BATCH", "many")
    result = place.feedmill("doctor")
    assert result.exit_code == 2
    assert "FEEDMILL_BATCH" in result.stderr


@pytest.mark.parametrize("command", [["run"], ["enqueue"]])
def test_an_unreachable_redis_is_named_without_its_password(place, command, tmp_path, monkeypatch):
    monkeypatch.setenv("FEEDMILL_REDIS_URL", DEAD)
    source = tmp_path / "a.txt"
    source.write_text("text")
    result = place.feedmill(*command, str(source))
    assert result.exit_code == 2
    assert "redis://:***@127.0.0.1:1" in result.stderr
    assert "FEEDMILL_REDIS_URL" in result.stderr
    assert "secret" not in result.output
    assert result.exc_info[0] is SystemExit


@pytest.mark.parametrize("command", [["status"], ["articles"], ["doctor"], ["migrate"]])
def test_an_unreachable_database_is_named_without_its_password(place, command, monkeypatch):
    monkeypatch.setenv("FEEDMILL_DATABASE_URL", "postgresql://user:secret@127.0.0.1:1/news")
    result = place.feedmill(*command)
    assert result.exit_code == (1 if command == ["doctor"] else 2)
    assert "postgresql://user:***@127.0.0.1:1/news" in result.output
    assert "secret" not in result.output


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("command", ["run", "enqueue"])
def test_a_read_only_data_folder_is_named(place, command, tmp_path):
    source = tmp_path / "a.txt"
    source.write_text("text")
    place.folder.mkdir(mode=0o500)
    result = place.feedmill(command, str(source))
    assert result.exit_code == 2
    assert str(place.folder) in result.stderr


@pytest.mark.parametrize("command", ["run", "enqueue"])
def test_a_data_folder_that_cannot_be_is_named(place, command, tmp_path):
    source = tmp_path / "a.txt"
    source.write_text("text")
    place.folder.symlink_to("/proc/nowhere")
    result = place.feedmill(command, str(source))
    assert result.exit_code == 2
    assert str(place.folder) in result.stderr


def test_a_reader_that_leaves_early_is_no_error(place):
    place.store().close()
    command = [sys.executable, "-m", "workers.cli", "--data-dir", str(place.folder), "status", "--json"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_help_loads_nothing_heavy():
    code = (
        "import sys, click.testing, workers.cli as c\n"
        "click.testing.CliRunner().invoke(c.cli, ['--help'])\n"
        "print([m for m in ('celery', 'redis', 'sqlalchemy', 'rich', 'feedparser', 'msgspec', 'httpx')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
