"""A head of communication sets up a service, a rule and a box: the checker finds nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Served
from tests.browser.test_access import _judged, _opened

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LOOKS = [("fr", "light", 320), ("en", "dark", 1280)]
VIEWS = ("people", "facts", "hours", "closures", "targets", "topics", "sharing")


def test_checker_finds_nothing_while_a_service_is_set_up(
    browser: Browser, served: Served, signed_in: str
) -> None:
    page, wrong = _opened(browser, "en", "light", 1280, state=signed_in)
    page.goto(f"{served.address}/inbox/services/")
    page.get_by_label("Name", exact=True).fill("Lost property")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="Lost property").wait_for()
    address = page.url
    _rule(page, served)
    page.context.close()
    for language, scheme, width in LOOKS:
        page, wrong = _opened(browser, language, scheme, width, state=signed_in)
        for view in VIEWS:
            page.goto(f"{address.split('?')[0]}?show={view}")
            assert _judged(page, wrong, f"service-{view}", language, scheme, width) == []
        for path in ("services", "rules", "rules/new", "boxes", "boxes/connect/mail", "targets"):
            page.goto(f"{served.address}/inbox/{path}/")
            assert _judged(page, wrong, f"inbox-{path}", language, scheme, width) == []
        _refused(page, address, wrong)
        assert _judged(page, wrong, "service-mistake", language, scheme, width) == []
        page.context.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_menu_of_who_may_go_everywhere_stands_on_one_line(
    browser: Browser, served: Served, signed_in: str, language: str
) -> None:
    page, _wrong = _opened(browser, language, "light", 1280, state=signed_in)
    page.goto(f"{served.address}/inbox/rules/")
    tops = page.eval_on_selector_all(".ways li", "all => all.map(one => one.offsetTop)")
    assert (len(tops), len(set(tops))) == (10, 1)
    page.context.close()


def _rule(page: Page, served: Served) -> None:
    """Make a rule by keyboard alone, and look at its trial."""
    page.goto(f"{served.address}/inbox/rules/")
    page.get_by_role("link", name="Make a rule").first.click()
    page.locator("#is-words").focus()
    page.keyboard.type("lost, umbrella")
    page.locator("#service").focus()
    page.keyboard.type("Lost property")
    page.locator("#name").focus()
    page.keyboard.type("Umbrellas")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Switch it on").wait_for()


def _refused(page: Page, address: str, wrong: list[str]) -> None:
    """Enter half a period: the mistake stands beside it."""
    page.goto(f"{address.split('?')[0]}?show=hours")
    page.locator("[name=day-0-1-ends]").fill("")
    page.locator("[name=day-0-1-starts]").fill("13:00")
    page.locator("button[name=do][value=hours]").click()
    page.locator(".field-mistake").first.wait_for()
    wrong.clear()  # a browser notes every answer that refuses, as this one should
