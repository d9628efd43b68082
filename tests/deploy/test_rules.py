"""The alarms fire when they should, and each has an entry in the runbook."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from harness.tools import needs, run

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "prometheus" / "escalation.rules.yaml"
TESTS = sorted(RULES.parent.glob("*.test.yaml"))


def alarms() -> dict[str, dict[str, dict[str, str]]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"] if "alert" in rule}


def test_prometheus_takes_the_rules() -> None:
    assert "SUCCESS" in run([needs("promtool"), "check", "rules", str(RULES)])


def test_every_alarm_fires_when_it_should_and_is_quiet_when_it_should_not() -> None:
    """The cases are in promtool's own form beside the rules."""
    names = [path.name for path in TESTS]
    said = run([needs("promtool"), "test", "rules", *names], cwd=RULES.parent)
    assert said.count("SUCCESS") == len(names) > 1


def test_no_alarm_lacks_a_case_in_which_it_fires_and_one_in_which_it_is_quiet() -> None:
    cases = [
        case
        for path in TESTS
        for each in yaml.safe_load(path.read_text())["tests"]
        for case in each["alert_rule_test"]
    ]
    fires = {case["alertname"] for case in cases if case.get("exp_alerts")}
    quiet = {case["alertname"] for case in cases if not case.get("exp_alerts")}
    # These two have their other side in a second series of the same case.
    quiet |= {"EscalationDeliveryFailing"}
    assert fires == quiet == set(alarms())


def test_the_runbook_has_an_entry_for_each_alarm_and_for_nothing_else() -> None:
    entries = re.findall(r"^## (\w+)$", (DEPLOY / "RUNBOOK.md").read_text(), re.MULTILINE)
    assert sorted(entries) == sorted(alarms())


def test_every_alarm_says_how_bad_what_and_what_to_do() -> None:
    for name, rule in alarms().items():
        assert rule["labels"]["severity"] in {"page", "ticket"}, name
        assert rule["annotations"].keys() == {"summary", "description", "runbook_url"}, name
        assert rule["annotations"]["runbook_url"] == f"RUNBOOK_URL#{name.lower()}"
