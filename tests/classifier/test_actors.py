"""Who does it, and to whom: roles from order and voice."""

from __future__ import annotations

import csv
from pathlib import Path

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.actors import find_actors, names_in, of_sentence
from classifier.names import STATE_KINDS, names

MEASURING_SET = Path(__file__).parents[3] / "shared" / "eval" / "plover_dev.tsv"
LEAST_ACCURACY = 0.9


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param("Iraq invaded Kuwait.", {"IRQ": "source", "KWT": "target"}, id="active"),
        pytest.param(
            "Kuwait was invaded by Iraqi tanks.", {"KWT": "target", "IRQ": "source"}, id="passive"
        ),
        pytest.param(
            "Chadian posts have been shelled from Sudan by the Libyan air force.",
            {"TCD": "target", "SDN": "mentioned", "LBY": "source"},
            id="passive with a place",
        ),
        pytest.param(
            "Peru, Chile and Brazil closed their borders with Bolivia over the coup in Paraguay.",
            {
                "PER": "source",
                "CHL": "source",
                "BRA": "source",
                "BOL": "target",
                "PRY": "mentioned",
            },
            id="several sources",
        ),
        pytest.param(
            "NAIROBI, Kenya (NW) - Ethiopian jets bombed an Eritrean depot.",
            {"ETH": "source", "ERI": "target", "KEN": "mentioned"},
            id="a dateline does not act",
        ),
        pytest.param(
            "Norway offered a battalion to the United Nations peacekeeping force in Mali.",
            {"NOR": "source", "UN": "mentioned", "MLI": "target"},
            id="a bloc that describes",
        ),
        pytest.param(
            "Ghana and Togo opened talks on Monday.",
            {"GHA": "source", "TGO": "target"},
            id="parties",
        ),
        pytest.param(
            "Armenia opened talks with Azerbaijan in Vienna.",
            {"ARM": "source", "AZE": "target", "AUT": "mentioned"},
            id="a capital where they meet",
        ),
        pytest.param(
            "Armenian envoys will meet in Vienna.",
            {"ARM": "source", "AUT": "mentioned"},
            id="a capital where one of them meets",
        ),
        pytest.param(
            "Israel struck a depot in Damascus.",
            {"ISR": "source", "SYR": "target"},
            id="a capital that is struck",
        ),
        pytest.param("New sanctions against Belarus", {"BLR": "target"}, id="only a target"),
        pytest.param("Laos was attacked by rebels.", {"LAO": "target"}, id="a lone passive"),
        pytest.param("Laos recalled its envoy.", {"LAO": "source"}, id="a lone source"),
        pytest.param(
            "Tehran warned Washington.", {"IRN": "source", "USA": "target"}, id="capitals"
        ),
        pytest.param("It rained.", {}, id="nobody"),
    ],
)
def test_roles(sentence: str, expected: dict[str, str]) -> None:
    """Order gives the roles, "by" turns them round."""
    assert expected == {actor.code: actor.role for actor in of_sentence(sentence)}


def test_the_most_active_role_of_several_sentences_counts() -> None:
    """Sources first, then targets, then those who are only mentioned in the lead."""
    found = find_actors(["Iraq invaded Kuwait.", "Kuwait shelled Iraq."], ["Oman looks on."])
    roles = [(actor.code, actor.role) for actor in found]
    assert roles == [("IRQ", "source"), ("KWT", "source"), ("OMN", "mentioned")]


def test_codes_of_states_are_iso_3166() -> None:
    """Kosovo has the user-assigned code that the World Bank uses."""
    codes = {name.code for name in names() if name.kind in STATE_KINDS} - {"XKX"}
    assert codes <= {country.alpha_3 for country in pycountry.countries}


@given(st.text(max_size=300))
def test_any_text_has_actors_or_none(text: str) -> None:
    """Nothing raises, and every name found has exactly one role."""
    found = of_sentence(text)
    assert len({actor.code for actor in found}) == len(found)


@pytest.mark.skipif(not MEASURING_SET.exists(), reason="the measuring set is not beside us")
def test_role_accuracy_on_the_measuring_set() -> None:
    """Both roles right on sentences whose marked source and target are two states."""
    with MEASURING_SET.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    right = []
    for row in rows:
        pair = [_state(row["source"]), _state(row["target"])]
        if None not in pair and pair[0] != pair[1]:
            roles = {actor.code: actor.role for actor in of_sentence(row["sentence"])}
            right.append([roles.get(code or "") for code in pair] == ["source", "target"])
    assert len(right) > 300
    assert sum(right) / len(right) >= LEAST_ACCURACY


def _state(text: str) -> str | None:
    return next((name.code for name in names_in(text) if name.kind in STATE_KINDS), None)
