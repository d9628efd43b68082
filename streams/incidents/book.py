"""The states of the active partitions: read, written, planned, and forgotten in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams import tension
from streams.incidents import life
from streams.incidents.assembly import alert_of
from streams.incidents.partition import Partition
from streams.incidents.state import KeyState, dump, load
from streams.incidents.times import moment
from streams.records import decode_alert, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, MutableMapping

    from streams.incidents.policy import Policy
    from streams.incidents.state import Incident
    from streams.records import Alert, Tension
    from streams.tension import PairTension


@dataclass(frozen=True, slots=True)
class Change:
    """What a record or the time has changed in one key.

    Attributes
    ----------
    key, partition
        Whose state it is.
    value
        The state to write to the changelog; None when there is nothing to write.
    forget
        Whether the key is to be deleted from the changelog.
    alert, trace
        To publish when the value, which holds them as pending, is written; None for none.
    after
        What to write once the alert is acknowledged.
    silence
        Why a signal was not told; None when it was, or when this is no signal's change.
    late
        Whether the signal was late.
    tension
        The last record of a pair that is forgotten.
    """

    key: str
    partition: int
    value: bytes | None = None
    forget: bool = False
    alert: Alert | None = None
    trace: bytes | None = None
    after: bytes | None = None
    silence: life.Silence | None = None
    late: bool = False
    tension: Tension | None = None


class Book:
    """The states of the active partitions, over a mapping that others may share.

    Parameters
    ----------
    policy
        When incidents are due.
    states
        Key -> encoded state, of all partitions: a standby's are left alone.
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
        self._states = states
        self._committed = committed
        self.partitions: dict[int, Partition] = {}
        # Decoded, since all of them are read every few seconds.
        self.tensions: dict[str, PairTension] = {}

    def recover(self, active: Iterable[int]) -> list[Change]:
        """Learn clocks and plans anew; return the changes whose alerts may not be published."""
        self.partitions = {number: Partition(number) for number in active}
        self.tensions.clear()
        unfinished = []
        for state in self.all():
            self._note(state)
            self._note_tension(state)
            if state.pending is not None:
                unfinished.append(self._announce(state, decode_alert(state.pending)))
        return unfinished

    def all(self) -> Iterator[KeyState]:
        """Yield the states of the active partitions."""
        for value in list(self._states.values()):
            state = load(value)
            if state.partition in self.partitions:
                yield state

    def partition(self, number: int) -> Partition:
        """Return what is known of a partition."""
        return self.partitions.setdefault(number, Partition(number))

    def get(self, key: str) -> KeyState | None:
        """Return the state of a key, if there is one."""
        value = self._states.get(_encoded(key))
        return None if value is None else load(value)

    def keep(
        self, state: KeyState, *, silence: life.Silence | None = None, late: bool = False
    ) -> Change:
        """Write a state that has changed."""
        self._note(state)
        value = self._put(state)
        return Change(state.key, state.partition, value, silence=silence, late=late)

    def tell(
        self,
        state: KeyState,
        incident: Incident,
        taken: life.Taken,
        trace: bytes | None = None,
        *,
        late: bool = False,
    ) -> Change:
        """Write a state one of whose incidents has taken a step, and tell the step."""
        alert = alert_of(incident, state.key, taken)
        incident.suppressed = 0
        state.pending, state.trace = encode(alert), trace
        self._note(state)
        return self._announce(state, alert, late=late)

    def forget(self, state: KeyState) -> Change:
        """Delete a state, if its pair has calmed down; else look again later.

        Nor is it deleted before its last signal is committed: a worker that takes over would read
        that signal again, and open an incident that has been closed.
        """
        here = self.partition(state.partition)
        at = moment(here.clock)
        read_again = state.signal_offset >= self._committed(state.partition)
        tense = state.tension is not None and not tension.expired(state.tension, at)
        if read_again or tense:
            here.plan(state.key, here.clock + self._policy.retention, 0)
            return Change(state.key, state.partition)
        here.forget(state.key)
        self.tensions.pop(state.key, None)
        del self._states[_encoded(state.key)]
        last = None if state.tension is None else tension.tension_of(state.tension, at)
        return Change(state.key, state.partition, forget=True, tension=last)

    def first_due(self, state: KeyState) -> Incident | None:
        """Return the incident that is due first, when the clock has reached it."""
        clock = self.partition(state.partition).clock
        ranked = [(life.due(each, self._policy), each.id, each) for each in state.incidents]
        at, _, incident = min(ranked, key=lambda each: each[:2], default=(0.0, "", None))
        return incident if at <= clock else None

    def _announce(self, state: KeyState, alert: Alert, *, late: bool = False) -> Change:
        before, trace = self._put(state), state.trace
        state.pending, state.trace = None, None
        after = self._put(state)
        return Change(
            state.key, state.partition, before, alert=alert, trace=trace, after=after, late=late
        )

    def _put(self, state: KeyState) -> bytes:
        state.clock = self.partition(state.partition).clock
        self._note_tension(state)
        value = self._states[_encoded(state.key)] = dump(state)
        return value

    def _note_tension(self, state: KeyState) -> None:
        if state.tension is not None:
            self.tensions[state.key] = state.tension

    def _note(self, state: KeyState) -> None:
        here = self.partition(state.partition)
        here.clock = max(here.clock, state.clock)
        dues = [life.due(each, self._policy) for each in state.incidents]
        at = min(dues, default=here.clock + self._policy.retention)
        here.plan(state.key, at, len(dues))
        if state.tension is not None:
            here.tensions[state.key] = state.tension


def _encoded(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")
