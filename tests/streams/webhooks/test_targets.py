"""The file of targets and what opens them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from harness.receiver import KEY, SECRET

from streams.delivery.webhooks.access import access_to
from streams.delivery.webhooks.targets import Target, TargetsError, load_targets
from streams.docs import README

NOWHERE = Path("/nowhere")
DESK = {"name": "desk", "kind": "generic", "url": "https://hooks.example/x", "secret_env": "S"}


def target(**more: Any) -> Target:
    return Target(**(DESK | more))


def test_a_toml_file_gives_typed_targets(tmp_path: Path) -> None:
    path = tmp_path / "targets.toml"
    path.write_text(
        '[[targets]]\nname = "desk"\nkind = "slack"\nurl_env = "SLACK"\ntimeout = 3\n'
        'only = { min_severity = "high", countries = ["Thailand"] }\n'
    )

    [found] = load_targets(path)

    assert (found.kind, found.timeout, found.url_env) == ("slack", 3.0, "SLACK")
    assert found.only.selection().countries == {"THA"}


def test_files_named_in_a_file_of_targets_are_paths(tmp_path: Path) -> None:
    path = tmp_path / "targets.json"
    desk = {"name": "desk", "kind": "generic", "url": "https://desk.example/hook"}
    path.write_text(json.dumps({"targets": [desk | {"secret_file": "/run/secrets/desk"}]}))

    assert load_targets(path)[0].secret_file == Path("/run/secrets/desk")

    path.write_text(json.dumps({"targets": [desk | {"secret_file": 7}]}))
    with pytest.raises(TargetsError, match="secret_file: Expected `str`, got `int`"):
        load_targets(path)


def test_the_example_of_the_readme_is_a_file_of_targets(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    path = tmp_path / "targets.toml"
    path.write_text(example)

    targets = load_targets(path)

    opened = [
        access_to(each, {"DESK_SECRET": SECRET, "SLACK_URL": DESK["url"]}) for each in targets
    ]
    assert [each.kind for each in targets] == ["generic", "slack", "alertmanager"]
    assert [str(each.url) for each in opened][2] == "http://alertmanager:9093"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ([], r"targets: a list of at least one target is needed"),
        ([{"kind": "slack"}], r"targets\[0\]: .*missing required field `name`"),
        ([DESK | {"kind": "teams"}], r"targets\[0\]: kind: Invalid enum value 'teams'"),
        ([DESK, DESK | {"name": "b", "uri": "x"}], r"targets\[1\]: .*unknown field `uri`"),
        ([DESK | {"timeout": 0}], r"targets\[0\]: timeout: Expected `float` > 0"),
        ([DESK | {"name": "Desk!"}], r"targets\[0\]: name: "),
        ([DESK | {"only": {"cues": ["blokade"]}}], r"only\.cue: .*did you mean blockade"),
        ([DESK | {"only": {"severity": "x"}}], r"only: .*unknown field `severity`"),
        ([DESK, DESK], r"name: desk is given 2 times"),
        ("desk", r"targets: a list"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(tmp_path: Path, raw: Any, message: str) -> None:
    path = tmp_path / "targets.json"
    path.write_text(json.dumps({"targets": raw}))

    with pytest.raises(TargetsError, match=message):
        load_targets(path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"targets": [1]}', '{"other": 1}', "\x00"])
def test_a_file_that_is_no_file_of_targets_is_refused(tmp_path: Path, text: str) -> None:
    for name in ("targets.json", "targets.toml"):
        (tmp_path / name).write_text(text)
        with pytest.raises(TargetsError, match=name):
            load_targets(tmp_path / name)
    with pytest.raises(TargetsError, match="cannot be read"):
        load_targets(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"url": None}, "url: is needed"),
        ({"url_env": "S"}, "url_env: only one of url and url_env"),
        ({"url": "ftp://x.example"}, "url: must begin with https"),
        ({"url": "https:///x"}, "url: must begin with https"),
        ({"url": "https://[::1"}, "url: is no address"),
        ({"url": "http://x.example"}, "url: is plain http; allow_http"),
        ({"url": "https://user:hunter2@x.example"}, "url: holds a password"),
        ({"url": "https://127.0.0.1/"}, "url: 127.0.0.1 is private; allow_private"),
        ({"url": "https://2130706433/"}, "is private"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "is private"),
        ({"secret_env": None}, "secret_env: is needed"),
        ({"secret_env": "UNSET"}, "secret_env: UNSET is not set"),
        ({"secret_env": "WEAK"}, "secret: must be whsec_"),
        ({"secret_file": NOWHERE}, "only one of secret_env and secret_file"),
        ({"secret_env": None, "secret_file": NOWHERE}, "secret_file: /nowhere cannot be read"),
        ({"ca_file": NOWHERE}, "ca_file: /nowhere cannot be used"),
    ],
)
def test_what_opens_no_target_is_named_and_never_shown(more: Any, message: str) -> None:
    environment = {"S": SECRET, "WEAK": "whsec_hunter2"}

    with pytest.raises(TargetsError, match="target desk: ") as caught:
        access_to(target(**more), environment)

    assert message in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_secrets_come_from_the_environment_or_a_file_several_at_once(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n{SECRET}\n")

    assert access_to(target(), {"S": SECRET}).secrets == (KEY,)
    assert access_to(target(secret_env=None, secret_file=file), {}).secrets == (KEY, KEY)


def test_nothing_secret_is_shown() -> None:
    access = access_to(
        target(url=None, url_env="U", authorization_env="A"),
        {"U": "https://hooks.example/T0P/SECRET", "S": SECRET, "A": "Bearer abc"},
    )

    assert str(access.url) == "https://hooks.example/T0P/SECRET"
    assert access.authorization == "Bearer abc"
    assert not any(word in repr(access) for word in ("T0P", "Bearer", "secrets"))


def test_an_address_may_be_private_or_plain_when_told() -> None:
    url = "http://127.0.0.1:9093"

    access = access_to(target(url=url, allow_http=True, allow_private=True), {"S": SECRET})

    assert str(access.url).startswith(url)


def test_a_file_names_a_secret_file(tmp_path: Path) -> None:
    file = tmp_path / "targets.json"
    target = {name: value for name, value in DESK.items() if name != "secret_env"}
    told = {"targets": [target | {"secret_file": str(tmp_path / "secret")}]}
    file.write_text(json.dumps(told))

    [read] = load_targets(file)

    assert read.secret_file == tmp_path / "secret"
