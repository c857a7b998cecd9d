"""The documentation names what the code has."""

from __future__ import annotations

import re
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import CODES
from pipeline.model import OUTCOMES, Article
from pipeline.policy import FAILURE_CODES, Policy, orders, policies
from pipeline.settings import PREFIX, SECRET_FILE, Settings
from workers.configuring import GROUPS, written
from workers.desk import policy_words

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def test_the_page_of_settings_is_that_of_the_code() -> None:
    page = (DOCS / "configuring.md").read_text()
    assert page == written(page), "make docs"


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda one: one.name)
def test_every_setting_is_documented_with_its_default_its_bounds_and_its_readers(setting: Field[Any]) -> None:
    page = (DOCS / "configuring.md").read_text()
    entry = page.partition(f"### `{PREFIX}{setting.name.upper()}`\n")[2].partition("\n#")[0]
    assert setting.metadata["help"] in entry
    assert f"Default `{setting.default}`" in entry or setting.default == ""
    for bound in (setting.metadata.get("min"), setting.metadata.get("max")):
        assert bound is None or f" {bound};" in entry
    assert "read by " in entry
    assert "_FILE` may name a file" in entry or not setting.metadata.get("secret")


def test_every_setting_is_in_one_group_and_its_readers_are_services() -> None:
    grouped = [name for group in GROUPS.values() for name in group]
    assert sorted(grouped) == sorted(one.name for one in fields(Settings))
    compose = (ROOT / "docker-compose.yml").read_text()
    services = set(re.findall(r"^  ([a-z-]+):$", compose, re.MULTILINE))
    for group in GROUPS.values():
        for about in group.values():
            named = re.split(r", | but ", about.readers)
            assert set(named) <= services | {"all", "commands", "`run`", "`up`"}, about.readers


def test_no_setting_is_documented_that_does_not_exist() -> None:
    known = {PREFIX + one.name.upper() for one in fields(Settings)}
    known |= {
        PREFIX + one.name.upper() + SECRET_FILE for one in fields(Settings) if one.metadata.get("secret")
    }
    for path in [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / ".env.example", ROOT / "docker-compose.yml"]:
        named = set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", path.read_text()))
        assert named <= known, path.name


@pytest.mark.parametrize("field", Article.__struct_fields__)
def test_every_field_of_an_article_is_documented(field: str) -> None:
    assert f"`{field}`" in (DOCS / "articles.md").read_text()


@pytest.mark.parametrize("word", [*OUTCOMES, *CODES])
def test_every_outcome_and_code_is_documented(word: str) -> None:
    assert f"`{word}`" in (DOCS / "articles.md").read_text()


def test_every_guard_is_named_with_code_and_tests_that_exist() -> None:
    places = {"pipeline", "workers", "tests", ".ci"}
    table = (DOCS / "security.md").read_text().partition("## The guards")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 15
    for row in rows:
        # A name without a folder lies beside the one before it.
        folder = ROOT
        for name in re.findall(r"`([\w./*-]+(?:\.py|/))`", " ".join(row[2:])):
            if name.partition("/")[0] in places:
                folder = (ROOT / name).parent
                name = Path(name).name
            assert list(folder.glob(name)), f"{row[0]}: {name}"


@pytest.mark.parametrize("policy", policies(Settings()), ids=lambda one: one.code)
def test_the_page_on_failures_says_of_each_code_what_to_do_and_what_is_done(policy: Policy) -> None:
    row = f"| `{policy.code}` | {CODES[policy.code]} | {policy_words(policy)} |"
    assert row in (DOCS / "failures.md").read_text()


def test_the_page_on_failures_names_no_code_that_does_not_exist() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", (DOCS / "failures.md").read_text(), re.MULTILINE)
    assert sorted(rows) == sorted(FAILURE_CODES)


def test_each_order_that_the_page_on_failures_shows_can_be_read() -> None:
    shown = re.findall(r"^\| `(\w+=\S+)` \|", (DOCS / "failures.md").read_text(), re.MULTILINE)
    assert len(shown) == 5
    assert len(orders(",".join(shown))) == 5
