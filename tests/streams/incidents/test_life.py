"""What an incident tells of its life, and what it keeps to itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from harness.incidents import Bench
from harness.reports import at, cue, peace, signal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.records import Alert, Signal

HOUR = 3600.0
TEXTS = (
    "Soldiers of both armies exchanged fire near Samrong and three were killed.",
    "A gun battle at the old temple left three men dead, a colonel told reporters.",
    "Villagers fled when shooting began below the ruins of Samrong on Monday.",
    "Three troopers lost their lives in a skirmish on the hill, hospitals reported.",
    "Mortar rounds and rifle shots were heard at Samrong for forty minutes.",
    "Rival patrols opened fire on each other beside the shrine, officials declared.",
    "The ministry counted three fallen guards after the clash at dawn.",
    "An hour of gunfire along the frontier cost three lives, medics announced.",
    "Bullets flew across the line near Samrong while farmers hid in cellars.",
)


def report(number: int, hours: float, word: str = "critical", score: float = 9.0) -> Signal:
    """Return one of several independent reports of one clash."""
    cues = [cue(text=TEXTS[number])]
    return signal(f"s{number}", hours, cues=cues, severity=(word, score), title="")


def told(alerts: Iterable[Alert]) -> list[tuple[str, tuple[str, ...], str]]:
    """Return step, reasons and severity word of each alert."""
    return [(alert.step, alert.why, alert.severity) for alert in alerts]


OPENED = ("opened", ("first_signal",), "critical")


def test_the_first_signal_opens_an_incident() -> None:
    [alert] = Bench().alerts(report(0, 0))

    assert told([alert]) == [OPENED]
    assert alert.id == f"{alert.incident}-1-opened"
    assert alert.first_seen == alert.last_seen == alert.at == at(0)
    assert (alert.source_count, alert.sources, alert.item_count) == (1, ("s0.example",), 1)
    assert alert.places == ("Samrong",)


def test_inside_the_cool_down_only_a_graver_word_is_told() -> None:
    alerts = Bench().alerts(
        report(0, 0, "medium", 4.0),
        report(1, 0.1, "medium", 5.0),
        report(2, 0.2, "low", 2.0),
        report(3, 0.3, "critical", 9.0),
        report(4, 0.4, "critical", 9.9),
    )

    assert told(alerts) == [
        ("opened", ("first_signal",), "medium"),
        ("updated", ("severity_rise", "new_source"), "critical"),
    ]
    assert alerts[1].suppressed == 2


def test_after_the_cool_down_sources_are_told_when_there_are_three_times_as_many() -> None:
    # Critical: three hours. Nine reports, one an hour and a half.
    alerts = Bench().alerts(*(report(n, 1.5 * n) for n in range(9)))

    assert told(alerts) == [
        OPENED,
        ("updated", ("new_source",), "critical"),
        ("updated", ("new_source",), "critical"),
    ]
    assert [alert.source_count for alert in alerts] == [1, 3, 9]


def test_a_new_cue_is_told_after_the_cool_down_and_not_inside_it() -> None:
    blockade = [cue("blockade", "Ships closed the port.", severity=-7.5)]
    inside, after = signal("x", 1, cues=blockade), signal("y", 4, cues=blockade)

    alerts = Bench().alerts(report(0, 0), inside, after)

    assert told(alerts) == [OPENED, ("updated", ("new_cue",), "critical")]


def test_a_copy_of_a_text_is_no_source() -> None:
    bench = Bench()
    copies = [signal(f"paper{n}", n / 10, cues=[cue(text=TEXTS[0])], title="") for n in range(6)]

    [alert] = bench.alerts(*copies)
    [cooled] = bench.wait(13 * HOUR)

    assert (alert.source_count, cooled.source_count) == (1, 1)
    assert (cooled.item_count, cooled.suppressed) == (6, 5)
    assert cooled.confidence == 0.5


def test_peace_lowers_the_incident_and_is_told_at_once() -> None:
    truce = signal("truce", 1, cues=[peace()], title="Truce at Samrong")

    alerts = Bench().alerts(report(0, 0), truce)

    assert told(alerts) == [OPENED, ("updated", ("de_escalation",), "low")]
    assert alerts[1].headline == "Truce at Samrong"


def test_reports_of_one_truce_do_not_add_up() -> None:
    truces = [signal(f"t{n}", 1 + n / 10, cues=[peace(f"Truce {n} holds.")]) for n in range(5)]

    alerts = Bench().alerts(report(0, 0), *truces)

    assert [alert.severity_score for alert in alerts] == [9.0, 1.8]


def test_a_withdrawal_days_after_the_truce_takes_its_share_of_the_rest() -> None:
    truce, withdrawal = (signal(name, h, cues=[peace()]) for name, h in (("t", 1), ("w", 40)))

    alerts = Bench().alerts(report(0, 0), truce, withdrawal)

    assert [alert.severity for alert in alerts] == ["critical", "low", "info"]


@pytest.mark.parametrize(
    ("late_report", "severities"),
    [
        pytest.param(report(1, 0.5), ["critical", "low"], id="of what was before the truce"),
        pytest.param(report(0, 2), ["critical", "low"], id="that copies a known text"),
        pytest.param(report(1, 2), ["critical", "low", "critical"], id="of another fight"),
    ],
)
def test_after_a_truce_only_news_raises_it_again(
    late_report: Signal, severities: list[str]
) -> None:
    alerts = Bench().alerts(report(0, 0), signal("t", 1, cues=[peace()]), late_report)

    assert [alert.severity for alert in alerts] == severities


def test_peace_where_nobody_fought_opens_nothing() -> None:
    [change] = Bench().changes(signal("t", cues=[peace()]))

    assert (change.alert, change.silence) == (None, "nothing_to_calm")


def test_a_report_of_sanctions_that_says_when_they_end_is_no_peace() -> None:
    sanctions = cue("sanctions", "Goods were banned.", probability=0.6, severity=-6.0)
    until = peace("It will be lifted on the day that the water flows.", probability=0.98)
    last = (replace(until.evidence[0], start=50, end=100),)
    mixed = [replace(until, evidence=last), sanctions]

    alerts = Bench().alerts(report(0, 0), signal("m", 1, cues=mixed, severity=("low", 3.0)))

    assert told(alerts) == [OPENED]


def test_an_incident_cools_after_its_window_and_closes_after_more_quiet() -> None:
    bench = Bench()
    bench.alerts(report(0, 0))

    assert bench.wait(12 * HOUR - 1) == []
    [cooled] = bench.wait(1)
    [closed] = bench.wait(72 * HOUR)

    assert told([cooled, closed]) == [
        ("cooled", ("quiet",), "critical"),
        ("closed", ("quiet",), "critical"),
    ]
    assert (cooled.at, closed.at) == (at(12), at(84))
    assert [alert.number for alert in (cooled, closed)] == [2, 3]


def test_what_comes_after_it_closed_opens_another() -> None:
    bench = Bench()
    [first] = bench.alerts(report(0, 0))
    bench.wait(100 * HOUR)

    [second] = bench.alerts(report(1, 101))

    assert second.step == "opened"
    assert second.incident != first.incident


def test_news_takes_up_what_has_cooled_and_old_news_does_not() -> None:
    bench = Bench()
    bench.alerts(report(0, 0))
    bench.wait(20 * HOUR)

    assert bench.alerts(report(1, -1)) == []
    [again] = bench.alerts(report(2, 20.5))

    assert told([again]) == [("updated", ("new_source",), "critical")]
    assert again.first_seen == at(-1)
    assert again.source_count == 3


def test_a_key_without_incidents_is_forgotten_in_time() -> None:
    bench = Bench()
    bench.alerts(signal("a", actors=(), key="hash-1"))

    bench.wait(90 * HOUR)
    assert len(bench.states) == 1
    bench.wait(25 * HOUR)

    assert bench.states == {}
    assert bench.engine.book.partition(0).open == 0


def test_the_quietest_incident_makes_room_for_a_new_one() -> None:
    bench = Bench(key_incidents=2)
    places = ("Abara", "Belun", "Cadis")

    alerts = bench.alerts(
        *(
            signal(
                name, n / 10, key="MLI", title="", cues=[cue(text=f"Gunmen hit a post at {name}.")]
            )
            for n, name in enumerate(places)
        )
    )

    assert [alert.step for alert in alerts] == ["opened", "opened", "closed", "opened"]
    assert alerts[2].incident == alerts[0].incident
