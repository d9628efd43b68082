"""The long form of the webhook test: `make deliveries` writes what came of it to webhooks.md."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from harness.badly import Outcome, deliver_badly

from streams.local import start_broker
from streams.settings import load_settings
from streams.topics import create_topics

RESULTS = Path(__file__).with_suffix(".md")


def report(outcome: Outcome, broker: str) -> str:
    """Return the outcome as a Markdown page."""
    rows = {
        "alerts": outcome.alerts,
        "requests that the receiver saw": outcome.requests,
        "of them answered with a failure": outcome.answered_badly,
        "of them never answered (timeout 0.5 s)": outcome.never_answered,
        "restarts of the receiver": outcome.restarts,
        "alerts that never arrived": len(outcome.missing),
        "incidents whose steps arrived out of order": len(outcome.out_of_order),
        "signatures that do not verify": outcome.bad_signatures,
        "different delivery ids of an alert": max(outcome.ids_per_alert),
        "dead letters": outcome.dead_letters,
        "seconds": outcome.seconds,
    }
    table = "\n".join(f"| {name} | {value} |" for name, value in rows.items())
    return (
        f"# Webhooks to a receiver that behaves badly\n\nWritten by `make deliveries` on {broker}:"
        " the receiver answers 30 % of requests with a failure (500, 502, 503, 429 or a redirect),"
        " lets 5 % hang and is restarted twice, one second down each time.\n\n"
        f"| what | how many |\n|---|---|\n{table}\n"
    )


def main() -> int:
    """Run, write the results, and return 1 when something was lost, out of order or unsigned."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=1000)
    alerts = parser.parse_args().alerts
    with tempfile.TemporaryDirectory(prefix="escalation-") as name:
        directory = Path(name)
        broker = start_broker(directory, load_settings().cache, print)
        try:
            settings = load_settings(
                kafka_bootstrap_servers=broker.bootstrap_servers, data_dir=directory
            )
            asyncio.run(create_topics(settings))
            outcome = deliver_badly(settings, directory, alerts, seconds=1800)
        finally:
            broker.stop()
    text = report(outcome, broker.kind)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)  # noqa: T201 - the command's answer
    faults = outcome.missing or outcome.out_of_order or outcome.bad_signatures
    return 1 if faults or outcome.ids_per_alert != {1} else 0


if __name__ == "__main__":
    sys.exit(main())
