"""A WebSub hub of the tests' own, on loopback: takes subscriptions, asks back, pushes."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx

CHALLENGE = "a8f5-<b>challenge</b>"


@dataclass
class Hub:
    """Answers every POST with ``status``; with ``eager``, it asks back before it answers."""

    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    eager: bool = False
    lease: int = 864_000
    #: the forms that it was sent, with the paths
    forms: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    #: what the callback said to each question
    heard: list[httpx.Response] = field(default_factory=list)
    #: path -> where it sends those who ask there
    moved: dict[str, tuple[int, str]] = field(default_factory=dict)

    async def __aenter__(self) -> Hub:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self._client = httpx.AsyncClient(trust_env=False)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._server.close()
        await self._client.aclose()

    def url(self, path: str = "/hub") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def ask(self, form: dict[str, str], **changed: str) -> httpx.Response:
        """The question whether a form was meant (section 5.3), as the Recommendation words it."""
        question = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": CHALLENGE,
            "hub.lease_seconds": str(self.lease),
        }
        self.heard.append(await self._client.get(form["hub.callback"], params=question | changed))
        return self.heard[-1]

    async def push(self, form: dict[str, str], body: bytes, content_type: str) -> httpx.Response:
        headers = {
            "content-type": content_type,
            "link": f'<{self.url()}>; rel="hub", <{form["hub.topic"]}>; rel="self"',
        }
        if secret := form.get("hub.secret"):
            headers["x-hub-signature"] = signature(secret, body)
        return await self._client.post(form["hub.callback"], content=body, headers=headers)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        fields = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in head[1:])}
        body = await reader.readexactly(int(fields.get("content-length", "0")))
        assert fields["content-type"] == "application/x-www-form-urlencoded"
        form = dict(parse_qsl(body.decode("utf-8"), strict_parsing=True))
        self.paths.append(path)
        status, headers = self.status, self.headers
        if path in self.moved:
            status, location = self.moved[path]
            headers = {"location": location}
        else:
            self.forms.append(form)
            if self.eager:
                await self.ask(form)
        lines = [f"HTTP/1.1 {status} Said", "content-length: 0", "connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        await writer.drain()
        writer.close()


def signature(secret: str, body: bytes, method: str = "sha256") -> str:
    """The value of X-Hub-Signature."""
    return f"{method}={hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()}"
