"""Reading the page: filters, the open incident, the keyboard, and help for those who cannot see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from harness import fiction

from streams.delivery.page.brief import brief_of

if TYPE_CHECKING:
    from harness.fiction import Told
    from harness.pages import PageServer
    from playwright.sync_api import Browser, Page

STEPS = fiction.alerts(120)
LATEST = {step.alert.incident: step for step in STEPS}


@pytest.fixture
def filled(server: PageServer, page: Page) -> Page:
    """Return the page with a crisis of a day and a half."""
    server.topic.add_alerts(STEPS)
    server.stop()
    server.start()
    page.goto(server.url)
    page.wait_for_selector("body[data-loaded] .card")
    return page


def shown(page: Page, expected: list[Told]) -> None:
    """Wait until exactly these incidents are listed; fail, showing both, when they never are."""
    wanted = [step.alert.incident for step in sorted(expected, key=lambda step: -step.told)][:40]
    read = "[...document.querySelectorAll('.card')].slice(0, 40).map(c => c.dataset.id).join()"
    try:
        page.wait_for_function(f"wanted => {read} === wanted", arg=",".join(wanted))
    except Exception as error:
        raise AssertionError(f"{page.evaluate(read)} is not {wanted}") from error


def test_filters_by_severity_cue_country_and_words_go_together(filled: Page) -> None:
    filled.get_by_role("checkbox", name="medium").uncheck()
    filled.get_by_role("checkbox", name="low").uncheck()
    loud = [step for step in LATEST.values() if step.alert.severity in ("critical", "high")]
    shown(filled, loud)
    filled.get_by_label("Cue").select_option("armed_clash")
    clashes = [step for step in loud if "armed_clash" in {cue.cue for cue in step.alert.cues}]
    shown(filled, clashes)
    filled.get_by_label("Country").select_option("ETH")
    shown(filled, [step for step in clashes if "ETH" in step.alert.key])
    filled.get_by_role("button", name="Clear filters").click()
    shown(filled, list(LATEST.values()))
    filled.get_by_role("searchbox").fill("serbia AMBASSADOR")
    shown(
        filled,
        [
            step
            for step in LATEST.values()
            if "SRB" in step.alert.key and "ambassador" in step.alert.headline
        ],
    )


def test_a_view_is_shared_by_its_address(filled: Page, browser: Browser) -> None:
    filled.get_by_label("Country").select_option("THA")
    filled.get_by_role("checkbox", name="info").uncheck()
    wanted = [step for step in LATEST.values() if "THA" in step.alert.key]
    shown(filled, wanted)
    filled.locator(".card .open").first.click()
    filled.wait_for_selector("#detail-title")
    title = filled.locator("#detail-title").inner_text()
    other = browser.new_page()
    other.goto(filled.url)
    other.wait_for_selector("#detail-title")

    shown(other, wanted)
    assert other.locator("#detail-title").inner_text() == title
    assert other.get_by_label("Country").input_value() == "THA"
    assert not other.get_by_role("checkbox", name="info").is_checked()
    other.close()


def test_old_incidents_leave_a_filter_by_time(server: PageServer, page: Page) -> None:
    page.clock.install(time=STEPS[-1].told / 1000)
    server.topic.add_alerts(STEPS)
    server.stop()
    server.start()
    page.goto(server.url)
    page.get_by_label("Time").select_option("6h")
    since = STEPS[-1].told - 6 * 3600 * 1000
    recent = [step for step in LATEST.values() if step.told >= since]
    page.clock.run_for(1000)

    assert 0 < len(recent) < len(LATEST)
    shown(page, recent)


def test_an_open_incident_shows_its_whole_life(filled: Page) -> None:
    incident, step = max(LATEST.items(), key=lambda each: each[1].alert.number)
    filled.goto(f"{filled.url.partition('#')[0]}#incident={incident}")
    filled.wait_for_selector("#detail-title")
    detail = filled.locator("#detail")
    text = detail.inner_text()
    marks = filled.locator("#detail mark").all_inner_texts()
    brief = brief_of(step.alert, step.told)

    assert detail.locator(".steps li").count() == step.alert.number
    assert detail.locator(".timeline .mark").count() == step.alert.number
    assert all(cue.evidence.text in text for cue in brief.cues if cue.evidence)
    assert {term for cue in brief.cues if cue.evidence for term in cue.evidence.terms} <= set(marks)
    assert all(source in text for source in step.alert.sources)
    assert f"{round(step.alert.confidence * 100)}%" in text
    assert f"{step.alert.source_count} independent" in text


def test_a_link_out_gives_nothing_away(filled: Page) -> None:
    filled.locator(".card .open").first.click()
    link = filled.locator("#detail a[target=_blank]").first

    assert link.get_attribute("rel") == "noopener noreferrer"
    assert (link.get_attribute("href") or "").startswith("https://")


def test_the_keyboard_is_enough(filled: Page) -> None:
    def focused() -> Any:
        return filled.evaluate("document.activeElement.closest('.card')?.dataset.id")

    order = filled.eval_on_selector_all(".card", "cards => cards.map(c => c.dataset.id)")
    filled.keyboard.press("j")
    filled.keyboard.press("j")
    assert focused() == order[1]
    filled.keyboard.press("k")
    assert focused() == order[0]
    filled.keyboard.press("Enter")
    filled.wait_for_function("() => document.activeElement.id === 'detail-title'")
    filled.keyboard.press("Escape")
    filled.wait_for_function("() => !document.body.classList.contains('reading')")
    assert focused() == order[0]
    filled.keyboard.press("/")
    assert filled.evaluate("document.activeElement.id") == "q"
    filled.keyboard.type("j?")  # while typing, keys are letters
    assert filled.get_by_role("searchbox").input_value() == "j?"
    filled.keyboard.press("Escape")
    filled.keyboard.press("?")
    assert filled.get_by_role("dialog", name="Keys").is_visible()


@pytest.mark.parametrize("width", [320, 390, 1000, 1440])
def test_no_button_breaks_in_its_words_and_nothing_sticks_out(filled: Page, width: int) -> None:
    filled.set_viewport_size({"width": width, "height": 800})
    lines = filled.eval_on_selector_all(
        ".top button, .filters button, .windows button",
        """buttons => buttons.filter(b => b.offsetParent).map(b => {
             const range = document.createRange();
             range.selectNodeContents(b);
             return [b.textContent, new Set([...range.getClientRects()].map(r => r.bottom)).size];
        })""",
    )

    assert lines
    assert [text for text, count in lines if count > 1 and "?" not in text] == []
    assert filled.evaluate("document.documentElement.scrollWidth") <= width


def test_focus_stays_where_it_was_when_the_list_moves(filled: Page, server: PageServer) -> None:
    for _ in range(3):
        filled.keyboard.press("j")
    before = filled.evaluate("document.activeElement.closest('.card').dataset.id")
    step = fiction.next_step(LATEST[before].alert)
    server.publish(fiction.Told(STEPS[-1].told + 1000, step))
    filled.get_by_text(step.headline).first.wait_for()

    assert filled.evaluate("document.activeElement.closest('.card')?.dataset.id") == before
    assert filled.locator(".card").first.get_attribute("data-id") == before


def test_a_summary_is_read_out_when_alerts_come(filled: Page, server: PageServer) -> None:
    step = fiction.next_step(STEPS[-1].alert)
    server.publish(fiction.Told(STEPS[-1].told + 1000, step))
    filled.wait_for_function("() => document.getElementById('announcer').textContent !== ''")

    assert filled.locator("#announcer").inner_text().startswith("1 new alert")
    assert filled.locator("#announcer").get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390], ids=["desk", "phone"])
def test_axe_finds_no_fault(server: PageServer, browser: Browser, scheme: Any, width: int) -> None:
    """axe-core's rules for WCAG 2.2 A and AA and its best practices, contrast among them."""
    for step in STEPS[-15:]:
        server.publish(step)
    server.publish_tension(fiction.tension(STEPS[-15:]))
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
        bypass_csp=True,  # for axe itself, which is a script of the test's
    )
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_selector("body[data-loaded] .card")
    faults = _faults(page)
    page.locator(".card .open").first.click()
    page.wait_for_selector("#detail-title")

    assert faults + _faults(page) == []
    context.close()


def _faults(page: Page) -> list[str]:
    return [
        f"{fault['id']}: {node['target']} {node.get('failureSummary', '')}"
        for fault in Axe().run(page).response["violations"]
        for node in fault["nodes"][:3]
    ]
