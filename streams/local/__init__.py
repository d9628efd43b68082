"""A broker on this machine, for `escalation run` and the tests: Apache Kafka, or a stand-in."""

from streams.local.broker import Broker, BrokerError, start_broker

__all__ = ["Broker", "BrokerError", "start_broker"]
