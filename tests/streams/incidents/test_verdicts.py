"""What an analyst's verdict does to an incident, and to what comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.incidents import Bench
from harness.reports import cue, signal
from harness.verdicts import verdict

from streams.incidents.state import KeyState, load

if TYPE_CHECKING:
    from streams.incidents.book import Change
    from streams.records import Alert, Feedback, Signal

SENTENCE = "Soldiers of both armies exchanged fire near Samrong and three were killed."


def report(number: int, hours: float, word: str = "high", score: float = 6.0) -> Signal:
    """Return one of several copies of one report."""
    return signal(f"s{number}", hours, cues=[cue(text=SENTENCE)], severity=(word, score), title="")


class Desk:
    """An incident and an analyst who judges it."""

    def __init__(self) -> None:
        self.bench = Bench()
        [self.opened] = self.bench.alerts(report(0, 0))
        self._offset = -1

    def judge(self, *verdicts: Feedback) -> list[Alert]:
        """Send verdicts, each as a record of its own; return the alerts."""
        changes: list[Change] = []
        for each in verdicts:
            self._offset += 1
            changes += self.bench.engine.feedback(self._offset, each)
        return [change.alert for change in changes if change.alert is not None]

    def on_it(
        self, word: str, reason: str | None = None, name: str = "v1", note: str = ""
    ) -> Feedback:
        """Return a verdict on the incident."""
        about = {"incident": self.opened.incident, "key": self.opened.key, "note": note}
        return verdict(word, reason, id=name, **about)

    @property
    def state(self) -> KeyState:
        [value] = self.bench.states.values()
        return load(value)

    @property
    def counted(self) -> int:
        """How many signals the pair's tension has counted."""
        [tension] = self.bench.engine.book.tensions.values()
        return sum(signals for _, signals in tension.hops["7d"].values())


def test_a_confirmation_is_told_as_an_update() -> None:
    desk = Desk()

    [alert] = desk.judge(desk.on_it("confirm"))

    assert (alert.step, alert.why, alert.verdict) == ("updated", ("confirmed",), "confirmed")


def test_a_dismissal_closes_and_keeps_the_story_silent_and_without_tension() -> None:
    desk = Desk()

    [alert] = desk.judge(desk.on_it("dismiss", "history"))
    [change] = desk.bench.changes(report(1, 1))

    assert (alert.step, alert.why, alert.verdict) == ("closed", ("dismissed",), "dismissed")
    assert (change.alert, change.silence) == (None, "dismissed")
    assert desk.counted == 1


def test_a_graver_report_of_a_dismissed_story_opens_another_incident() -> None:
    desk = Desk()
    desk.judge(desk.on_it("dismiss", "history"))

    [alert] = desk.bench.alerts(report(1, 1, "critical", 9.0))

    assert alert.step == "opened"
    assert desk.counted == 2


def test_a_verdict_that_comes_again_counts_once_wherever_it_stands() -> None:
    """A sender that had no answer sends it again, after another analyst has spoken."""
    desk = Desk()
    first, second = desk.on_it("confirm"), desk.on_it("dismiss", "history", "v2")

    alerts = desk.judge(first, second, first)

    assert [alert.why for alert in alerts] == [("confirmed",), ("dismissed",)]
    assert [incident.verdict for incident in desk.state.incidents] == ["dismissed"]


def test_a_note_is_kept_and_changes_nothing_else() -> None:
    desk = Desk()
    desk.judge(desk.on_it("dismiss", "history"))
    [before] = desk.state.incidents

    assert desk.judge(desk.on_it("note", name="v2", note="seen in 1994 already")) == []
    assert desk.state.incidents == [before]
    assert [each.note for each in desk.state.verdicts] == ["", "seen in 1994 already"]


def test_the_verdicts_of_a_key_are_bounded() -> None:
    desk = Desk()
    desk.judge(*(desk.on_it("note", name=f"v{n}", note="x" * 4000) for n in range(50)))

    assert [each.id for each in desk.state.verdicts] == [f"v{n}" for n in range(34, 50)]
    assert max(len(each.note) for each in desk.state.verdicts) == 500


def test_a_verdict_on_an_incident_that_is_gone_changes_nothing() -> None:
    desk = Desk()

    assert list(desk.bench.engine.feedback(0, verdict(incident="gone", key=desk.opened.key))) == []
    assert desk.state.verdicts == []


def test_what_another_worker_recovers_has_the_same_tension() -> None:
    desk = Desk()
    book = desk.bench.engine.book
    before = dict(book.tensions)

    book.recover([0])
    assert book.tensions == before
    book.recover([1])
    assert book.tensions == {}
