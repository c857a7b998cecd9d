"""docs/cli.md says what there is, and no more."""

import json
import re
from pathlib import Path

import click
import pytest

from workers.cli import COMMANDS, cli
from workers.cli.reference import MARKER, reference

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
WRITTEN, _, MADE = PAGE.read_text("utf-8").partition(MARKER)


def with_json():
    """Every command that takes --json, by its words."""

    def walk(command, words):
        if isinstance(command, click.Group):
            for name, inner in command.commands.items():
                yield from walk(inner, (*words, name))
        elif any("--json" in one.opts for one in command.params):
            yield " ".join(words)

    return [one for name in COMMANDS for one in walk(cli.get_command(None, name), (name,))]


def rows():
    """The commands of each row of the table of documents, and its keys."""
    table = WRITTEN.partition("## JSON")[2].partition("\n## ")[0]
    for line in table.splitlines():
        if line.startswith("| `"):
            commands, keys = line.strip("| ").split(" | ", 1)
            yield re.findall(r"`([^`]+)`", commands), keys


def keys_of(command):
    (told,) = [keys for commands, keys in rows() if command in commands]
    return told


def test_the_reference_is_that_of_the_commands_as_they_are():
    assert MADE.lstrip("\n") == reference(), "run `python -m workers.cli.reference`"


@pytest.mark.parametrize("command", with_json())
def test_the_document_of_each_command_is_described(command):
    assert keys_of(command)


@pytest.mark.parametrize(
    "command",
    ["status", "articles", "failures", "failures --policy", "feeds list", "feeds poll", "retry --all",
     "reprocess --all --dry-run"],
)  # fmt: skip
def test_where_there_is_nothing_the_document_has_its_keys_all_the_same(place, command):
    place.store().close()
    result = place.feedmill(*command.split(), "--json")
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    told = keys_of(command if command == "failures --policy" else command.partition(" --")[0])
    assert set(document) <= set(re.findall(r"`(\w+)`", told))
    assert document


def test_a_document_is_not_begun_where_there_is_nothing_to_work_on(place):
    for command in (["status"], ["articles"], ["why", "x"], ["show", "1"], ["feeds", "list"]):
        result = place.feedmill(*command, "--json")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "feedmill run SOURCE" in result.stderr


def test_exit_codes_are_those_of_the_design():
    assert re.findall(r"^\| (\d+) \|", WRITTEN, re.MULTILINE) == ["0", "1", "2", "130"]
