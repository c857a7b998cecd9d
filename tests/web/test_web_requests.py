"""The log of requests: one line each, with a number that the answer has too, and no secret."""

from __future__ import annotations

import logging

import pytest
from web_site import Site

LOGGER = "workers.web.requests"


def told(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [one for one in caplog.records if one.name == LOGGER]


def test_a_request_is_told_by_method_path_status_and_time(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    site.api.get("/api/articles", params={"q": "a private matter"})
    (record,) = told(caplog)
    assert record.getMessage() == "GET /api/articles: 200"
    assert vars(record)["status"] == 200
    assert vars(record)["ms"] >= 0
    assert "private" not in str(vars(record))


def test_the_answer_has_the_number_of_the_request(site: Site) -> None:
    numbers = {site.api.get("/api/articles").headers["x-request-id"] for _ in range(3)}
    assert len(numbers) == 3
    assert site.api.get("/nothing/here").headers["x-request-id"]


def test_what_programs_ask_for_all_the_time_is_told_at_debug_only(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    site.api.get("/healthz")
    assert not told(caplog)
