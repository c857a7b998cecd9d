"""The rules that keep the code in shape: who may import whom, one driver one place, sizes."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*(ROOT / "pipeline").rglob("*.py"), *(ROOT / "workers").rglob("*.py")])

#: what `pipeline/` never imports: it is the domain, without processes, web or command line
FOREIGN = {
    "celery", "kombu", "redis", "fastapi", "starlette", "uvicorn", "jinja2", "pydantic", "click", "rich",
    "workers",
}  # fmt: skip

#: third-party driver -> the one place that may import it
DRIVERS = {
    # The seam: its types are what the transport takes, answers and raises.
    "httpx": tuple(f"pipeline/fetch/{name}.py" for name in ("client", "failures", "replies", "transport")),
    "httptools": "pipeline/fetch/connection.py",
    "brotli": "pipeline/fetch/body.py",
    "tldextract": "pipeline/fetch/hosts.py",
    "feedparser": "pipeline/sources/feed.py",
    "protego": "pipeline/fetch/robots.py",
    "selectolax": "pipeline/clean/",
    "numpy": "pipeline/clean/",
    "sqlalchemy": "pipeline/store/",
    "alembic": "pipeline/store/",
    "psycopg": "pipeline/store/",
    "pyarrow": "pipeline/store/parquet.py",
    "zstandard": "pipeline/packing.py",
    "redis": "workers/stages.py",
    "celery": ("workers/app.py", "workers/flower.py", "workers/pool.py", "workers/tasks.py"),
    "rich": "workers/cli/",
    "click": "workers/cli/",
    "billiard": "workers/pool.py",
    "fastapi": "workers/web/",
    "jinja2": "workers/web/rendering.py",
    "kombu": ("workers/app.py", "workers/broker.py", "workers/flower.py"),
    "prometheus_client": "workers/web/metrics.py",
    "pydantic": "workers/web/",
    "python_multipart": "workers/web/forms.py",
    "starlette": "workers/web/",
    "uvicorn": "workers/web/server.py",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache  # each driver asks all files
def imports(path: Path) -> list[tuple[str, int]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append((node.module, node.lineno))
    return found


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if name_of(path).startswith("pipeline/")], ids=name_of
)
def test_the_domain_knows_nothing_of_processes(path: Path) -> None:
    assert not [(name, line) for name, line in imports(path) if name.split(".")[0] in FOREIGN]


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_driver_lives_in_one_place(driver: str) -> None:
    importers = {
        name_of(path) for path in SOURCES for name, _ in imports(path) if name.split(".")[0] == driver
    }
    assert not [one for one in importers if not one.startswith(DRIVERS[driver])]


def reads_a_setting(path: Path) -> bool:
    """Whether a file asks the environment, or click, for a FEEDMILL_ variable."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            asked = [*node.args, *(one.value for one in node.keywords if one.arg == "envvar")]
            what = ast.unparse(node.func)
            by_click = any(one.arg == "envvar" for one in node.keywords)
        elif isinstance(node, ast.Subscript):
            asked, what, by_click = [node.slice], ast.unparse(node.value) + ".get", False
        else:
            continue
        names = [one.value for one in asked if isinstance(one, ast.Constant)]
        if (by_click or what.endswith(("environ.get", "getenv"))) and any(
            str(one).startswith("FEEDMILL_") for one in names
        ):
            return True
    return False


def test_settings_are_read_in_one_place() -> None:
    assert not [name_of(path) for path in SOURCES if reads_a_setting(path)]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_and_functions_stay_small(path: Path) -> None:
    if "migrations/versions" in name_of(path):
        pytest.skip("a migration is written once, as one list of steps")
    text = path.read_text()
    assert text.count("\n") <= 400
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > 60
    ]
    assert not long
