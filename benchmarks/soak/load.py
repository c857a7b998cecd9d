"""The load of a soak: a little of everything that people do, at a steady and moderate rate."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from benchmarks.backlog.sources import lines, text
from benchmarks.soak import web
from benchmarks.soak.deployment import Deployment

#: hosts and feeds of the local web
HOSTS, FEEDS = 40, 60
#: seconds between two polls of a feed: the least that the API takes
INTERVAL = 60
_PAGES = ("/", "/jobs", "/feeds", "/articles", "/failures", "/api/jobs", "/api/failures", "/readyz")


class Load:
    """Does what is due each time it is asked to. ``rate``: items a second that are handed in."""

    def __init__(self, deployment: Deployment, home: Path, rate: float) -> None:
        self._deployment, self._home, self._rate = deployment, home, rate
        self._number = 0
        self._rng = random.Random(6)
        #: what was done how often
        self.done: Counter[str] = Counter()
        self.requests: list[float] = []
        #: (seconds between, what to do) and when it is due next
        self._habits: list[tuple[float, Callable[[], None]]] = [
            (5.0, self._upload),
            (5.0, self._hand_in_addresses),
            (4.0, self._look_around),
            (20.0, self._delete),
            (45.0, self._retry),
            (60.0, self._enqueue_folder),
            (90.0, self._export),
        ]
        self._due = [0.0] * len(self._habits)

    def begin(self) -> None:
        """Subscribe."""
        for number in range(FEEDS):
            url = f"http://{web.host(number)}:{self._deployment.port}/feed/{number}"
            self._ask("/api/feeds", {"url": url, "interval": INTERVAL}, "feed")

    def go_on(self, now: float) -> None:
        for n, (seconds, habit) in enumerate(self._habits):
            if now >= self._due[n]:
                habit()
                # Not from when it was due: after a slow spell nothing is made up for.
                self._due[n] = now + seconds

    # -- what people do -------------------------------------------------------------------------
    def _upload(self) -> None:
        count = round(self._rate * 5 / 2)
        again = self._number >= 100 and self._rng.random() < 0.1
        first = self._number - count if again else self._number  # now and then the same once more
        self._number += 0 if again else count
        body = "".join(lines(first, count)).encode()
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="lot.jsonl"\r\n\r\n'
        self._ask("/api/jobs", head.encode() + body + f"\r\n--{mark}--\r\n".encode(), "upload", mark=mark)

    def _hand_in_addresses(self) -> None:
        addresses = []
        for _ in range(round(self._rate * 5 / 2)):
            self._number += 1
            kind = self._rng.choices(("story", "flaky", "gone"), (8, 1, 1))[0]
            where = web.host(self._number % HOSTS)
            addresses.append(f"http://{where}:{self._deployment.port}/{kind}/{self._number}")
        self._ask("/api/jobs", {"sources": addresses}, "addresses")

    def _look_around(self) -> None:
        began = time.perf_counter()
        path = self._rng.choice(_PAGES)
        self._ask(path, None, "look")
        self.requests.append(time.perf_counter() - began)

    def _delete(self) -> None:
        told = json.loads(self._ask("/api/articles?limit=50", None, "look") or b"{}")
        articles = told.get("articles", [])
        if articles:
            number = self._rng.choice(articles)["id"]
            self._ask(f"/api/articles/{number}", None, "delete", method="DELETE")

    def _retry(self) -> None:
        self._ask("/api/retry", {"code": "gone"}, "retry")
        self._ask("/api/retry", {"code": "http"}, "retry")

    def _enqueue_folder(self) -> None:
        folder = self._home / "folder"
        folder.mkdir(exist_ok=True)
        for n in range(10):
            self._number += 1
            (folder / f"{n}.txt").write_text(text(self._number + 5 * 10**8))
        self._command("enqueue", str(folder))
        self.done["folder"] += 1

    def _export(self) -> None:
        self._command("export", "--since", "2m")
        self.done["export"] += 1

    # -- how ------------------------------------------------------------------------------------
    def _command(self, *words: str) -> None:
        command = [sys.executable, "-m", "workers.cli", *words]
        subprocess.run(
            command,
            env=self._deployment.environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _ask(self, path: str, body: Any, what: str, *, mark: str = "", method: str | None = None) -> bytes:
        headers = {}
        if mark:
            headers["Content-Type"] = f"multipart/form-data; boundary={mark}"
        elif body is not None:
            headers["Content-Type"], body = "application/json", json.dumps(body).encode()
        request = urllib.request.Request(self._deployment.web + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as said:
                self.done[what] += 1
                return bytes(said.read())
        except HTTPError as error:
            with error:
                self.done[f"{what}: status {error.code}"] += 1
        return b""
