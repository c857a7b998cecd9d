"""What the compose file promises of every container. It is read as text: its anchors are its structure."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from pipeline.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
COMPOSE = (ROOT / "docker-compose.yml").read_text()

#: containers end with their command, or only live for one
ONCE = {"migrate", "cli"}
#: the embedded deployment's folder, and what only processes of one machine share
NOT_FOR_COMPOSE = {"data_dir"}


def blocks(text: str, indent: int) -> dict[str, str]:
    """What stands below each key of one depth."""
    found = re.split(rf"^ {{{indent}}}([\w-]+):(.*)$", text, flags=re.MULTILINE)
    return {name: head + body for name, head, body in zip(found[1::3], found[2::3], found[3::3], strict=True)}


TOP = blocks(COMPOSE, 0)
SERVICES = blocks(TOP["services"], 2)
GUARDED, FEEDMILL = TOP["x-guarded"], TOP["x-feedmill"]


def test_the_services_are_found() -> None:
    assert {"redis", "postgres", "migrate", "web", "scheduler", "worker-clean"} <= SERVICES.keys()


@pytest.mark.parametrize("service", SERVICES)
def test_every_container_is_guarded(service: str) -> None:
    assert "<<: *guarded" in FEEDMILL
    assert re.search(r"<<: \*(guarded|feedmill)$", SERVICES[service], re.MULTILINE)
    for loosened in (
        "read_only:",
        "cap_add:",
        "cap_drop:",
        "security_opt:",
        "privileged:",
        "logging:",
        "pid:",
    ):
        assert loosened not in SERVICES[service]


@pytest.mark.parametrize(
    "guard",
    [
        "restart: unless-stopped",
        "read_only: true",
        "cap_drop: [ALL]",
        'security_opt: ["no-new-privileges:true"]',
        "pids_limit: ",
        "max-size: ",
    ],
)
def test_a_guarded_container(guard: str) -> None:
    assert guard in GUARDED


@pytest.mark.parametrize("service", SERVICES)
def test_every_container_has_a_limit_of_memory(service: str) -> None:
    assert "mem_limit: " in (SERVICES[service] if service in ("redis", "postgres") else FEEDMILL)


@pytest.mark.parametrize("service", sorted(SERVICES.keys() - ONCE))
def test_every_service_is_looked_at_and_comes_back(service: str) -> None:
    assert "healthcheck:" in SERVICES[service]
    assert 'restart: "no"' not in SERVICES[service]


def test_nobody_is_root() -> None:
    assert "user: redis" in SERVICES["redis"]
    assert "user: postgres" in SERVICES["postgres"]
    last = (ROOT / "Dockerfile").read_text().split("\nFROM ")[-1]
    assert re.findall(r"^USER (.+)$", last, re.MULTILINE)[-1] not in ("root", "0")


def test_only_the_web_server_is_published_and_only_to_this_machine() -> None:
    published = {name: body for name, body in SERVICES.items() if "ports:" in body}
    assert published.keys() == {"web"}
    assert 'ports: ["127.0.0.1:' in published["web"]


def test_redis_evicts_nothing_and_forgets_nothing() -> None:
    assert "noeviction" in SERVICES["redis"]
    assert re.search(r"--appendonly\s+- \"yes\"", SERVICES["redis"])
    megabytes = int(re.findall(r"--maxmemory\s+- (\d+)mb", SERVICES["redis"])[0])
    limit = re.findall(r"mem_limit: (\d+)g", SERVICES["redis"])[0]
    assert megabytes * 2 <= int(limit) * 1024


@pytest.mark.parametrize("setting", [one.name for one in fields(Settings) if one.name not in NOT_FOR_COMPOSE])
def test_every_setting_reaches_the_containers(setting: str) -> None:
    name = PREFIX + setting.upper()
    assert f"      {name}: ${{{name}:-" in COMPOSE or f"    {name}: ${{{name}:-" in COMPOSE


def test_beats_are_where_the_health_checks_look() -> None:
    from workers.beats import file_of

    beat = file_of(Settings(), "worker")
    assert beat.suffix == ".beat"
    assert "find /tmp -name '*.beat'" in TOP["x-beating"]
