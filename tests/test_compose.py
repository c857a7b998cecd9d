"""What the compose file promises of every container. It is read as text: its anchors are its structure."""

from __future__ import annotations

import configparser
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


#: services of profiles -> the profile that starts them
OPTIONAL = {"prometheus": "monitoring", "grafana": "monitoring", "flower": "flower", "cli": "cli"}
#: those whose image is another project's
FOREIGN = ("redis", "postgres", "prometheus", "grafana")

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
    assert "mem_limit: " in (SERVICES[service] if service in FOREIGN else FEEDMILL)


@pytest.mark.parametrize("service", sorted(SERVICES.keys() - ONCE))
def test_every_service_is_looked_at_and_comes_back(service: str) -> None:
    assert "healthcheck:" in SERVICES[service]
    assert 'restart: "no"' not in SERVICES[service]


def test_nobody_is_root() -> None:
    for service in FOREIGN:
        user = re.search(r"^    user: \"?(\w+)", SERVICES[service], re.MULTILINE)
        assert user is not None, service
        assert user[1] not in ("root", "0")
    stages = (ROOT / "Dockerfile").read_text().split("\nFROM ")
    for stage in (one for one in stages if "ENTRYPOINT" in one):
        assert re.findall(r"^USER (.+)$", stage, re.MULTILINE)[-1] not in ("root", "0")


def test_the_image_that_is_built_without_a_target_is_feedmill() -> None:
    last = (ROOT / "Dockerfile").read_text().split("\nFROM ")[-1]
    assert 'ENTRYPOINT ["feedmill"]' in last


@pytest.mark.parametrize("service", FOREIGN)
def test_images_of_others_are_pinned(service: str) -> None:
    image = re.search(r"image: (\S+):(\S+)$", SERVICES[service], re.MULTILINE)
    assert image is not None
    assert re.fullmatch(r"v?\d+(\.\d+)*", image[2])


def test_only_pages_are_published_and_only_to_this_machine() -> None:
    published = {name: body for name, body in SERVICES.items() if "ports:" in body}
    assert published.keys() == {"web", "prometheus", "grafana", "flower"}
    for body in published.values():
        (port,) = re.findall(r"ports: \[\"(.*)\"\]", body)
        assert port.startswith("127.0.0.1:${")


@pytest.mark.parametrize("service", SERVICES)
def test_what_not_everybody_needs_is_started_by_its_profile_alone(service: str) -> None:
    profiles = re.findall(r"profiles: \[(.*)\]", SERVICES[service])
    assert profiles == ([OPTIONAL[service]] if service in OPTIONAL else [])
    if service not in OPTIONAL:
        waited_for = SERVICES[service].partition("depends_on:")[2]
        assert not any(f"{name}:" in waited_for for name in OPTIONAL)


def test_what_is_mounted_from_the_repository_is_there_and_read_only() -> None:
    mounts = re.findall(r"(\./[\w./-]+):(/[\w./-]+)(:ro)?", COMPOSE)
    assert len(mounts) >= 6
    for source, _, read_only in mounts:
        assert (ROOT / source).exists(), source
        assert read_only, source


def test_every_volume_is_declared() -> None:
    used = set(re.findall(r"([a-z]+-data):/", TOP["services"]))
    assert used == set(re.findall(r"^  ([a-z-]+):", TOP["volumes"], re.MULTILINE))


def test_nobody_can_sign_in_to_grafana_unless_a_password_is_set() -> None:
    grafana = configparser.ConfigParser()
    grafana.read(ROOT / "docs" / "monitoring" / "grafana" / "grafana.ini")
    assert grafana["security"]["disable_initial_admin_creation"] == "true"
    assert grafana["auth.anonymous"] == {"enabled": "true", "org_role": "Viewer"}
    assert grafana["users"]["allow_sign_up"] == "false"
    assert "GF_SECURITY_ADMIN_PASSWORD: ${GRAFANA_ADMIN_PASSWORD:-}" in SERVICES["grafana"]
    assert "DISABLE_INITIAL_ADMIN_CREATION: ${GRAFANA_ADMIN_PASSWORD:+false}" in SERVICES["grafana"]
    home = grafana["dashboards"]["default_home_dashboard_path"]
    assert f"./docs/monitoring/grafana-dashboard.json:{home}:ro" in SERVICES["grafana"]


def test_prometheus_reads_the_web_server_with_the_token_and_rules_that_it_is_given() -> None:
    told = (ROOT / "docs" / "monitoring" / "prometheus.yml").read_text()
    assert '["web:8000"]' in told
    for path in re.findall(r"/etc/prometheus/[\w.]+", told):
        assert f":{path}:ro" in SERVICES["prometheus"]
    assert "/run/secrets/metrics_token" in told
    assert "metrics_token:" in TOP["secrets"]


@pytest.mark.parametrize("variable", sorted(set(re.findall(r"\$\{(\w+)", COMPOSE))))
def test_every_variable_of_compose_is_explained(variable: str) -> None:
    page = (ROOT / "docs" / "configuring.md").read_text()
    assert f"`{variable}`" in page


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
