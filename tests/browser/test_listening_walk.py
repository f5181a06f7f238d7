"""A community manager listens for a day, in French and by keyboard alone: a checker looks on.

Nothing is clicked. Wherever the keyboard arrives, the focus is seen and within the window.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Served
from tests.browser.test_access import _judged, _opened

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

IS_SEEN = """one => {
    const style = getComputedStyle(one);
    const place = one.getBoundingClientRect();
    const marked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const within = place.bottom > 0 && place.top < innerHeight && place.right > 0;
    return one === document.activeElement && within && (marked || style.boxShadow !== 'none');
}"""
MOST = 260
"""Steps with the Tab key after which a page is too long for a keyboard."""


class Walk:
    """A window in which only keys are pressed."""

    def __init__(self, browser: Browser, served: Served, state: str) -> None:
        self.page, self.wrong = _opened(browser, "fr", "light", 1280, state=state)
        self.address = served.address

    def to(self, path: str) -> Page:
        """Open a page by its address, and leave its navigation behind."""
        self.page.goto(self.address + path)
        self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")
        expect(self.page.locator("main")).to_be_focused()
        return self.page

    def reach(self, selector: str) -> Locator:
        """Walk with the Tab key to the first thing so described, and see the focus on it."""
        wanted = self.page.locator(selector).first
        wanted.wait_for()
        aim = wanted.element_handle()
        for _step in range(MOST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("aim => aim === document.activeElement", aim):
                # The page may still be scrolling there.
                self.page.wait_for_function(IS_SEEN, arg=aim, timeout=5_000)
                return wanted
        pytest.fail(f"the keyboard does not reach {selector} of {self.page.url}")

    def write(self, selector: str, words: str) -> None:
        """Walk to a field and write."""
        self.reach(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)

    def press(self, selector: str, key: str = "Enter") -> None:
        """Walk to a link or a button, and press it."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def look(self, name: str) -> None:
        """Let the checker look at the page as it is now."""
        # While one types, htmx notes each answer that it no longer waits for.
        self.wrong[:] = [one for one in self.wrong if not one.startswith("htmx:")]
        assert _judged(self.page, self.wrong, f"walk-{name}", "fr", "light", 1280) == []


@pytest.fixture
def walk(browser: Browser, served: Served, signed_in: str) -> Walk:
    """Return a window in which a community manager is signed in."""
    return Walk(browser, served, signed_in)


def test_a_query_is_written_corrected_and_kept(walk: Walk) -> None:
    page = walk.to("/listening/queries/")
    walk.press("main a[href$='/queries/new/']")
    walk.write("#words", "wifi OU (moodle")
    expect(page.locator("#preview pre")).to_contain_text("^", timeout=30_000)
    expect(page.locator("#words")).to_be_focused()
    walk.look("query-mistake")
    page.keyboard.type(" OU ent)")
    expect(page.locator("#preview .caught")).to_be_visible(timeout=30_000)
    expect(page.locator("#words")).to_be_focused()
    walk.look("query-caught")
    walk.write("#title", "Wifi et plateformes")
    walk.write("#purpose", "Voir une panne avant le téléphone.")
    walk.write("#office", "Communication")
    walk.press("main form button[value=keep]")
    expect(page.locator("h1")).to_have_text("Wifi et plateformes")
    walk.press("section[aria-labelledby=catches] a[href*='/mentions/?query=']")
    expect(page.locator("main li.post").first).to_be_visible()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('li.post') !== null")


def test_a_spike_is_understood(walk: Walk) -> None:
    page = walk.to("/listening/spikes/")
    walk.press("li.post .post-words a")
    walk.look("spike")
    walk.press("main td a[href*='term='], main th a[href*='term=']")
    expect(page.locator("#posts")).to_contain_text("Publications qui disent")
    expect(page.locator("#posts ~ ol li.post").first).to_be_visible()


def test_texts_are_labelled_and_the_machine_is_taught_by_single_keys(walk: Walk) -> None:
    page = walk.to("/listening/check/")
    walk.press("form:has(input[value=intent]) :is(button, a.button)")
    assert "/listening/check/intent/" in page.url
    assert page.evaluate("document.activeElement.closest('form.answering') !== null")
    walk.look("check")
    done = int(page.locator("#done").get_attribute("value") or 0)
    for _text in range(2):
        page.keyboard.press("1")
        assert page.evaluate("document.activeElement !== document.body")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.locator("#done")).to_have_attribute("value", str(done + 2))
    page.goto(f"{walk.address}/listening/teach/tone/")
    expect(page.locator("form.answering")).to_be_focused()
    before = page.locator("form.answering input[name=post]").input_value()
    with page.expect_navigation():
        page.keyboard.press("1")
    assert page.locator("form.answering input[name=post]").input_value() != before
    assert page.evaluate("document.activeElement !== document.body")
    walk.look("teach")


def test_the_calendar_and_an_alert_are_set(walk: Walk) -> None:
    page = walk.to("/listening/calendar/")
    walk.write("#title_fr", "Forum des métiers")
    walk.reach("#first_day")
    page.keyboard.type("12122026")
    walk.press("main form button[value=keep]")
    expect(page.locator("tbody th", has_text="Forum des métiers").first).to_be_visible()
    walk.to("/listening/alerts/")
    walk.reach("#query")
    page.keyboard.type("Num")
    walk.reach("#kind-urgent")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#kind-spike")).to_be_checked()
    walk.reach("#by-feed")
    page.keyboard.press("Space")
    walk.press("form:has(#by-feed) button[value=keep]")
    row = page.locator("tbody tr", has_text="erin").first
    expect(row).to_contain_text("Plus que d’habitude")
    walk.look("alerts")


def test_a_theme_is_named_and_merged(walk: Walk) -> None:
    page = walk.to("/listening/themes/")
    walk.press("main tbody a[href*='theme=']")
    walk.write("#name", "Vie du campus")
    walk.press("button[value=name]")
    expect(page.locator("#chosen")).to_have_text("Vie du campus")
    walk.look("theme")
    walk.reach("#into")
    page.keyboard.press("ArrowDown")
    walk.press("button[value=merge]")
    expect(page.locator("button[value=part]").first).to_be_visible()


def test_an_author_is_asked(walk: Walk) -> None:
    page = walk.to("/listening/belonging/")
    walk.press("li.post a.button")
    walk.write("#purpose", "la page d’accueil des nouveaux")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/consent/" in walk.reach("#words").input_value()
    walk.look("consent-asked")
    walk.press("a[href$='/listening/consents/']")


def test_a_wall_is_opened_kept_in_order_and_closed(walk: Walk, browser: Browser) -> None:
    page = walk.to("/culture/walls/")
    walk.press("a[href$='/walls/new/']")
    walk.write("#title", "Optique, cours 3")
    walk.write("#hashtag", "#optique3")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    student, _wrong = _opened(browser, "fr", "light", 1280, state=None)
    student.goto(f"{walk.address}/wall/optique3/")
    student.locator("#question").focus()
    student.keyboard.type("Pourquoi le ciel est-il bleu ?")
    student.keyboard.press("Tab")
    student.keyboard.press("Enter")
    student.get_by_role("status").first.wait_for()
    student.context.close()
    expect(page.locator("#news a, #question-1").first).to_be_visible(timeout=15_000)
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("#question-1")).to_be_focused()
    walk.look("wall")
    with page.expect_navigation():
        page.keyboard.press("a")
    walk.press("main nav a[href='?show=shown']")
    expect(page.locator("#question-1")).to_contain_text("ciel")
    page.keyboard.press("Home")
    walk.press("button[value=close]")
    expect(page.locator("button[value=erase]")).to_be_visible()
    walk.look("wall-closed")
