"""A stranger asks by keyboard alone, on a phone and on a wide screen; a checker finds nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

COMMAND = (sys.executable, "-c", "from vigie.cli.main import main; main()")


@pytest.fixture(scope="module")
def form(served: Served) -> str:
    """The address of a form of an institution."""
    subprocess.run(
        [*COMMAND, "inbox", "connect", "form", served.institutions[0], "--label", "Ask us"],
        env={**os.environ, "VIGIE_HOME": str(served.home)}, check=True, timeout=120,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return f"{served.address}/ask/ask-us/"


def judged(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [one["id"] for one in found] + (["too wide"] if width > 0 else [])


@pytest.mark.parametrize(("language", "scheme", "width"), [
    ("fr", "dark", 320), ("en", "light", 1280),
])  # fmt: skip
def test_stranger_asks_by_keyboard_alone(
    browser: Browser, form: str, language: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]  # one of those it knows
        java_script_enabled=True,
    )
    page = context.new_page()
    page.goto(f"{form}?language={language}")
    assert judged(page) == []
    page.focus("#words")
    page.keyboard.type("À quelle heure ouvre la bibliothèque ?")
    page.keyboard.press("Tab")
    page.keyboard.type("marie@nowhere")
    page.keyboard.press("Enter")
    page.locator("#mistakes").wait_for()
    assert judged(page) == []
    page.fill("#mail", "")
    page.focus("#mail")
    page.keyboard.type("marie@example.org")
    page.wait_for_timeout(3200)
    page.keyboard.press("Enter")
    page.locator("strong.code").wait_for()
    assert judged(page) == []
    context.close()


def test_form_works_without_script(browser: Browser, form: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{form}?language=en")
    page.fill("#words", "When do you open?")
    page.fill("#mail", "marie@example.org")
    page.wait_for_timeout(3200)
    page.get_by_role("button", name="Send the question").click()
    page.get_by_text("We have your question").first.wait_for()
    context.close()
