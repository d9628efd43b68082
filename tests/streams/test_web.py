"""The worker's HTTP port."""

from __future__ import annotations

import asyncio
import json
import socket
import urllib.error
import urllib.request

import pytest
from prometheus_client import CollectorRegistry

from streams.local.process import free_port
from streams.metrics import Metrics
from streams.progress import Progress
from streams.records import ModelRef
from streams.settings import SettingsError
from streams.web import Web


def ask(
    progress: Progress,
    path: str,
    metrics: Metrics | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, str, str]:
    """Serve, ask once, stop; return status, content type and body."""
    port = free_port()
    metrics = metrics or Metrics(CollectorRegistry())
    metrics.set_model(ModelRef(version="7", digest="ab"))

    def get() -> tuple[int, str, str]:
        try:
            opener = urllib.request.build_opener()
            opener.addheaders += list((headers or {}).items())
            with opener.open(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.headers["Content-Type"], answer.read().decode()

    async def serve() -> tuple[int, str, str]:
        async with Web("127.0.0.1", port, progress, metrics.registry):
            return await asyncio.to_thread(get)

    return asyncio.run(serve())


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_healthy_worker_says_so(path: str) -> None:
    status, _, body = ask(Progress(60.0), path)

    assert (status, json.loads(body)) == (200, {"ok": True, "faults": []})


def test_a_fault_is_a_503_with_its_reason() -> None:
    status, _, body = ask(Progress(60.0, fatal="score: a bug"), "/livez")

    assert (status, json.loads(body)) == (503, {"ok": False, "faults": ["score: a bug"]})


def test_metrics_are_served_in_the_prometheus_format() -> None:
    status, kind, body = ask(Progress(60.0), "/metrics")

    assert status == 200
    assert kind.startswith("text/plain; version=")
    assert 'escalation_model_info{digest="ab",version="7"} 1.0' in body


def test_open_metrics_with_exemplars_are_served_to_whoever_asks_for_them() -> None:
    metrics = Metrics(CollectorRegistry())
    metrics.ingested_to_alert.observe(0.3, {"item_id": "i1"})
    wanted = {"Accept": "application/openmetrics-text; version=1.0.0"}

    _, kind, body = ask(Progress(60.0), "/metrics", metrics, wanted)

    assert kind.startswith("application/openmetrics-text")
    assert '# {item_id="i1"} 0.3' in body
    assert body.endswith("# EOF\n")


def test_a_busy_port_is_an_error_that_names_the_settings() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        web = Web("127.0.0.1", taken.getsockname()[1], Progress(60.0), CollectorRegistry())

        async def start() -> None:
            async with web:
                pass

        with pytest.raises(SettingsError, match=r"ESCALATION_HTTP_PORT: cannot listen on"):
            asyncio.run(start())


def test_nothing_else_is_there() -> None:
    assert ask(Progress(60.0), "/")[0] == 404
