"""Dashboard, alert rules and their page ask for metrics that there are, by labels that they have."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from workers.families import FAMILIES, Family
from workers.hosts import REASONS

FOLDER = Path(__file__).parent.parent / "docs" / "monitoring"
DASHBOARD: dict[str, Any] = json.loads((FOLDER / "grafana-dashboard.json").read_text())
PANELS = [one for one in DASHBOARD["panels"] if one["type"] != "row"]
RULES = (FOLDER / "alerts.yml").read_text()

#: the words of PromQL that stand where a metric could
WORDS = {
    "absent", "and", "bool", "by", "count", "group_left", "group_right", "histogram_quantile", "ignoring",
    "increase", "max", "min", "offset", "on", "or", "rate", "sum", "topk", "unless", "vector", "without",
}  # fmt: skip
_SELECTOR = re.compile(r"\b(?P<name>[a-zA-Z_:][\w:]*)\b\s*(?P<matchers>\{[^}]*\})?")
_MATCHER = re.compile(r"(?P<label>\w+)\s*(?P<how>=~|!~|!=|=)\s*\"(?P<value>[^\"]*)\"")
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")


class Selector(NamedTuple):
    """What an expression asks of one metric."""

    family: Family
    #: label, operator, value
    matchers: list[tuple[str, str, str]]
    #: what the labels may be beside those of the family
    more: set[str]


def selectors(expression: str) -> list[Selector]:
    """Everything that an expression asks for. Fails for what is no metric of ours."""
    bare = _GROUPING.sub(" ", re.sub(r"\[[^\]]*\]", " ", expression))
    found = []
    for match in _SELECTOR.finditer(bare):
        name, matchers = match["name"], match["matchers"] or ""
        if name in WORDS:
            continue
        family = FAMILIES.get(name) or FAMILIES.get(re.sub(r"_(bucket|sum|count)$", "", name))
        assert family is not None, f"{name} is no metric: {expression}"
        is_histogram = name not in FAMILIES
        assert is_histogram == (family.kind == "histogram"), name
        more = {"le"} if name.endswith("_bucket") else set()
        told = [(one["label"], one["how"], one["value"]) for one in _MATCHER.finditer(matchers)]
        found.append(Selector(family, told, more))
    return found


def rules() -> dict[str, str]:
    """Alert -> expression. The file is simple enough to be read as text."""
    found = {}
    for block in RULES.split("      - alert: ")[1:]:
        name, _, rest = block.partition("\n")
        expression = rest.split("expr:")[1]
        expression = re.split(r"\n        (?:for|labels):", expression)[0]
        found[name] = " ".join(expression.replace(">-", " ", 1).split())
    return found


QUERIES = {
    **{f"{one['title']} {target['refId']}": target["expr"] for one in PANELS for target in one["targets"]},
    **rules(),
}


@pytest.mark.parametrize("expression", QUERIES.values(), ids=QUERIES.keys())
def test_an_expression_asks_for_metrics_and_labels_that_there_are(expression: str) -> None:
    asked = selectors(expression)
    assert asked, expression
    for selector in asked:
        for label, how, value in selector.matchers:
            assert label in selector.family.labels, expression
            known = selector.family.labels[label]
            for one in value.split("|") if "~" in how else [value]:
                assert known is None or one in known, f"{label}={one}: {expression}"
    labels = {label for one in asked for label in [*one.family.labels, *one.more]}
    for group in _GROUPING.findall(expression):
        assert set(filter(None, re.split(r"[\s,]+", group))) <= labels, expression


@pytest.mark.parametrize("expression", QUERIES.values(), ids=QUERIES.keys())
def test_counters_are_asked_how_fast_they_rise_and_gauges_are_not(expression: str) -> None:
    for name, family in FAMILIES.items():
        for match in re.finditer(rf"\b{name}(?:_bucket|_sum|_count)?\b[^\[\s)]*(\[)?", expression):
            rises = family.kind in ("counter", "histogram")
            assert rises == bool(match[1]), f"{name}: {expression}"


def test_what_is_asked_for_here_is_found_wrong_when_it_is() -> None:
    with pytest.raises(AssertionError):
        selectors("sum(feedmill_nothing_total)")
    ((family, matchers, _),) = selectors('sum by (result) (rate(feedmill_polls_total{result!="new"}[5m]))')
    assert family.name == "feedmill_polls_total"
    assert matchers == [("result", "!=", "new")]


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda one: one.name)
def test_each_metric_is_documented_as_it_is(family: Family) -> None:
    row = f"| `{family.name}` | {', '.join(family.labels)} | {family.help} |"
    assert row in (FOLDER / "README.md").read_text()


def test_no_metric_and_no_reason_is_documented_that_there_is_not() -> None:
    page = (FOLDER / "README.md").read_text()
    assert set(re.findall(r"`(feedmill_[a-z_]+)`", page)) == FAMILIES.keys()
    assert all(f"| `{reason}` | {words} |" in page for reason, words in REASONS.items())


def test_every_metric_but_the_version_is_on_the_dashboard_or_in_a_rule() -> None:
    asked = {selector.family.name for query in QUERIES.values() for selector in selectors(query)}
    assert FAMILIES.keys() - asked == {"feedmill_build_info"}


# -- the dashboard, by Grafana's model (grafana.com/docs: dashboard JSON model, schema 39) ----------------


def test_the_dashboard_has_what_grafana_needs_to_import_it() -> None:
    assert DASHBOARD["title"]
    assert re.fullmatch(r"[\w-]{1,40}", DASHBOARD["uid"])
    assert DASHBOARD["schemaVersion"] == 39
    assert DASHBOARD.get("id") is None
    (source,) = DASHBOARD["templating"]["list"]
    assert (source["name"], source["type"], source["query"]) == ("datasource", "datasource", "prometheus")
    ids = [one["id"] for one in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("panel", PANELS, ids=lambda one: one["title"])
def test_a_panel_is_whole(panel: dict[str, Any]) -> None:
    assert panel["type"] in {"stat", "timeseries", "bargauge", "table"}
    reference = {"type": "prometheus", "uid": "${datasource}"}
    assert panel["datasource"] == reference
    assert [one["refId"] for one in panel["targets"]] == list("ABC"[: len(panel["targets"])])
    for target in panel["targets"]:
        assert target["datasource"] == reference
        labels = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
        families = [one.family for one in selectors(target["expr"])]
        assert labels <= {label for family in families for label in family.labels}
    assert panel["fieldConfig"]["defaults"]["unit"]


def test_no_panel_covers_another() -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken, f"{panel['title']} and {taken.get((x, y))}"
                taken[x, y] = panel["title"]


# -- Prometheus' own judgement ----------------------------------------------------------------------------


def promtool(*arguments: str, given: bytes = b"") -> None:
    tool = shutil.which("promtool")
    if tool is None:
        assert not os.environ.get("CI"), "promtool is missing: apt-get install prometheus"
        pytest.skip("promtool is not installed here (Debian: prometheus)")
    done = subprocess.run([tool, *arguments], input=given, capture_output=True, check=False, cwd=FOLDER)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


def test_each_alert_fires_when_it_should_and_only_then() -> None:
    promtool("check", "rules", "alerts.yml")
    promtool("test", "rules", "alerts-test.yml")


def test_each_alert_has_a_test_in_which_it_fires_and_says_what_to_do() -> None:
    tested = set(re.findall(r'alertname="(\w+)"', (FOLDER / "alerts-test.yml").read_text()))
    assert tested == rules().keys()
    for block in RULES.split("      - alert: ")[1:]:
        assert re.search(r"severity: (critical|warning)", block)
        assert "summary: " in block
        assert "action: " in block


def test_promtool_finds_nothing_wrong_with_names_and_help() -> None:
    lines = []
    for family in FAMILIES.values():
        lines += [f"# HELP {family.name} {family.help}", f"# TYPE {family.name} {family.kind}"]
        if family.kind == "histogram":
            lines += [
                f'{family.name}_bucket{{le="+Inf"}} 1',
                f"{family.name}_sum 1",
                f"{family.name}_count 1",
            ]
        else:
            lines.append(f"{family.name} 1")
    promtool("check", "metrics", given=("\n".join(lines) + "\n").encode())
