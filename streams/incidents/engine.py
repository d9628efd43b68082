"""The incidents stage without Kafka: records in, changes of state and alerts out, in order.

The same records in the same order give the same changes, whatever was processed twice: a key's
state holds the offset of the last record that is in it, and what is not after that is passed over.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import msgspec

from streams import tension
from streams.incidents import life
from streams.incidents.book import Book, Change
from streams.incidents.eventtime import when
from streams.incidents.joining import new_incident
from streams.incidents.matching import best_match
from streams.incidents.severity import calming
from streams.incidents.state import KeyState
from streams.incidents.story import story_of
from streams.incidents.times import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping

    from streams.incidents.eventtime import When
    from streams.incidents.policy import Policy
    from streams.incidents.state import Incident
    from streams.records import Feedback, Signal


MOST_VERDICTS: Final = 16
"""Verdicts kept for a key; a repeat comes soon after the first."""

MOST_NOTE: Final = 500
"""Characters kept of a verdict's note."""


class Engine:
    """Incidents of the partitions that are active here.

    Parameters
    ----------
    policy
        What it goes by.
    states
        Key -> encoded state: the Faust table's own store, or a dictionary.
    committed
        Partition -> offset from which a worker that takes over will read, 0 when that is unknown.
    """

    def __init__(
        self,
        policy: Policy,
        states: MutableMapping[bytes, bytes],
        committed: Callable[[int], int],
    ) -> None:
        self._policy = policy
        self.book = Book(policy, states, committed)

    def signal(
        self, partition: int, offset: int, signal: Signal, trace: bytes | None = None
    ) -> Iterator[Change]:
        """Process a signal; yield the changes, each before the next is made.

        The last one is the signal's own, if it has one: a signal that was processed before has not.
        """
        here = self.book.partition(partition)
        time = when(signal, here.clock, self._policy)
        ticked, here.clock = time.clock > here.clock, time.clock
        yield from self.settle(partition)
        state = self.book.get(signal.key) or KeyState(key=signal.key, partition=partition)
        if offset <= state.signal_offset:
            return
        if time.stale:
            yield Change(signal.key, partition, silence="stale", late=True)
            return
        yield from self._place(state, offset, signal, time, trace, ticked=ticked)

    def feedback(self, offset: int, feedback: Feedback) -> Iterator[Change]:
        """Process a verdict; yield the change.

        A verdict on what is gone changes nothing, nor does one that comes again.
        """
        state = self.book.get(feedback.key)
        if state is None or state.partition not in self.book.partitions:
            return
        incident = next((each for each in state.incidents if each.id == feedback.incident), None)
        if incident is None or offset <= state.feedback_offset:
            return
        if any(each.id == feedback.id for each in state.verdicts):
            return
        state.feedback_offset = offset
        kept = msgspec.structs.replace(feedback, note=feedback.note[:MOST_NOTE])
        state.verdicts = [*state.verdicts, kept][-MOST_VERDICTS:]
        clock = max(self.book.partition(state.partition).clock, incident.last_seen)
        taken = life.judged(incident, feedback, clock)
        yield self.book.tell(state, incident, taken) if taken else self.book.keep(state)

    def tick(self, partition: int, now: float) -> Iterator[Change]:
        """Let time pass where no signal comes; yield the steps that it brings."""
        here = self.book.partition(partition)
        here.clock = max(here.clock, now)
        yield from self.settle(partition)

    def settle(self, partition: int) -> Iterator[Change]:
        """Yield the steps that are due for being quiet, in the order in which they are due."""
        here = self.book.partition(partition)
        while (key := here.due()) is not None:
            state = self.book.get(key)
            if state is None:
                here.forget(key)
                continue
            incident = self.book.first_due(state)
            if incident is None:
                yield self.book.forget(state)
            else:
                yield self._quiet(state, incident)

    def _quiet(self, state: KeyState, incident: Incident) -> Change:
        if incident.dismissed is not None:
            state.incidents.remove(incident)
            return self.book.keep(state)
        taken = life.quiet(incident, self._policy)
        if incident.phase == "closed":
            state.incidents.remove(incident)
        return self.book.tell(state, incident, taken)

    def _place(
        self,
        state: KeyState,
        offset: int,
        signal: Signal,
        time: When,
        trace: bytes | None,
        *,
        ticked: bool,
    ) -> Iterator[Change]:
        story = story_of(signal)
        incident = best_match(signal, story, (x for x in state.incidents if x.dismissed is None))
        muted = best_match(signal, story, (x for x in state.incidents if x.dismissed is not None))
        step: life.Taken | None = None
        silence: life.Silence | None = None
        dismissed = (
            incident is None
            and muted is not None
            and life.silenced(muted, signal, time, self._policy)
        )
        known = state.tension
        # What an analyst has called nothing is no tension either.
        if not dismissed and tension.pair_of(signal) is not None:
            state.tension = tension.add(known, signal, moment(time.at))
        if incident is not None:
            step, silence = life.joined(incident, signal, story, time, self._policy)
        elif dismissed:
            silence = "dismissed"
        elif calming(signal) is not None or not signal.alert:
            # Peace where nobody was fighting is no incident.
            silence = "nothing_to_calm"
        else:
            while len(state.incidents) >= self._policy.most_incidents:
                yield self._make_room(state, time)
            incident = new_incident(signal, _name(signal), time.at, time.clock)
            state.incidents.append(incident)
            step = life.opened(incident, signal, story, time, self._policy)
        state.signal_offset = offset
        if incident is not None and step is not None:
            yield self.book.tell(state, incident, step, trace, late=time.late)
        elif state.incidents or state.tension is not known or ticked:
            # The time that it brought is kept, too: the clock is recovered from the states.
            yield self.book.keep(state, silence=silence, late=time.late)
        else:
            yield Change(state.key, state.partition, silence=silence, late=time.late)

    def _make_room(self, state: KeyState, time: When) -> Change:
        quietest = min(state.incidents, key=lambda each: (each.dismissed is None, each.active))
        state.incidents.remove(quietest)
        if quietest.dismissed is not None:
            return self.book.keep(state)
        return self.book.tell(state, quietest, life.closed_early(quietest, time.clock))


def _name(signal: Signal) -> str:
    basis = f"{signal.key}\0{signal.id}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(basis).hexdigest()[:16]
