"""What a batch's outcomes send, and what goes out instead of a message that the broker refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from streams.deadletters import Reason, cut_down, dead_letter, is_cut_down
from streams.publisher import RefusedError
from streams.records import Message
from streams.scoring import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.feed import Publishes
    from streams.publisher import Publisher
    from streams.settings import Settings

log = structlog.get_logger(__name__)


async def publish_letter(publisher: Publishes, letter: Message) -> None:
    """Publish a dead letter, cut down when the broker refuses it whole.

    Raises
    ------
    RefusedError
        Not even the one that was cut down is taken.
    """
    try:
        await publisher.publish([letter])
    except RefusedError:
        await publisher.publish([cut_down(letter)])


class Outbox:
    """Publishes signals and dead letters until each record has left its trace.

    A refused signal becomes the dead letter of its item; a refused dead letter is cut down.
    """

    def __init__(self, settings: Settings, publisher: Publisher) -> None:
        self._settings = settings
        self._publisher = publisher

    async def publish(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return the outcomes as they turned out, once all their messages are acknowledged.

        Raises
        ------
        RefusedError
            Not even a dead letter that was cut down is taken.
        """
        final = list(outcomes)
        messages = {
            index: message
            for index, outcome in enumerate(final)
            if (message := self._message(outcome)) is not None
        }
        while messages:
            try:
                await self._publisher.publish(list(messages.values()))
            except RefusedError as error:
                places = list(messages)
                refused = {places[place]: messages[places[place]] for place in error.places}
                messages = {}
                for index, message in refused.items():
                    final[index], messages[index] = self._instead(final[index], message, error)
            else:
                break
        return final

    def _message(self, outcome: Outcome) -> Message | None:
        record = outcome.record
        if outcome.dead is not None:
            return dead_letter(record, outcome.dead, self._settings.dead_letters_topic)
        if outcome.signal is None:
            return None
        trace = tuple((name, value) for name, value in record.headers if name == "traceparent")
        key = outcome.signal.key.encode()
        return Message(self._settings.signals_topic, key, outcome.encoded, trace)

    def _instead(
        self, outcome: Outcome, message: Message, error: RefusedError
    ) -> tuple[Outcome, Message]:
        if is_cut_down(message):
            raise error
        record, topic = outcome.record, self._settings.dead_letters_topic
        log.error(
            "record_refused", partition=record.partition, offset=record.offset, error=str(error)
        )
        if outcome.dead is not None:
            return outcome, cut_down(message)
        reason = Reason("score", "SignalRefused", str(error))
        return Outcome(record, dead=reason), dead_letter(record, reason, topic)
