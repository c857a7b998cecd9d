"""Are there known vulnerabilities in the locked versions? Asks the advisory database OSV (osv.dev), which
holds those of the Python Packaging Advisory Database and of GitHub, with one request for all packages.

    python3 .ci/audit.py [--may-be-unreachable] [FILE ...]

Files hold lines ``name==version``; without any, constraints.txt. Needs nothing but Python. Exit code 0:
none is known; 1: some are, and are named; 3: the database could not be asked (0 with
--may-be-unreachable, and a warning that cannot be overlooked).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SERVICE = "https://api.osv.dev"
#: an advisory that was looked at and does not concern us -> why not, and until when that holds
ACCEPTED: dict[str, str] = {}
#: longest wait for one answer (s)
PATIENCE = 20.0
#: queries that the service takes in one request
AT_ONCE = 1_000
_PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;#]+)")


class Unreachable(Exception):
    """The advisory database gave no usable answer; the text says why."""


def pins(text: str) -> list[tuple[str, str]]:
    """Names and versions of a lock file. Raises ValueError for a line that pins nothing."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        stated = line.partition("#")[0].strip()
        if not stated:
            continue
        match = _PIN.match(stated)
        if not match:
            raise ValueError(f"line {number} pins no version: {stated!r}")
        found.append((match[1], match[2]))
    return found


def known(packages: list[tuple[str, str]], service: str) -> dict[str, list[str]]:
    """The ids of advisories -> what they concern, as ``name version``. Raises Unreachable."""
    found: dict[str, list[str]] = {}
    for start in range(0, len(packages), AT_ONCE):
        some = packages[start : start + AT_ONCE]
        queries = [
            {"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in some
        ]
        results = _ask(f"{service}/v1/querybatch", {"queries": queries}).get("results")
        if not isinstance(results, list) or len(results) != len(some):
            raise Unreachable("its answer does not fit the question")
        for (name, version), result in zip(some, results, strict=True):
            for advisory in (result or {}).get("vulns") or []:
                found.setdefault(str(advisory["id"]), []).append(f"{name} {version}")
    return found


def told(advisory: str, service: str) -> str | None:
    """What an advisory says, in one line; None for one that was withdrawn. Raises Unreachable."""
    details = _ask(f"{service}/v1/vulns/{advisory}")
    if details.get("withdrawn"):
        return None
    names = ", ".join(details.get("aliases") or [])
    summary = details.get("summary") or (details.get("details") or "").strip().partition("\n")[0]
    fixed = {
        event["fixed"]
        for affected in details.get("affected") or []
        for span in affected.get("ranges") or []
        if span.get("type") == "ECOSYSTEM"
        for event in span.get("events") or []
        if "fixed" in event
    }
    repair = f" Fixed in {', '.join(sorted(fixed))}." if fixed else ""
    return f"{advisory}{f' ({names})' if names else ''}: {summary}.{repair}"


def _ask(address: str, body: object = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            read = json.load(answer)
    except (OSError, ValueError, urllib.error.HTTPError) as error:
        raise Unreachable(f"{address}: {error}") from error
    if not isinstance(read, dict):
        raise Unreachable(f"{address}: its answer is no object")
    return read


def audit(files: list[Path], service: str) -> int:
    """Ask and tell. Raises Unreachable."""
    packages = sorted({pin for file in files for pin in pins(file.read_text("utf-8"))})
    if not packages:
        raise ValueError("no package is locked")
    found = known(packages, service)
    wrong = 0
    for advisory, concerned in sorted(found.items()):
        if advisory in ACCEPTED:
            print(f"accepted: {advisory} in {', '.join(concerned)}: {ACCEPTED[advisory]}")
            continue
        words = told(advisory, service)
        if words is not None:
            wrong += 1
            print(f"VULNERABLE: {', '.join(concerned)}: {words}")
    print(f"{len(packages)} locked packages, {wrong} known vulnerabilities.")
    return 1 if wrong else 0


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Look for known vulnerabilities in locked versions.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--may-be-unreachable", action="store_true")
    parser.add_argument("--service", default=SERVICE, help="where the advisory database is")
    given = parser.parse_args(words)
    try:
        return audit(given.files or [ROOT / "constraints.txt"], given.service)
    except Unreachable as error:
        line = "!" * 78
        print(f"{line}\nNOT AUDITED: the advisory database could not be asked.\n{error}", file=sys.stderr)
        print(
            f"Whether locked packages are vulnerable is NOT known. `make audit` asks again.\n{line}",
            file=sys.stderr,
        )
        return 0 if given.may_be_unreachable else 3
    except (OSError, ValueError) as error:
        print(f"The lock file cannot be used: {error}.", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
