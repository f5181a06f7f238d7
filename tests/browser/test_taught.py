"""A head of communication reads what the inbox teaches and drafts an answer: axe finds nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Served
from tests.browser.test_access import _judged, _opened

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LOOKS = [("fr", "light", 320), ("en", "dark", 1280)]
PAGES = {
    "figures": "inbox/figures/",
    "counted": "inbox/figures/conversations/?which=late",
    "causes": "inbox/causes/?service=scolarite",
    "faq": "inbox/faq/",
    "changes": "inbox/changes/",
    "opinions": "inbox/opinions/",
    "quarter": "inbox/quarter/",
    "service-quarter": "inbox/quarter/scolarite/",
    "public-changes": "changes/universite-de-port-laurent/",
}


def test_checker_finds_nothing_in_what_the_inbox_teaches(
    browser: Browser, served: Served, signed_in: str
) -> None:
    page, wrong = _opened(browser, "en", "light", 1280, state=signed_in)
    page.goto(f"{served.address}/{PAGES['causes']}")
    page.get_by_role("button", name="Draft an answer").first.click()
    page.get_by_role("heading", name="What should the page say?").wait_for()
    entry = page.url
    page.get_by_role("button", name="A page answers it now").click()
    page.get_by_role("alert").wait_for()
    wrong.clear()  # a browser notes every answer that refuses, as this one should
    assert _judged(page, wrong, "faq-mistake", "en", "light", 1280) == []
    page.context.close()
    for language, scheme, width in LOOKS:
        page, wrong = _opened(browser, language, scheme, width, state=signed_in)
        for name, path in PAGES.items():
            page.goto(f"{served.address}/{path}")
            assert _judged(page, wrong, name, language, scheme, width) == []
        page.goto(entry)
        assert _judged(page, wrong, "faq-entry", language, scheme, width) == []
        page.context.close()
