"""A deployment's web interface in-process, over a real database."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partialmethod
from typing import Any

from httpx import ASGITransport, AsyncClient, Cookies, Response

from pipeline.model import Article, Ending, NewItem, Problem, Step
from pipeline.settings import Settings
from pipeline.store import Store
from workers.web.app import create_app

#: the only script that a page has
SCRIPT = '<script src="/static/live.js" defer></script>'
ORIGIN = "http://127.0.0.1:8000"


class Client:
    """Calls an application without a network; keeps cookies and follows redirects."""

    def __init__(self, app: Any, headers: dict[str, str] | None = None) -> None:
        self._app, self._headers, self._cookies = app, headers, Cookies()

    def request(self, method: str, address: str, **fields: Any) -> Response:
        async def call() -> Response:
            # What the application raises is answered with 500 first, as a server would.
            transport = ASGITransport(self._app, raise_app_exceptions=False)
            async with AsyncClient(
                transport=transport,
                base_url=ORIGIN,
                headers=self._headers,
                cookies=self._cookies,
                follow_redirects=True,
            ) as client:
                answer = await client.request(method, address, **fields)
                self._cookies = client.cookies
                return answer

        return asyncio.run(call())

    get = partialmethod(request, "GET")
    post = partialmethod(request, "POST")
    patch = partialmethod(request, "PATCH")
    delete = partialmethod(request, "DELETE")


@dataclass
class Site:
    """Programs call `api`; people use `browser`, which says where its forms are from."""

    store: Store
    settings: Settings

    def __post_init__(self) -> None:
        app = create_app(self.store, self.settings)
        #: with the gate before it
        self.whole: Any = app
        self.app: Any = app.app.app.app  # type: ignore[attr-defined]
        self.api = Client(app)
        self.browser = Client(app, {"origin": ORIGIN, "sec-fetch-site": "same-origin"})

    def read(self, address: str) -> str:
        """A page's visible words, on one line."""
        answer = self.browser.get(address)
        assert answer.status_code == 200, answer.text
        return words(answer)

    def job(self, items: Sequence[NewItem], sources: Sequence[str] = ("in",)) -> str:
        job = self.store.open_job(sources, 1_000.0, 1_060.0)
        self.store.accept(job, items, 1_000.0)
        self.store.close_job(job, 1_000.0)
        return job

    def finish(self, endings: dict[str, Article | Problem]) -> None:
        """Admit what is due and end the named items; the others stay in flight."""
        items = {item.name: item.id for item in self.store.load(self.store.admit(1_000, 1_001.0))}
        step = Step(stage="clean", at=1_001.0, seconds=0.25, worker="w1", result="ok")
        done = []
        for name, one in endings.items():
            article, problem = (one, None) if isinstance(one, Article) else (None, one)
            done.append(
                Ending(item=items[name], article=article, problem=problem, page_digest=name, trace=[step])
            )
        self.store.finish(done, 1_002.0)
        self.store.end_jobs(1_002.0)


def words(answer: Response) -> str:
    body = answer.text[answer.text.index("<main") :]
    return " ".join(re.sub(r"<[^>]*>", " ", body).replace("&nbsp;", " ").split())


def new_item(name: str, **fields: Any) -> NewItem:
    given = {"key": f"file:///in/{name}", "name": name, "source": "in"} | fields
    if "url" not in given and "problem" not in given:
        given["content"] = name.encode()
    return NewItem(**given)


def linked(name: str) -> NewItem:
    """An item that is to be fetched: it can be retried."""
    address = f"https://news.example/{name}"
    return new_item(name, key=address, url=address)


def article(
    title: str | None = "Harbour reopens", text: str = "The harbour is open.", **more: Any
) -> Article:
    return Article(
        title=title, text=text, markup=text, word_count=len(text.split()), content_hash=text, **more
    )
