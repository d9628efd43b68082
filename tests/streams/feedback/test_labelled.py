"""What verdicts teach: as many labels as the analyst has said, and no more."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from harness.alerts import SENTENCE, alert
from harness.verdicts import GIVEN, verdict
from hypothesis import given
from hypothesis import strategies as st

from classifier import Cue, Evidence
from classifier.corpus import parse_line
from streams.feedback import labelled

if TYPE_CHECKING:
    from streams.records import Feedback

DOUBT = "Some in the capital expect worse."
MINUTE = timedelta(minutes=1)


def cue(name: str, *evidence: tuple[str, float]) -> Cue:
    pieces = tuple(Evidence(text, 0, len(text), chance, ()) for text, chance in evidence)
    return Cue(name, 0.9, "occurred", "MOBILIZE", -6.5, pieces)


def taught(*verdicts: Feedback, **fields: Any) -> dict[str, list[str]]:
    return {line["text"]: line["labels"] for line in labelled([alert(**fields)], verdicts).lines}


def test_a_confirmed_alert_gives_its_sentences_with_their_cues() -> None:
    cues = (
        cue("military_buildup", (SENTENCE, 0.9), (DOUBT, 0.3)),
        cue("blockade", (SENTENCE, 0.7)),
    )

    assert taught(verdict(), cues=cues) == {SENTENCE: ["military_buildup", "blockade"]}


@pytest.mark.parametrize("reason", ["not_a_cue", "history", "metaphor", "opinion"])
def test_a_dismissed_alert_gives_what_was_shown_without_labels(reason: str) -> None:
    cues = (cue("military_buildup", (SENTENCE, 0.9), (DOUBT, 0.3)),)

    assert taught(verdict("dismiss", reason), cues=cues) == {
        SENTENCE: [],
        DOUBT: [],
        "Troops mass": [],
    }


def test_a_wrong_cue_gives_the_labels_that_the_note_names() -> None:
    told = verdict(
        "dismiss", "wrong_cue", note="Rather threat_of_force, or blockade. No armed clash"
    )

    assert taught(told) == {SENTENCE: ["threat_of_force", "blockade"]}


@pytest.mark.parametrize(
    ("given_verdict", "why"),
    [
        pytest.param(verdict("dismiss", "repeat"), "repeat says nothing", id="repeat"),
        pytest.param(verdict("dismiss", "wrong_actors"), "wrong_actors says", id="wrong actors"),
        pytest.param(verdict("dismiss", "wrong_cue", note="no"), "note names no label", id="wrong"),
        pytest.param(verdict(alert="gone-1-opened"), "alert is gone", id="no alert"),
    ],
)
def test_a_verdict_that_says_nothing_of_labels_is_left_out_and_told(
    given_verdict: Feedback, why: str
) -> None:
    found = labelled([alert()], [given_verdict])

    assert found.lines == []
    [(told, count)] = found.left_out.items()
    assert why in told
    assert count == 1


def test_a_sentence_that_does_not_speak_for_itself_teaches_nothing() -> None:
    found = labelled([alert(cues=(cue("blockade", (DOUBT, 0.3)),))], [verdict()])

    assert found.lines == []
    assert found.left_out == {"no sentence speaks for a cue by itself": 1}


def test_the_latest_verdict_on_an_incident_holds_whatever_its_place_in_the_topic() -> None:
    late = verdict("dismiss", "history", id="v2", at=GIVEN + MINUTE)

    assert taught(late, verdict()) == taught(verdict(), late) == {SENTENCE: [], "Troops mass": []}


def test_a_note_teaches_nothing_and_takes_nothing_back() -> None:
    note = verdict("note", id="v2", at=GIVEN + MINUTE, note="watch this")

    assert taught(verdict(), note) == {SENTENCE: ["military_buildup"]}


def test_of_two_incidents_with_one_sentence_the_latest_verdict_holds() -> None:
    alerts = [alert("i"), alert("j")]
    verdicts = [
        verdict("dismiss", "metaphor"),
        verdict(id="v2", incident="j", alert="j-1-opened", at=GIVEN + MINUTE),
    ]

    lines = labelled(alerts, verdicts).lines

    assert [(line["text"], line["labels"]) for line in lines] == [
        ("Troops mass", []),
        (SENTENCE, ["military_buildup"]),
    ]


def test_a_verdict_that_names_no_alert_is_about_the_latest_one() -> None:
    alerts = [alert(number=2, cues=(cue("blockade", (DOUBT, 0.9)),)), alert()]

    [line] = labelled(alerts, [verdict(alert=None)]).lines

    assert (line["text"], line["labels"]) == (DOUBT, ["blockade"])


def test_verdicts_before_the_given_time_are_left_out() -> None:
    assert labelled([alert()], [verdict()], since=GIVEN + MINUTE).lines == []
    assert len(labelled([alert()], [verdict()], since=GIVEN).lines) == 1


@given(
    st.lists(st.text(max_size=30), min_size=1, max_size=4),
    st.text(max_size=40),
    st.sampled_from([("confirm", None), ("dismiss", "history"), ("dismiss", "wrong_cue")]),
)
def test_every_line_is_one_that_training_accepts(
    texts: list[str], headline: str, said: tuple[str, str | None]
) -> None:
    cues = (cue("sanctions", *((text, 0.8) for text in texts)),)
    verdicts = [verdict(*said, note="blockade")]

    for line in labelled([alert(headline=headline, cues=cues)], verdicts).lines:
        example = parse_line(json.dumps(line))
        assert example.part == "train"
