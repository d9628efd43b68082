"""A broker on this machine, for `escalation run` and the tests: Apache Kafka, or a stand-in."""

from streams.local.broker import Broker, start_broker
from streams.local.process import BrokerError

__all__ = ["Broker", "BrokerError", "start_broker"]
