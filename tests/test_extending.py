"""The examples of docs/extending.md, as they stand there, in a package that is installed."""

from __future__ import annotations

import importlib
import io
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline import plugins, process
from pipeline.errors import SettingsError
from pipeline.extract.readers import readers
from pipeline.model import Ending, NewItem, Step
from pipeline.settings import Settings
from pipeline.sources import read
from pipeline.store import open_store
from pipeline.store.export import write
from workers.cli import cli
from workers.web.app import create_app

PAGE = (Path(__file__).parent.parent / "docs" / "extending.md").read_text()
STORY = "<p>The council of the town met on Monday and spoke at length about its bridges and roads.</p>" * 9
HTML = (
    f'<html><head><meta name="x-desk" content="Politik"></head><body><h1>A bridge</h1>{STORY}</body></html>'
)


def examples() -> dict[str, str]:
    """File -> what the page has for it."""
    blocks = re.findall(r"^```(?:python|toml)\n# ([\w./]+)[^\n]*\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return dict(blocks)


def forget() -> None:
    plugins.plugged.cache_clear()
    readers.cache_clear()


def install(folder: Path, points: dict[str, dict[str, str]]) -> None:
    """What pip leaves of a package: its metadata, with the entry points."""
    told = folder / "newsroom-1.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: newsroom\nVersion: 1\n")
    lines = [
        f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in one.items()) for group, one in points.items()
    ]
    (told / "entry_points.txt").write_text("\n".join(lines))


@pytest.fixture
def site_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose packages are installed for the test."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    forget()
    yield folder
    forget()
    for name in [one for one in sys.modules if one.partition(".")[0] in ("newsroom", "follow", "languages")]:
        del sys.modules[name]


@pytest.fixture
def newsroom(site_packages: Path) -> Path:
    """The page's package."""
    (site_packages / "newsroom").mkdir()
    for name, text in examples().items():
        if name.endswith(".py"):
            (site_packages / name).write_text(text)
    install(site_packages, tomllib.loads(examples()["pyproject.toml"])["project"]["entry-points"])
    importlib.invalidate_caches()
    return site_packages


def test_every_group_of_entry_points_is_on_the_page_and_has_an_example() -> None:
    shown = tomllib.loads(examples()["pyproject.toml"])["project"]["entry-points"]
    assert shown.keys() == plugins.GROUPS.keys()
    for point in (point for group in shown.values() for point in group.values()):
        assert point.partition(":")[0].replace(".", "/") + ".py" in examples()
    for path in re.findall(r"`(pipeline/[\w/]+(?:\.py|/))`", PAGE):
        assert (Path(__file__).parent.parent / path).exists(), path


@pytest.mark.usefixtures("newsroom")
def test_a_mail_is_a_source(tmp_path: Path) -> None:
    (tmp_path / "letter.eml").write_text(f"Subject: Hello\nContent-Type: text/html; charset=utf-8\n\n{HTML}")
    (tmp_path / "empty.eml").write_text("Subject: Hello\nContent-Type: image/png\n\nx")
    (letter,) = read(str(tmp_path / "letter.eml"), Settings())
    assert letter.content is not None
    assert process(letter.content, content_type=letter.content_type).title == "A bridge"
    (empty,) = read(str(tmp_path / "empty.eml"), Settings())
    assert empty.problem is not None
    assert empty.problem.code == "empty"


def test_a_mail_is_a_plain_text_without_the_package(tmp_path: Path) -> None:
    forget()
    (tmp_path / "letter.eml").write_text(f"Subject: Hello\nContent-Type: text/html; charset=utf-8\n\n{HTML}")
    (letter,) = read(str(tmp_path / "letter.eml"), Settings())
    assert b"Subject" in (letter.content or b"")


@pytest.mark.usefixtures("newsroom")
def test_a_reader_finds_what_a_rule_then_gives_its_name() -> None:
    article = process(HTML, url="https://a.example/x")
    assert article.section == "Politics"
    assert article.provenance["section"] == "newsroom"
    other = process(HTML.replace("Politik", "Sport"), url="https://a.example/x")
    assert (other.section, other.provenance["section"]) == ("Sport", "meta:x-desk")


@pytest.fixture
def stored(tmp_path: Path, sqlite_template: Path) -> Settings:
    """A deployment with one article."""
    settings = Settings(data_dir=tmp_path / "data")
    settings.data_dir.mkdir()
    shutil.copy(sqlite_template, settings.data_dir)
    store = open_store(settings)
    job = store.open_job(["in"], 1_000.0, 1_060.0)
    store.accept(job, [NewItem(key="k", name="k", source="in", content=HTML.encode())], 1_000.0)
    (item,) = store.admit(1, 1_001.0)
    step = Step(stage="clean", at=1_001.0, seconds=0.1, worker="w", result="ok")
    found = process(HTML, url="https://a.example/x")
    store.finish([Ending(item=item, article=found, page_digest="d", trace=[step])], 1_002.0)
    store.close()
    return settings


@pytest.mark.usefixtures("newsroom")
def test_a_format_of_its_own_is_exported(stored: Settings, tmp_path: Path) -> None:
    target = tmp_path / "articles.bib"
    command = ["--data-dir", str(stored.data_dir), "export", "--format", "bibtex", "-o", str(target)]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    assert target.read_text().startswith("@article{feedmill1,\n  title = {A bridge},")


def test_a_format_that_nobody_brings_is_refused(stored: Settings) -> None:
    forget()
    done = CliRunner().invoke(cli, ["--data-dir", str(stored.data_dir), "export", "--format", "bibtex"])
    assert done.exit_code == 2
    assert "bibtex" in done.output
    with pytest.raises(ValueError, match="bibtex"):
        write([], "bibtex", io.StringIO())


def load(name: str) -> ModuleType:
    return importlib.import_module(name)


@pytest.mark.usefixtures("newsroom")
def test_what_is_stored_is_followed_over_the_api(stored: Settings, tmp_path: Path) -> None:
    from fastapi.testclient import TestClient

    store = open_store(stored)
    with TestClient(create_app(store, stored), base_url="http://127.0.0.1:8000") as client:
        taken: list[Any] = []
        state = tmp_path / "state"
        assert load("follow").follow(client, state, taken.append) == 1
        assert load("follow").follow(client, state, taken.append) == 0
    store.close()
    assert [one["title"] for one in taken] == ["A bridge"]


@pytest.mark.usefixtures("newsroom")
def test_a_consumer_counts_by_itself(stored: Settings) -> None:
    assert load("languages").languages(stored, seconds=1e12) == {"en": 1}
    assert not load("languages").languages(stored)


def test_a_package_that_cannot_be_loaded_is_named(site_packages: Path) -> None:
    install(site_packages, {"feedmill.sources": {"broken": "newsroom.nothing"}})
    with pytest.raises(SettingsError, match=r"broken \(newsroom\.nothing\).*uninstall"):
        list(read("x.txt", Settings()))
