"""The Helm chart renders what a cluster takes, and refuses what it would not."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from harness.tools import helm, run

from streams.chart import kafka_json
from streams.settings import Settings, variable_of

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "helm" / "escalation"
VALUES = sorted((CHART / "ci").glob("*-values.yaml"))
CRDS = ROOT.parent / "shared" / "crds"
KUBERNETES = "1.37.0"

CUSTOM = {
    "ServiceMonitor": "servicemonitor_v1",
    "PrometheusRule": "prometheusrule_v1",
    "ScaledObject": "scaledobject_v1alpha1",
    "TriggerAuthentication": "triggerauthentication_v1alpha1",
    "KafkaTopic": "kafkatopic_v1",
    "KafkaUser": "kafkauser_v1",
}

each_set = pytest.mark.parametrize("values", VALUES, ids=lambda path: path.stem)


@functools.cache
def template(values: Path, *more: str) -> str:
    return run(
        [helm(), "template", "news", str(CHART), "-f", str(values), "-n", "escalation", *more]
    )


@functools.cache
def rendered(values: Path, *more: str) -> list[dict[str, Any]]:
    return [each for each in yaml.safe_load_all(template(values, *more)) if each]


def pods(values: Path) -> list[dict[str, Any]]:
    """Return the pod specifications of every workload, by its name."""
    kinds = ("Deployment", "StatefulSet")
    return [each["spec"]["template"] for each in rendered(values) if each["kind"] in kinds]


def test_there_are_four_sets_of_values_or_more() -> None:
    assert len(VALUES) >= 4


@each_set
def test_the_chart_is_clean_for_helm_lint(values: Path) -> None:
    assert "0 chart(s) failed" in run([helm(), "lint", "--strict", str(CHART), "-f", str(values)])


@each_set
def test_every_built_in_object_is_valid_for_kubernetes(values: Path, tmp_path: Path) -> None:
    """Strictly: an unknown field is an error."""
    file = tmp_path / "rendered.yaml"
    file.write_text(template(values))
    validate = [str(Path(sys.executable).with_name("kubernetes-validate")), "--strict"]
    said = run([*validate, "-k", KUBERNETES, str(file)])
    assert "passed for resource deployment/news-escalation-score" in said


@each_set
def test_every_custom_object_fits_its_definition(values: Path) -> None:
    """Where the definitions lie beside the project; nothing unknown is in them."""
    if not CRDS.is_dir():
        pytest.skip("needs ../shared/crds, which is not here")
    custom = [each for each in rendered(values) if each["kind"] in CUSTOM]
    for each in custom:
        schema = json.loads((CRDS / f"{CUSTOM[each['kind']]}.json").read_text())
        faults = list(jsonschema.Draft202012Validator(schema).iter_errors(each))
        assert not faults, f"{each['kind']}: {faults[0].message}"
    if values.stem == "scram-values":
        assert {each["kind"] for each in custom} == set(CUSTOM)


@each_set
def test_every_variable_that_a_pod_gets_is_a_setting_of_ours(values: Path) -> None:
    """A worker refuses to start with a variable that it does not know."""
    known = {variable_of(field) for field in Settings.model_fields}
    [config] = [
        each
        for each in rendered(values)
        if each["kind"] == "ConfigMap" and "KAFKA_BOOTSTRAP_SERVERS" in each["data"]
    ]
    given = set(config["data"])
    for pod in pods(values):
        given |= {env["name"] for env in pod["spec"]["containers"][0].get("env", [])}
    assert given <= known


@each_set
def test_every_pod_may_do_nothing_but_run(values: Path) -> None:
    """Restricted pod security: no root, no writing but to /tmp, no capability, no token."""
    for pod in pods(values):
        spec = pod["spec"]
        [container] = spec["containers"]
        security = container["securityContext"]
        assert security["runAsNonRoot"]
        assert security["readOnlyRootFilesystem"]
        assert not security["allowPrivilegeEscalation"]
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert container["resources"]["limits"]["memory"]
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= container.keys()


def test_a_pod_has_time_for_the_grace_period_of_its_worker() -> None:
    [values, *_] = VALUES
    grace = Settings.model_fields["grace_period"].default
    assert all(p["spec"]["terminationGracePeriodSeconds"] > grace for p in pods(values))


def test_topics_and_permissions_are_those_of_the_code_under_the_names_of_the_release() -> None:
    """Nothing is left of the default names where a release has its own."""
    values = CHART / "ci" / "scram-values.yaml"
    wanted = json.loads(kafka_json())
    own = ["--set", "group=night", "--set", "topics.items=wire", "--set", "topics.deadLetters=bad"]
    for more, item, group in (([], "news.items", "escalation"), (own, "wire", "night")):
        objects = rendered(values, *more)
        topics = [each["spec"]["topicName"] for each in objects if each["kind"] == "KafkaTopic"]
        [user] = [each for each in objects if each["kind"] == "KafkaUser"]
        acls = user["spec"]["authorization"]["acls"]
        names = {acl["resource"]["name"] for acl in acls}
        assert len(topics) == len(wanted["topics"])
        assert len(acls) == len(wanted["acls"])
        assert {item, f"{group}-score", f"{group}-incidents"} <= names
        assert names <= {*topics, f"{group}-score", f"{group}-incidents"} | {
            name for name in names if name.startswith(f"{group}-")
        }


def test_a_backfill_writes_to_its_own_topics_and_tells_nobody() -> None:
    """Beside a release with everything on: nothing has the name of what that one has."""
    values = CHART / "ci" / "scram-values.yaml"
    first, second = rendered(values), rendered(values, "-f", str(CHART / "backfill.yaml"))
    [user] = [each for each in second if each["kind"] == "KafkaUser"]
    [before] = [each for each in first if each["kind"] == "KafkaUser"]
    written = {
        acl["resource"]["name"]
        for acl in user["spec"]["authorization"]["acls"]
        if "Write" in acl["operations"]
    }
    workloads = {
        e["metadata"]["name"] for e in second if e["kind"] in {"Deployment", "StatefulSet"}
    }
    assert user["metadata"]["name"] != before["metadata"]["name"]
    assert workloads == {"news-escalation-score", "news-escalation-incidents"}
    assert {name for name in written if not name.startswith("backfill")} <= {"escalation.feedback"}
    assert "PrometheusRule" not in {each["kind"] for each in second}


def test_scaling_ends_at_the_number_of_partitions() -> None:
    values = CHART / "ci" / "scram-values.yaml"
    [scaled] = [each for each in rendered(values) if each["kind"] == "ScaledObject"]
    assert (scaled["spec"]["minReplicaCount"], scaled["spec"]["maxReplicaCount"]) == (1, 12)


def test_members_of_the_incidents_stage_keep_their_names() -> None:
    """Static membership: the group waits for a pod that restarts."""
    values = CHART / "ci" / "plain-values.yaml"
    [stateful] = [each for each in rendered(values) if each["kind"] == "StatefulSet"]
    env = stateful["spec"]["template"]["spec"]["containers"][0]["env"]
    named = {"fieldRef": {"fieldPath": "metadata.name"}}
    assert {"name": "ESCALATION_GROUP_INSTANCE", "valueFrom": named} in env


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("kafka.nonsense=1", "nonsense"),
        ("topics.partitions=0", "partitions"),
        ("kafka.securityProtocol=TLS", "securityProtocol"),
        ("settings.PATH=/", "PATH"),
        ("image.digest=latest", "digest"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(setting: str, named: str) -> None:
    command = [helm(), "template", "x", str(CHART), "--set", setting]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert named in done.stderr
