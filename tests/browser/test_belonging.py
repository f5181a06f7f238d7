"""An author is asked and answers in a real browser: accessible, and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served
from tests.browser.test_access import LOOKS, _judged, _opened
from tests.web.test_belonging import label, post
from vigie.columns import table_of
from vigie.model import Label, Mention
from vigie.settings import Settings
from vigie.store.store import open_store

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="session")
def proud(served: Served) -> None:
    """Posts that show belonging, one for each author who is asked."""
    posts = [post(f"proud-{number}") for number in range(12)]
    with open_store(Settings(home=served.home)).intake() as intake:
        intake.add("mentions", table_of(Mention, posts))
        intake.add("labels", table_of(Label, [label(one, "belonging") for one in posts]))
        intake.commit()


def request(page: Page, served: Served, *, way: str = "direct") -> str:
    """Ask the author of the next post; return the link they get."""
    page.goto(f"{served.address}/listening/belonging/")
    with page.expect_navigation():
        page.locator(".post a.button").first.click()
    page.locator("#purpose").fill("on our page for new students")
    page.locator("#way").select_option(way)
    with page.expect_navigation():
        page.locator("main form button").click()
    (path,) = re.findall(r"/consent/[^/\s]+/", page.locator("#words").input_value())
    return served.address + path


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS[::3])
def test_checker_finds_nothing_from_the_request_to_the_withdrawal(
    browser: Browser, served: Served, signed_in: str, proud: None,
    language: str, scheme: str, width: int,
) -> None:  # fmt: skip
    page, wrong = _opened(browser, language, scheme, width, state=signed_in)
    look = (language, scheme, width)
    page.goto(f"{served.address}/listening/belonging/")
    assert _judged(page, wrong, "belonging", *look) == []
    with page.expect_navigation():
        page.locator(".post a.button").first.click()
    assert _judged(page, wrong, "ask-consent", *look) == []
    link = request(page, served, way="reply")
    assert _judged(page, wrong, "consent-asked", *look) == []
    page.goto(link)
    assert _judged(page, wrong, "consent", *look) == []
    with page.expect_navigation():
        page.locator("button[value=yes]").click()
    assert _judged(page, wrong, "consent-yes", *look) == []
    page.goto(f"{served.address}/listening/consents/")
    assert _judged(page, wrong, "consents", *look) == []
    page.goto(link)
    with page.expect_navigation():
        page.locator("button[value=withdraw]").click()
    assert _judged(page, wrong, "consent-withdrawn", *look) == []
    page.context.close()


def test_author_answers_without_script_and_without_an_account(
    browser: Browser, served: Served, signed_in: str, proud: None
) -> None:
    editor = browser.new_context(locale="en-GB", storage_state=signed_in).new_page()
    editor.goto(f"{served.address}/listening/belonging/")
    askable = editor.locator(".post", has=editor.locator("a.button")).first
    words = askable.locator(".post-words").inner_text()
    link = request(editor, served)
    page = browser.new_context(locale="en-GB", java_script_enabled=False).new_page()
    page.goto(link)
    expect(page.get_by_text(words)).to_be_visible()
    page.get_by_label("By this name:").check()
    page.locator("#credit").fill("Dana R.")
    page.get_by_role("button", name="Yes, you may show it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You said yes. Thank you!")
    editor.goto(f"{served.address}/listening/consents/")
    expect(editor.get_by_role("cell", name="Dana R.")).to_be_visible()
    page.get_by_role("button", name="Take my yes back").click()
    editor.reload()
    expect(editor.get_by_text("Dana R.")).to_have_count(0)
    expect(editor.get_by_text("The author took the yes back.").first).to_be_visible()
    page.context.close()
    editor.context.close()
