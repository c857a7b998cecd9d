"""docs/api.md: its examples run, it names every endpoint, and what they answer is what openapi.json says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from jsonschema import Draft202012Validator
from web_site import Site, article, linked, new_item

from pipeline.model import Problem
from pipeline.store.contract import ArticleFilter
from workers.web.kinds import KINDS

PAGE = (Path(__file__).parents[2] / "docs/api.md").read_text()
#: a text that looks like the digest that the builder makes of it
STORY = "a" * 64
FILES = {
    "story.txt": b"Harbour reopens\n\nThe harbour of Port Anwick is open again.\n",
    "pages.jsonl": b'{"url": "https://news.example/1", "text": "One."}\n',
    "list.opml": b'<opml version="2.0"><body><outline xmlUrl="https://a.example/feed"/></body></opml>',
}


def commands() -> list[list[str]]:
    """The curl commands of the page, their variables left in."""
    blocks = "".join(re.findall(r"^```sh\n(.*?)^```", PAGE, re.M | re.S)).replace("\\\n", " ")
    found = [shlex.split(line, comments=True) for line in blocks.splitlines() if line.startswith("curl ")]
    assert len(found) > 25
    return found


def curl(site: Site, words: list[str], values: dict[str, str]) -> tuple[str, str, Response]:
    """Do what a command says; with its method and address."""
    method, address, headers, body, parts, fields = "", "", {}, None, [], {}
    rest = iter([re.sub(r"\$([A-Z]+)", lambda found: values[found[1]], word) for word in words[1:]])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word in ("-d", "--data-binary"):
            given = next(rest)
            body = FILES[given[1:]] if given.startswith("@") else given.encode()
        elif word == "-F":
            name, _, value = next(rest).partition("=")
            if value.startswith("@"):
                parts.append((name, (value[1:], FILES[value[1:]])))
            else:
                fields[name] = value
        elif word == "-o":
            next(rest)
        elif word != "-N":
            assert not address, words
            address = word
    sends: dict[str, Any] = {"content": body} if body is not None else {"files": parts, "data": fields}
    method = method or ("POST" if body or parts else "GET")
    if method in ("GET", "DELETE"):
        sends = {}
    return method, address, site.api.request(method, address, headers=headers, **sends)


@pytest.fixture
def filled(open_site: Callable[..., Site], redis_url: str) -> tuple[Site, dict[str, str]]:
    """A site with something of everything, and what the page's variables stand for."""
    site = open_site(redis_url=redis_url, redis_prefix="page")
    job = site.job([new_item("a"), new_item("b"), linked("lost"), new_item("waits")])
    told = {
        "text": STORY, "simhash": "0" * 16, "extractor_version": "1", "language": "en",
        "authors": ["Ana Lopes"], "provenance": {"title": "json-ld"}, "published_at": "2026-03-01",
    }  # fmt: skip
    gone = Problem(code="gone", message="The page is gone for good.")
    passing = Problem(code="connect", message="No connection.", retry_helps=True)
    site.finish({"a": article("Harbour reopens", **told), "lost": gone, "waits": passing})
    site.job([new_item("a again", key="file:///in/a", content=b"2")])
    feed = site.store.add_feed("https://news.example/feed.xml", 1_000.0)
    values = {
        "MILL": "", "TOKEN": "none", "JOB": job, "FEED": str(feed.id),
        "ITEM": str(site.store.items(outcome="stored")[0].id),
        "ARTICLE": str(site.store.articles(wanted=ArticleFilter())[0].id),
    }  # fmt: skip
    return site, values


def test_the_examples_of_the_page_run_and_are_answered_as_the_schema_says(
    filled: tuple[Site, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, values = filled
    document = site.api.get("/openapi.json").json()
    for words in commands():
        if "/events" in " ".join(words):
            site.store.close_job(values["JOB"], 1_003.0)
            continue
        method, address, answer = curl(site, words, values)
        assert answer.status_code < 300, (words, answer.text)
        conforms(document, method, address, answer)


def conforms(document: dict[str, Any], method: str, address: str, answer: Response) -> None:
    """An answer is one that the document names, and what it says of it; nothing in it is left unsaid."""
    path = endpoint(document, address)
    told = document["paths"][path][method.lower()]["responses"][str(answer.status_code)]
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if not answer.content:
        return
    assert kind in told["content"], (path, kind)
    if kind == "application/json":
        schema = {"components": strict(document["components"]), **told["content"][kind]["schema"]}
        Draft202012Validator(schema).validate(answer.json())


def endpoint(document: dict[str, Any], address: str) -> str:
    wanted = address.partition("?")[0]
    fitting = [
        path for path in document["paths"] if re.fullmatch(re.sub(r"\{\w+\}", r"[^/.]+", path), wanted)
    ]
    return min(fitting, key=lambda path: path.count("{"))


def strict(node: Any) -> Any:
    """Schemas that allow no member that they do not name: answers shall have none."""
    if isinstance(node, dict):
        made = {name: strict(one) for name, one in node.items()}
        if made.get("type") == "object" and "properties" in made:
            made.setdefault("additionalProperties", False)
        return made
    return [strict(one) for one in node] if isinstance(node, list) else node


def test_every_endpoint_is_on_the_page_and_every_one_of_the_page_is_there(site: Site) -> None:
    document = site.api.get("/openapi.json").json()
    there = {f"{method.upper()} {path}" for path, told in document["paths"].items() for method in told}
    named = set(re.findall(r"\b((?:GET|POST|PATCH|DELETE) /[\w/{}.]*[\w}])", PAGE))
    assert named == {one.replace("GET /openapi.json", "") for one in there} | {"GET /openapi.json"}


def test_every_problem_leads_to_its_place_on_the_reference_page(site: Site) -> None:
    told = site.api.get("/api/articles/7").json()
    assert (told["type"], told["code"]) == ("/docs#not_found", "not_found")
    shown = site.browser.get("/docs").text
    table = PAGE.partition("## Errors")[2].partition("\n## ")[0]
    for code in KINDS:
        assert f'id="{code}"' in shown
        assert f"`{code}`" in table


def test_every_operation_has_a_name_of_its_own_a_tag_and_its_failures(site: Site) -> None:
    document = site.api.get("/openapi.json").json()
    operations = [told for methods in document["paths"].values() for told in methods.values()]
    names = [told["operationId"] for told in operations]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)
    assert all(told["summary"] and told["description"] for told in operations)
    parameters = {
        told["operationId"]: {one["name"] for one in told.get("parameters", [])} for told in operations
    }
    for told in operations:
        for answer in told["responses"].values():
            for link in answer.get("links", {}).values():
                assert link["parameters"].keys() <= parameters[link["operationId"]]
    tags = {tag["name"] for tag in document["tags"]}
    for told in operations:
        assert set(told["tags"]) <= tags
        assert {"422", "500", "503"} <= told["responses"].keys()


@pytest.mark.parametrize(("settings", "reads", "writes"), [
    ({}, False, False), ({"api_token": "t" * 32}, False, True),
    ({"api_token": "t" * 32, "api_read": "token"}, True, True),
])  # fmt: skip
def test_the_document_says_where_this_deployment_wants_the_token(
    open_site: Callable[..., Site], settings: dict[str, str], reads: bool, writes: bool
) -> None:
    site = open_site(**settings)
    headers = {"authorization": f"Bearer {'t' * 32}"}
    jobs = site.api.get("/openapi.json", headers=headers).json()["paths"]["/api/jobs"]
    assert ("security" in jobs["get"], "security" in jobs["post"]) == (reads, writes)
    assert (site.api.get("/api/jobs").status_code == 401) is reads
    assert (site.api.post("/api/jobs", json={"sources": []}).status_code == 401) is writes
