"""Where an answer leads on: the links of openapi.json (OpenAPI 3.1, "Link Object"), from values of one answer
to the parameters of another operation. Tools that walk through an API follow them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_JOB = ("get_job", "list_job_items", "follow_job", "cancel_job")
_ARTICLE = ("get_article", "get_article_markdown", "get_article_text", "list_near_duplicates")
_FEED = ("get_feed", "change_feed", "poll_feed", "remove_feed")

#: operation -> which value of its answer is which parameter of which others
_LEADS: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {
    "enqueue": [("/job", "job", _JOB)],
    "list_jobs": [("/jobs/0/job", "job", _JOB)],
    "get_status": [("/jobs/0/job", "job", _JOB)],
    "get_job": [("/job", "job", ("list_job_items", "follow_job", "list_failures", "list_articles"))],
    "list_job_items": [("/items/0/id", "item", ("get_item",)), ("/next", "cursor", ("list_job_items",))],
    "get_item": [("/job", "job", ("get_job",)), ("/article", "article", _ARTICLE)],
    "list_articles": [("/articles/0/id", "article", _ARTICLE), ("/articles/0/item", "item", ("get_item",))],
    "get_article": [
        ("/id", "article", ("list_near_duplicates", "delete_article")),
        ("/job", "job", ("get_job",)),
    ],
    "add_feed": [("/id", "feed", _FEED)],
    "list_feeds": [("/feeds/0/id", "feed", _FEED)],
    "change_feed": [("/id", "feed", _FEED)],
}


def links_of(operation: str, path: str) -> dict[str, Any]:
    """The links of what an operation answers when it went well. ``path``: its own, with its parameters."""
    return dict(_links(operation, path))


def _links(operation: str, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for pointer, parameter, targets in _LEADS.get(operation, ()):
        for target in targets:
            given = {parameter: f"$response.body#{pointer}"}
            if "{job}" in path and parameter == "cursor":
                given["job"] = "$request.path.job"
            yield target, {"operationId": target, "parameters": given}


__all__ = ["links_of"]
