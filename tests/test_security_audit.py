"""The audit of locked packages: it fails for a known vulnerability, and says loudly when it could not ask."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / ".ci" / "audit.py"


class Advisories:
    """An advisory database that knows what a test tells it, in the words of OSV's API."""

    def __init__(self) -> None:
        #: (name, version) -> ids
        self.known: dict[tuple[str, str], list[str]] = {}
        #: id -> its document
        self.documents: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str]] = []
        self.answer: bytes | None = None
        advisories = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                queries = json.loads(self.rfile.read(int(self.headers["content-length"])))["queries"]
                assert {one["package"]["ecosystem"] for one in queries} == {"PyPI"}
                names = [(one["package"]["name"], one["version"]) for one in queries]
                advisories.asked += names
                results = [
                    {
                        "vulns": [
                            {"id": one, "modified": "2026-01-01T00:00:00Z"} for one in advisories.known[name]
                        ]
                    }
                    if name in advisories.known
                    else {}
                    for name in names
                ]
                self._send({"results": results})

            def do_GET(self) -> None:
                self._send(advisories.documents[self.path.removeprefix("/v1/vulns/")])

            def _send(self, document: dict[str, Any]) -> None:
                body = advisories.answer if advisories.answer is not None else json.dumps(document).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def advisories() -> Iterator[Advisories]:
    made = Advisories()
    yield made
    made.server.shutdown()
    made.server.server_close()


def audit(service: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "--service", service, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_without_a_known_vulnerability_the_audit_passes_having_asked_for_every_locked_package(
    advisories: Advisories,
) -> None:
    result = audit(advisories.url)
    locked = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line]
    assert result.returncode == 0, result.stderr
    assert sorted("==".join(one) for one in advisories.asked) == sorted(locked)


def test_a_known_vulnerability_of_a_locked_version_fails_the_audit(
    advisories: Advisories, tmp_path: Path
) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("# comment\njinja2==2.4.1 ; python_version > '3'\n\nsix==1.17.0\n")
    advisories.known["jinja2", "2.4.1"] = ["PYSEC-1", "PYSEC-2"]
    events = [{"introduced": "0"}, {"fixed": "2.4.2"}]
    advisories.documents["PYSEC-1"] = {
        "aliases": ["CVE-2014-1402"],
        "summary": "Files that others may write",
        "affected": [{"ranges": [{"type": "ECOSYSTEM", "events": events}]}],
    }
    advisories.documents["PYSEC-2"] = {"withdrawn": "2020-01-01T00:00:00Z"}
    for words in ((lock,), (lock, "--may-be-unreachable")):
        result = audit(advisories.url, *words)
        assert result.returncode == 1
        assert (
            "jinja2 2.4.1: PYSEC-1 (CVE-2014-1402): Files that others may write. Fixed in 2.4.2."
            in result.stdout
        )
        assert "PYSEC-2" not in result.stdout
        assert "1 known vulnerabilities" in result.stdout


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"results": []}', b"<html>a wall</html>"])
def test_an_answer_that_does_not_fit_is_no_clean_bill(advisories: Advisories, answer: bytes) -> None:
    advisories.answer = answer
    assert audit(advisories.url).returncode == 3


def test_a_database_that_cannot_be_reached_is_told_loudly() -> None:
    strict, lenient = (audit("http://127.0.0.1:1", *words) for words in ((), ("--may-be-unreachable",)))
    assert (strict.returncode, lenient.returncode) == (3, 0)
    for result in (strict, lenient):
        assert "NOT AUDITED" in result.stderr
        assert "!!!!!!!!!!" in result.stderr


@pytest.mark.parametrize("content", ["", "jinja2>=3\n", "git+https://example.org/x\n"])
def test_a_lock_file_that_locks_nothing_is_an_error(
    advisories: Advisories, tmp_path: Path, content: str
) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(content)
    assert audit(advisories.url, lock, "--may-be-unreachable").returncode == 2


def test_the_checks_of_every_change_include_the_audit() -> None:
    assert ".ci/audit.py" in (ROOT / "Makefile").read_text()
    assert ".ci/audit.py --may-be-unreachable" in (ROOT / ".ci" / "run").read_text()
