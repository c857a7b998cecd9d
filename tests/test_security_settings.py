"""Secrets: out of files, into the database's address, and never shown with the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import Settings, load

SECRET = "s3cret-of-the-test"


@pytest.mark.parametrize("name", ["API_TOKEN", "DATABASE_URL", "DATABASE_PASSWORD", "REDIS_URL"])
def test_a_secret_may_lie_in_a_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    assert getattr(load({f"FEEDMILL_{name}_FILE": str(file)}), name.lower()) == SECRET


def test_what_is_no_secret_is_not_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "contact"
    file.write_text(SECRET)
    assert load({"FEEDMILL_CONTACT_FILE": str(file)}).contact == ""


@pytest.mark.parametrize("content", [None, b"", b"\n", b"two\nlines", b"\xff\xfe", b"esc\x1b[2J"])
def test_a_secret_file_that_cannot_be_used_is_named_and_its_content_is_not(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match="FEEDMILL_API_TOKEN_FILE") as caught:
        load({"FEEDMILL_API_TOKEN_FILE": str(file)})
    assert str(file) in caught.value.message
    assert "lines" not in caught.value.message
    assert "\x1b" not in caught.value.message


def test_a_secret_is_set_in_one_place_only(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET)
    with pytest.raises(SettingsError, match="both set") as caught:
        load({"FEEDMILL_API_TOKEN": "other", "FEEDMILL_API_TOKEN_FILE": str(file)})
    assert "other" not in caught.value.message


@pytest.mark.parametrize(
    ("url", "password", "used"),
    [
        ("postgresql://mill@db/feedmill", "p@ss/w", "postgresql+psycopg://mill:p%40ss%2Fw@db/feedmill"),
        ("postgresql://mill:old@db/feedmill", "new", "postgresql+psycopg://mill:old@db/feedmill"),
        ("postgresql://mill@db/feedmill", "", "postgresql+psycopg://mill@db/feedmill"),
        ("postgres://db/feedmill", "new", "postgresql+psycopg://db/feedmill"),
    ],
)
def test_a_password_goes_into_an_address_that_has_none(url: str, password: str, used: str) -> None:
    assert Settings(database_url=url, database_password=password).effective_database_url == used


def test_reading_with_a_token_needs_a_token() -> None:
    with pytest.raises(SettingsError, match="FEEDMILL_API_TOKEN"):
        load({"FEEDMILL_API_READ": "token"})
    assert load({"FEEDMILL_API_READ": "token", "FEEDMILL_API_TOKEN": SECRET}).api_read == "token"


def test_no_secret_is_shown_with_the_settings() -> None:
    shown = repr(
        Settings(
            api_token=SECRET,
            database_password=SECRET,
            database_url=f"postgresql://mill:{SECRET}@db/feedmill",
            redis_url=f"redis://:{SECRET}@redis",
        )
    )
    assert SECRET not in shown
