"""The small parts: domains, confidence, event time, fingerprint, bounds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from harness.incidents import Bench
from harness.reports import START, at, cue, signal
from hypothesis import given
from hypothesis import strategies as st

from streams.incidents.confidence import HEDGED, OPINION, PLAIN, report_weight
from streams.incidents.domains import domain_of, registered
from streams.incidents.eventtime import when
from streams.incidents.fingerprint import fingerprint
from streams.incidents.partition import Partition
from streams.incidents.story import SIGNATURE, likeness, story_of

NOW = START.timestamp()


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("edition.news.co.uk", "news.co.uk"),
        ("WWW.Paper.example.", "paper.example"),
        ("someone.github.io", "someone.github.io"),
        ("10.0.0.1", "10.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_a_source_is_its_registered_domain(host: str, domain: str) -> None:
    assert registered(host) == domain


def test_the_url_says_the_source_and_without_one_its_name_does() -> None:
    assert domain_of(signal("a", url="https://m.paper.example/1", source="Wire")) == "paper.example"
    assert domain_of(signal("a", url=None, source="www.wire.example")) == "wire.example"
    assert domain_of(signal("a", url=None, source="Demo Wire")) == "demo wire"
    assert domain_of(signal("a", url="https://[bad", source=None)) is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_url_and_source_give_a_domain_or_none(url: str, source: str) -> None:
    found = domain_of(signal("a", url=url, source=source))

    assert found is None or found


@pytest.mark.parametrize(
    ("title", "url", "text", "weight"),
    [
        ("Clash at Samrong", "https://a.example/news/1", "Three died.", PLAIN),
        ("Opinion: they will strike", "https://a.example/1", "They will.", OPINION),
        ("They will strike", "https://a.example/opinion/1", "They will.", OPINION),
        ("Second attack", "https://a.example/1", "Unconfirmed reports spoke of it.", HEDGED),
        ("Second attack", "https://a.example/1", "Guards reportedly fired.", HEDGED),
        ("Public opinion turns", "https://a.example/opinions-on/1", "Polls say so.", PLAIN),
    ],
)
def test_opinion_and_rumour_weigh_less(title: str, url: str, text: str, weight: float) -> None:
    given_signal = signal("a", title=title, url=url)

    assert report_weight(given_signal, [title, text], "a.example") == weight


def test_a_lone_rumour_is_below_a_confirmed_story_however_grave_it_is() -> None:
    rumour = signal("r", url=None, source=None, title="Unconfirmed: army attacked")
    [alone] = Bench().alerts(rumour)
    bench = Bench()
    texts = ("Soldiers fired near the shrine.", "Three guards died at dawn.", "Gunmen hid below.")
    bench.alerts(*(signal(f"s{n}", n, cues=[cue(text=t)], title="") for n, t in enumerate(texts)))
    [cooled] = bench.wait(20 * 3600)

    assert (alone.confidence, cooled.confidence) == (0.2, 0.88)


@pytest.mark.parametrize(
    ("published", "expected", "stale"),
    [
        pytest.param(-60, -60, False, id="a minute ago"),
        pytest.param(300, 300, False, id="a little in the future"),
        pytest.param(86400, 0, False, id="a wrong clock: when it came"),
        pytest.param(-4 * 86400, -4 * 86400, True, id="longer ago than is believed"),
    ],
)
def test_a_publication_time_is_believed_within_bounds(
    published: float, expected: float, stale: bool
) -> None:
    sent = signal("a", published_at=START + timedelta(seconds=published), ingested_at=START)

    found = when(sent, NOW, Bench(time_source="wall").policy)

    assert (found.at - NOW, found.stale) == (expected, stale)
    assert found.clock >= NOW


def test_a_stale_item_opens_nothing() -> None:
    old = signal("a", published_at=at(-100), ingested_at=at(0))

    [change] = Bench(time_source="wall").changes(old)

    assert (change.alert, change.silence) == (None, "stale")


def test_a_replay_believes_what_it_reads() -> None:
    sent = signal("a", published_at=START + timedelta(days=400), ingested_at=START)

    assert when(sent, NOW, Bench().policy).at == NOW + 400 * 86400


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        pytest.param({}, "cbf29ce484222325", id="none: the offset basis"),
        # FNV-1a of b"a\xffb\xff" and of b"a\xff1\xffb\xff2\xff", computed apart from our code.
        pytest.param({"a": "b"}, "d2b371819297f98a", id="one"),
        pytest.param({"b": "2", "a": "1"}, "1cc37fac8a64ae01", id="sorted"),
    ],
)
def test_the_fingerprint_is_alertmanagers(labels: dict[str, str], expected: str) -> None:
    assert fingerprint(labels) == expected


def test_labels_and_fingerprint_stay_the_same_through_an_incidents_life() -> None:
    bench = Bench()
    alerts = bench.alerts(signal("a", severity=("high", 6.0)), signal("b", 1))
    alerts += bench.wait(400 * 3600)

    assert [alert.step for alert in alerts] == ["opened", "updated", "cooled", "closed"]
    assert len({alert.fingerprint for alert in alerts}) == 1
    assert len({tuple(alert.labels.items()) for alert in alerts}) == 1
    assert alerts[1].annotations["severity"] == "critical"


def test_likeness_is_one_for_the_same_and_low_for_another_text() -> None:
    one = story_of(signal("a", title="")).signature
    other = [cue("sanctions", "Banks froze the accounts of exporters.")]
    another = story_of(signal("b", title="", cues=other)).signature

    assert likeness(one, another + one) == 1.0
    assert likeness(one, another) < 0.1
    assert likeness(b"", one) == likeness(one, b"") == 0.0


def test_a_partition_gives_the_keys_that_are_due_and_its_heap_stays_small() -> None:
    here = Partition(0)
    for number in range(10_000):
        here.plan(f"k{number % 7}", float(number), 1)

    here.clock = 9_995.0
    assert here.due() == "k4"
    assert here.open == 7
    assert len(here._heap) < 200
    here.forget("k4")
    assert (here.open, here.due()) == (6, "k5")


def test_what_grows_in_an_incident_is_bounded() -> None:
    bench = Bench(incident_texts=4, incident_sources=3)
    words = ("alpha", "bravo", "delta", "gamma", "kappa", "omega", "sigma", "theta", "zebra", "pi")
    for number, word in enumerate(words):
        text = f"{word.capitalize()} guards {word}ing the {word}shire fired {word}like shots."
        bench.alerts(signal(f"s{number}", number / 10, cues=[cue(text=text)], title=word * 3))

    [state] = bench.engine.book.all()
    [incident] = state.incidents
    assert (len(incident.texts), len(incident.sources), len(incident.domains)) == (
        4 * SIGNATURE,
        3,
        10,
    )
