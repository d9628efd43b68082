"""One browser for each file of tests, one page for each test; no error of a script is let pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from harness.browser import chromium
from harness.pages import TOKEN, PageServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def server() -> Iterator[PageServer]:
    """Serve a page without a broker that takes verdicts of one analyst."""
    with PageServer(tokens={"ana": TOKEN}) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Yield an empty tab of a desk's width; fail on any error of a script or of the policy."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(60_000)
    tab = context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on(
        "console",
        lambda said: faults.append(said.text) if "Security Policy" in said.text else None,
    )
    yield tab
    context.close()
    assert faults == []
