"""Every test gets a data folder of its own and no settings from outside."""

from __future__ import annotations

import os

import pytest
from cli_place import Place

from pipeline.settings import PREFIX


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch):
    for name in list(os.environ):
        if name.startswith(PREFIX) or name == "COLUMNS":
            monkeypatch.delenv(name)


@pytest.fixture
def place(tmp_path, sqlite_template) -> Place:
    """Nothing is there yet."""
    return Place(tmp_path / "data", sqlite_template)
