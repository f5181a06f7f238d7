"""An administrator furnishes the rooms of the inbox in French, by keyboard alone.

A service with its hours, its closed days and its correspondent, a rule that is tried before it is
on, a form with its greeting, and the log that says all of it. A checker looks at each page.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser.conftest import Served
from tests.browser.test_access import _judged, _opened
from tests.browser.test_inbox_play import go, reach

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

HERE = ("fr", "light", 1280)
SERVICE = "Objets trouvés"
SELDOM_SEEN = (
    "/inbox/?state=unwanted", "/inbox/boxes/demo-mail/", "/inbox/boxes/demo-mail/?show=quarantine",
    "/inbox/boxes/demo-mail/?show=connection", "/inbox/services/scolarite/?show=sharing",
    "/inbox/saved-replies/1/",
)  # fmt: skip


class Walk:
    """A person at a keyboard, and the checker behind them."""

    def __init__(self, page: Page, wrong: list[str], address: str) -> None:
        self.page, self.wrong, self.address = page, wrong, address

    def look(self, name: str) -> None:
        """Let the checker look at the page as it is now."""
        assert _judged(self.page, self.wrong, f"rooms-{name}", *HERE) == []

    def write(self, field: str, words: str) -> None:
        """Walk to a field and type."""
        reach(self.page, self.page.locator(field), most=200)
        self.page.keyboard.type(words)

    def fill(self, field: str, wanted: str, *ways: str) -> None:
        """Type a time or a day as this browser writes them: the order of its parts differs."""
        place = self.page.locator(field)
        for typed in ways:
            reach(self.page, place, most=200)
            self.page.keyboard.type(typed)
            if place.input_value() == wanted:
                return
            _back_to_its_first_part(self.page, place)
        assert place.input_value() == wanted

    def press(self, button: Locator) -> None:
        """Walk to a button, press it, and wait for the page it leads to."""
        reach(self.page, button, most=200)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def follow(self, name: str) -> None:
        """Walk to a link and follow it."""
        with self.page.expect_navigation():
            go(self.page, name)


def _back_to_its_first_part(page: Page, place: Locator) -> None:
    place.evaluate("one => one.blur()")
    page.evaluate("document.activeElement.blur()")


def reach_from_the_end(page: Page, wanted: Locator) -> None:
    """Walk backwards: a long list stands before what comes after it."""
    for _step in range(40):
        page.keyboard.press("Shift+Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"the keyboard does not reach {wanted} from the end")


@pytest.fixture
def walk(browser: Browser, served: Served, signed_in: str) -> Walk:
    """Erin, signed in, before the list of the inbox."""
    page, wrong = _opened(browser, *HERE, state=signed_in)
    page.goto(f"{served.address}/inbox/")
    return Walk(page, wrong, served.address)


def adds_a_service(walk: Walk) -> None:
    walk.follow("Services")
    walk.look("map")
    walk.write("#name", SERVICE)
    with walk.page.expect_navigation():
        walk.page.keyboard.press("Enter")
    walk.look("service")
    walk.write("#correspondent-name", "Léa Perdrix")
    walk.write("#correspondent-mail", "lea.perdrix@port-laurent.example")
    walk.press(walk.page.locator("button[value=people]"))
    assert "nobody" not in walk.page.content()
    walk.look("correspondent")


def keeps_its_hours(walk: Walk) -> None:
    walk.follow("Horaires")
    walk.fill("[name=day-0-0-starts]", "08:30", "0830AM")
    walk.fill("[name=day-0-0-ends]", "12:15", "1215PM")
    walk.fill("[name=day-0-1-starts]", "13:45", "1345", "0145PM")
    reach(walk.page, walk.page.locator("#like_monday"), most=200)
    walk.page.keyboard.press("Space")
    walk.press(walk.page.locator("button[value=hours]"))
    assert walk.page.locator("[name=day-4-0-ends]").input_value() == "12:15"
    walk.look("hours")
    walk.follow("Jours fermés")
    walk.write("#name", "Inventaire")
    walk.fill("#first_day", "2031-03-12", "03122031", "12032031")
    walk.press(walk.page.locator("button[value=close]"))
    walk.page.get_by_text("Inventaire").first.wait_for()
    walk.look("closures")


def invites_its_correspondent(walk: Walk, browser: Browser) -> None:
    walk.page.goto(f"{walk.address}/settings/people/")
    walk.follow("Léa Perdrix")
    walk.write("#username", "lea")
    walk.press(walk.page.locator("button[value=sign_in]"))
    walk.look("invited")
    link = walk.page.locator("main code").inner_text()
    page, wrong = _opened(browser, "fr", "dark", 320, state=None)
    page.goto(f"{walk.address}/welcome/{link.partition('/welcome/')[2]}")
    page.locator("#new").wait_for()
    assert _judged(page, wrong, "rooms-welcome", "fr", "dark", 320) == []
    page.context.close()


def makes_a_rule(walk: Walk) -> None:
    walk.page.goto(f"{walk.address}/inbox/rules/")
    walk.follow("Créer une règle")
    walk.write("#is-words", "perdu, oublié, trouvé")
    walk.write("#service", "Objets")
    walk.write("#name", "Ce qui est perdu")
    walk.page.keyboard.press("Enter")
    walk.page.locator("#trial").wait_for()
    walk.look("trial")
    walk.press(walk.page.locator("button[value=on]"))
    walk.page.get_by_text("compte désormais").wait_for()
    walk.look("rule-on")


def connects_a_form(walk: Walk) -> None:
    walk.page.goto(f"{walk.address}/inbox/boxes/connect/form/")
    walk.write("#label", "Objets trouvés")
    walk.press(walk.page.locator("button[value=connect]"))
    walk.look("box")
    walk.follow("Message d’accueil automatique")
    reach(walk.page, walk.page.locator("[name=when]:checked"), most=200)
    walk.page.keyboard.press("ArrowDown")
    walk.write("#words_fr", "Bonjour {name}, {service} vous répond sous deux jours.")
    walk.press(walk.page.locator("button[value=greet]"))
    assert "{service} vous répond" in walk.page.locator("#words_fr").input_value()
    walk.look("greeting")


def looks_at_the_import(walk: Walk) -> None:
    walk.page.goto(f"{walk.address}/inbox/boxes/connect/archive/")
    walk.write("#label", "Anciens messages")
    walk.write("[name$=own_name]", "Université de Port-Laurent")
    walk.press(walk.page.locator("button[value=connect]"))
    walk.follow("Reprendre d’anciens messages")
    walk.look("import")


def reads_the_log(walk: Walk) -> None:
    walk.page.goto(f"{walk.address}/settings/log/")
    walk.page.get_by_text("Objets trouvés").first.wait_for()
    walk.look("log")
    reach_from_the_end(walk.page, walk.page.get_by_role("link", name="CSV"))
    with walk.page.expect_download() as download:
        walk.page.keyboard.press("Enter")
    kept = download.value.path().read_text("utf-8-sig")
    for action in ("service.add", "service.people", "inbox.hours", "inbox.close_days",
                   "person.sign_in", "inbox.rule_on", "inbox.box", "inbox.greeting"):  # fmt: skip
        assert action in kept


def test_rooms_are_furnished_by_keyboard_alone(walk: Walk, browser: Browser) -> None:
    adds_a_service(walk)
    keeps_its_hours(walk)
    invites_its_correspondent(walk, browser)
    makes_a_rule(walk)
    connects_a_form(walk)
    looks_at_the_import(walk)
    reads_the_log(walk)
    walk.page.context.close()


def test_checker_finds_nothing_in_rooms_that_are_seldom_seen(
    browser: Browser, served: Served, signed_in: str
) -> None:
    page, wrong = _opened(browser, "fr", "dark", 320, state=signed_in)
    for path in SELDOM_SEEN:
        page.goto(served.address + path)
        assert _judged(page, wrong, path.replace("?", "-"), "fr", "dark", 320) == []
    page.goto(f"{served.address}/inbox/")
    page.locator("[name=chosen]").first.check()
    page.locator("button[value=unwanted]").click()
    page.locator("button[name=sure]").wait_for()
    assert _judged(page, wrong, "several", "fr", "dark", 320) == []
    page.context.close()
