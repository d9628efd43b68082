"""Text from the wire is only ever text, whatever it holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from harness.alerts import SENTENCE, alert
from harness.fiction import Told

from classifier import Actor, Cue, Evidence, Term
from streams.delivery.page.service import STATIC

if TYPE_CHECKING:
    from harness.pages import PageServer
    from playwright.sync_api import Page

HOSTILE = {
    "script": "<script>window.hit = 1</script>Troops",
    "handler": "<img src=x onerror='window.hit = 1'>Troops",
    "closing": "</h3></article><h1>Peace</h1>",
    "entities": "&lt;b&gt; &amp; &#x202e;",
    "templates": "{{7*7}} ${7*7} <%= 7*7 %>",
    "overrides": "\u202eecaep\u202c \u2066war\u2069 talks",
    "right-to-left": "\u05e9\u05dc\u05d5\u05dd (abc) 12",
    "controls": "a\u0000b\u001b[31mc\u200bd",
    "second-event": "line\nbreak\r\n\r\nevent: alert\ndata: {}",
    "tags": "\U000e0041\U000e0042 tags",
    "endless": "W" * 5000,
}
CONTROLS = re.compile("[\u0000\u001b\u200b\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


def told(text: str, incident: str = "i") -> Told:
    """Return an alert with the text in every place that takes text."""
    evidence = Evidence(text, 0, len(text), 0.9, (Term(text[:40] or "x", 2.0), Term("(", 1.0)))
    return Told(
        1_762_000_000_000,
        alert(
            incident,
            key=text[:100],
            headline=text,
            url="javascript:window.hit = 1",
            sources=(text[:200],),
            cues=(Cue("military_buildup", 0.9, "occurred", text[:50], -6.5, (evidence,)),),
            actors=(Actor("XXX", text[:100], "source"), Actor("YYY", text[:100], "mentioned")),
            places=(text[:100],),
        ),
    )


def test_hostile_text_is_shown_and_does_nothing(server: PageServer, page: Page) -> None:
    for name, text in HOSTILE.items():
        server.publish(told(text, name))
    page.goto(server.url)
    page.wait_for_selector(".card")

    assert page.locator(".card").count() == len(HOSTILE)
    for name, text in HOSTILE.items():
        page.locator(f".card[data-id={name}] .open").click()
        title = page.locator(f"#detail-title[data-id={name}]")
        words = re.sub(r"\s+", " ", CONTROLS.sub("", text)).strip()[:50]
        assert words in re.sub(r"U\+[0-9A-F]{4,5}", "", title.inner_text()), name
        assert CONTROLS.search(page.locator("body").inner_text()) is None, name
        # Nothing pushes the page wider than the window.
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert page.locator("#detail").evaluate("d => d.scrollWidth <= d.clientWidth"), name
    assert page.evaluate("window.hit") is None
    assert page.locator("main :is(script, img, iframe, h1)").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0


def test_a_direction_override_is_named_and_stays_inside_its_headline(
    server: PageServer, page: Page
) -> None:
    server.publish(told("Talks \u202eover"))
    page.goto(server.url)
    title = page.locator(".card .open")

    assert title.inner_text() == "Talks U+202Eover"
    assert title.locator("bdi[dir=auto]").count() == 1
    assert title.locator(".control").get_attribute("title") == "Control character U+202E"


def test_odd_but_valid_records_do_not_break_the_page(server: PageServer, page: Page) -> None:
    bare = msgspec.structs.replace(
        alert("bare"),
        cues=(),
        actors=(),
        sources=(),
        headline="",
        url=None,
        at=None,
        first_seen=None,
        last_seen=None,
        severity="unheard-of",
    )
    server.publish(Told(0, bare))
    # A sentence that is the headline is not said twice, and nothing is said in its place.
    server.publish(Told(1, alert("same", headline=SENTENCE)))
    server.publish(Told(2**53, alert("late", severity="__proto__", headline="From the future")))
    page.goto(f"{server.url}#incident=bare&severity=&cue=%3Cscript%3E&within=never&country=%22")
    page.wait_for_selector("#detail-title")
    page.get_by_role("button", name="Clear filters").click()
    page.wait_for_function("() => document.querySelectorAll('.card').length === 3")

    assert "bare-1-opened" in page.locator("#detail-title").inner_text()
    words = page.locator("body").inner_text()
    assert re.search(r"null|undefined|NaN|\[object", words) is None


def test_no_script_makes_markup_from_text() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc"
        r"|createContextualFragment|setHTML|\beval\b|new Function|\.cookie"
    )
    scripts = sorted(Path(STATIC).rglob("*.js"))

    assert len(scripts) > 10
    assert [script.name for script in scripts if forbidden.search(script.read_text())] == []


def test_no_file_of_the_page_names_another_server() -> None:
    outside = re.compile(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", re.IGNORECASE)
    allowed = re.compile(r"http://www\.w3\.org/2000/svg")
    files = [each for each in Path(STATIC).rglob("*") if each.is_file()]

    assert [f.name for f in files if outside.search(allowed.sub("", f.read_text()))] == []
