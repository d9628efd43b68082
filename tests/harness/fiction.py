"""Incident lives made up for the page: nothing in them has happened."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from classifier import Actor, Cue, Evidence, Term
from classifier.ontology import plover
from classifier.severity import severity_score, severity_word
from harness.alerts import alert
from harness.stories import PAIRS, PAPERS, STORIES, Story
from streams.records import Alert, Tension
from streams.tension import WINDOWS

if TYPE_CHECKING:
    from collections.abc import Iterator


START = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)


class Told(NamedTuple):
    """An alert and when it was published, in milliseconds since 1970."""

    told: int
    alert: Alert


def alerts(count: int, *, seed: int = 7, end: datetime | None = None) -> list[Told]:
    """Return so many steps of incidents in the order of their publication.

    Parameters
    ----------
    end
        When the last step is told; by default a day and a half after `START`.
    """
    draw = random.Random(seed)
    steps: list[Told] = []
    number = 0
    span = timedelta(hours=36) * max(1.0, count / 250)
    while len(steps) < count:
        number += 1
        begun = START + span * draw.random()
        steps += _life(draw, f"{number:04x}{draw.getrandbits(48):012x}", begun)
    steps = sorted(steps[:count], key=lambda step: step.told)
    shift = (end - datetime.fromtimestamp(steps[-1].told / 1000, UTC)) if end else timedelta()
    return [_moved(step, shift) for step in steps]


def tension(steps: list[Told]) -> Iterator[Tension]:
    """Yield what holds between each pair after the steps, as if each step were a signal."""
    now = steps[-1].told / 1000
    for key in dict.fromkeys(step.alert.key for step in steps):
        first, _, second = key.partition("-")
        courses, signals = {}, {}
        for window in WINDOWS:
            hops: dict[int, tuple[int, int]] = {}
            for step in steps:
                if step.alert.key == key:
                    total, count = hops.get(window.hop_of(step.told / 1000), (0, 0))
                    weight = int(step.alert.severity_score * 1000)
                    hops[window.hop_of(step.told / 1000)] = (total + weight, count + 1)
            courses[window.name] = window.course(hops, now)
            signals[window.name] = window.count(hops, now)
        yield Tension(
            pair=(first, second),
            at=datetime.fromtimestamp(now, UTC),
            value={name: course[-1] for name, course in courses.items()},
            signals=signals,
            course=courses,
        )


def _life(draw: random.Random, incident: str, begun: datetime) -> Iterator[Told]:
    source, target = draw.choice(PAIRS)
    if draw.random() < 0.4:
        source, target = target, source
    sources: list[str] = []
    cues: list[Cue] = []
    length = min(1 + int(draw.expovariate(0.45)), 12)
    at = begun
    for number in range(1, length + 1):
        at += timedelta(minutes=draw.expovariate(1 / 45) + 1)
        step, why = _step(draw, number, length)
        if step in ("opened", "updated"):
            story = draw.choice(STORIES[:-1] if number == 1 else STORIES)
            cue, headline = _cue(draw, story, source[1], target[1], at)
            cues = [cue, *(held for held in cues if held.cue != cue.cue)][:3]
            new = draw.choice(PAPERS)
            sources = sources if new in sources else [*sources, new]
        yield Told(
            int(at.timestamp() * 1000),
            alert(
                incident,
                number,
                step=step,
                why=why,
                key="-".join(sorted((source[0], target[0]))),
                at=at,
                first_seen=begun,
                last_seen=at,
                headline=headline,
                url=f"https://{sources[-1]}/2026/11/{incident[:6]}",
                sources=tuple(sources),
                source_count=len(sources),
                item_count=number + len(sources),
                **_weight(draw, cues, source, target, len(sources)),
                suppressed=draw.choice((0, 0, 1, 3, 8)) if number > 1 else 0,
                verdict="confirmed" if number >= 4 else None,
            ),
        )


def _step(draw: random.Random, number: int, length: int) -> tuple[str, tuple[str, ...]]:
    if number == 1:
        return "opened", ("first_signal",)
    if number == length and length > 2 and draw.random() < 0.5:
        return draw.choice((("cooled", ("quiet",)), ("closed", ("quiet",))))
    if number == 4:
        return "updated", ("confirmed",)
    return "updated", (draw.choice(("new_source", "new_cue", "severity_rise")),)


def _cue(
    draw: random.Random, story: Story, source: str, target: str, at: datetime
) -> tuple[Cue, str]:
    name, modality, headline, sentence, words = story
    text = sentence.format(a=source, b=target, day=f"{at:%A}")
    terms = tuple(Term(word, round(draw.uniform(1.2, 3.1), 2)) for word in words)
    probability = round(draw.uniform(0.62, 0.995), 3)
    evidence = Evidence(text, 0, len(text), probability, (*terms, Term("said", -0.4)))
    root, score = plover(name, modality)
    return (
        Cue(name, probability, modality, root, score, (evidence,)),
        headline.format(a=source, b=target),
    )


def _weight(
    draw: random.Random, cues: list[Cue], source: Any, target: Any, sources: int
) -> dict[str, Any]:
    actors = (Actor(source[0], source[1], "source"), Actor(target[0], target[1], "target"))
    score = severity_score(cues, actors)
    return {
        "cues": tuple(cues),
        "actors": actors,
        "score": max(cue.probability for cue in cues),
        "severity_score": score,
        "severity": severity_word(score),
        "confidence": min(0.97, 0.35 + 0.13 * sources + 0.1 * draw.random()),
    }


def _moved(step: Told, shift: timedelta) -> Told:
    times = {name: getattr(step.alert, name) + shift for name in ("at", "first_seen", "last_seen")}
    moved = int(shift.total_seconds() * 1000)
    return Told(step.told + moved, msgspec.structs.replace(step.alert, **times))


def next_step(before: Alert) -> Alert:
    """Return the step of an incident that follows one, with a headline of its own."""
    number = before.number + 1
    return msgspec.structs.replace(
        before,
        id=f"{before.incident}-{number}-updated",
        step="updated",
        number=number,
        why=("new_source",),
        headline=f"What followed: {before.headline}",
    )
