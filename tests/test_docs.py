"""The documentation names what the code has."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from pipeline.errors import CODES
from pipeline.model import OUTCOMES, Article
from pipeline.policy import FAILURE_CODES, Policy, orders, policies
from pipeline.settings import PREFIX, SECRET_FILE, Settings
from workers.desk import policy_words

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


@pytest.mark.parametrize("setting", [one.name for one in fields(Settings)])
def test_every_setting_is_documented_with_its_default(setting: str) -> None:
    (one,) = [one for one in fields(Settings) if one.name == setting]
    shown = f"`{one.default}`" if one.default != "" else ""
    assert (
        f"| `{PREFIX}{setting.upper()}` | {shown} | {one.metadata['help']} |"
        in (DOCS / "operating.md").read_text()
    )


def test_no_setting_is_documented_that_does_not_exist() -> None:
    known = {PREFIX + one.name.upper() for one in fields(Settings)}
    known |= {
        PREFIX + one.name.upper() + SECRET_FILE for one in fields(Settings) if one.metadata.get("secret")
    }
    for path in [*DOCS.glob("*.md"), ROOT / "README.md", ROOT / ".env.example", ROOT / "docker-compose.yml"]:
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
