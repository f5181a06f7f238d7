"""A wall in a real browser: accessible, without script, by keyboard, and alive by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served
from tests.browser.test_access import LOOKS, _judged, _opened

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A wall, and the page of the teacher who opened it."""

    teacher: Page
    tag: str
    address: str


@pytest.fixture
def wall(
    browser: Browser, served: Served, signed_in: str, request: pytest.FixtureRequest
) -> Iterator[Opened]:
    """Open a wall as a teacher does."""
    window = browser.new_context(locale="en-GB", storage_state=signed_in)
    page = window.new_page()
    tag = "w" + re.sub(r"\W", "", request.node.name)[-40:].lower()
    page.goto(f"{served.address}/culture/walls/new/")
    page.get_by_label("Title of the class").fill("Chemistry, lecture 4: entropy")
    page.locator("#hashtag").fill(f"#{tag}")
    page.get_by_role("button", name="Open the wall").click()
    page.get_by_text("Open: it closes by itself").wait_for()
    yield Opened(teacher=page, tag=tag, address=f"{served.address}/wall/{tag}/")
    window.close()


def ask(browser: Browser, wall: Opened, *questions: str) -> None:
    """Ask from the phone of a student whose browser runs no script."""
    window = browser.new_context(locale="en-GB", java_script_enabled=False)
    page = window.new_page()
    for question in questions:
        page.goto(wall.address)
        page.get_by_role("textbox", name="Your question").fill(question)
        page.get_by_role("button", name="Ask").click()
    window.close()


def approve_all(wall: Opened) -> None:
    wall.teacher.reload()
    while wall.teacher.get_by_role("button", name="Approve").count():
        wall.teacher.get_by_role("button", name="Approve").first.click()


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_checker_finds_nothing_on_a_wall(
    browser: Browser, wall: Opened, language: str, scheme: str, width: int
) -> None:
    ask(browser, wall, "When is the exam?", "Why does entropy grow in a closed system, always?")
    approve_all(wall)
    page, wrong = _opened(browser, language, scheme, width, state=None)
    for path in ("", "projected/", "../", "../?code=ZZZZ"):
        page.goto(wall.address + path)
        if "ZZZZ" in path:
            wrong.clear()  # the browser reports the 404 itself
        assert _judged(page, wrong, f"wall-{path or 'page'}", language, scheme, width) == []
    page.context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_checker_finds_nothing_where_a_teacher_keeps_order(
    browser: Browser, served: Served, signed_in: str, wall: Opened, scheme: str, width: int
) -> None:
    ask(
        browser, wall, "How do we compute the standard entropy of water?",
        "How do we compute the standard entropy of ice?",
    )  # fmt: skip
    page, wrong = _opened(browser, "fr", scheme, width, state=signed_in)
    for place, path in enumerate((wall.teacher.url, f"{served.address}/culture/walls/new/",
                                  f"{served.address}/culture/walls/")):  # fmt: skip
        page.goto(path)
        assert _judged(page, wrong, f"teacher-{place}", "fr", scheme, width) == []
    page.context.close()


def test_checker_finds_nothing_where_a_question_was_refused_or_the_wall_is_closed(
    browser: Browser, wall: Opened
) -> None:
    page, wrong = _opened(browser, "fr", "dark", 320, state=None)
    page.goto(wall.address)
    page.locator("#question").fill("??")
    page.locator("#ask button").click()
    page.locator(".mistake-summary").wait_for()
    wrong.clear()  # a browser notes every answer that refuses, as this one should
    assert _judged(page, wrong, "wall-mistake", "fr", "dark", 320) == []
    wall.teacher.get_by_role("button", name="Close the wall").click()
    page.goto(wall.address)
    assert _judged(page, wrong, "wall-closed", "fr", "dark", 320) == []
    page.context.close()


def test_question_appears_without_loading_the_page_and_the_keyboard_stays_where_it_was(
    browser: Browser, wall: Opened
) -> None:
    page, _wrong = _opened(browser, "en", "light", 1280, state=None)
    page.goto(wall.address)
    page.get_by_role("textbox", name="Your question").fill("When is the exam?")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("is with the teacher")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your question")).to_have_value("")
    approve_all(wall)
    expect(page.locator("#question-1")).to_contain_text("When is the exam?", timeout=15_000)
    page.context.close()


def test_me_too_keeps_the_focus_on_its_button(browser: Browser, wall: Opened) -> None:
    ask(browser, wall, "When is the exam?")
    approve_all(wall)
    page, wrong = _opened(browser, "en", "light", 1280, state=None)
    page.goto(wall.address)
    button = page.get_by_role("button", name="Me too")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#vote-1")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#vote-1")).to_be_focused()
    expect(page.locator("#question-1 .asked-people strong")).to_have_text("2")
    assert wrong == []
    page.context.close()


def test_projected_page_refreshes_itself(browser: Browser, wall: Opened) -> None:
    page, wrong = _opened(browser, "en", "light", 1280, state=None)
    page.goto(wall.address + "projected/")
    ask(browser, wall, "When is the exam?")
    approve_all(wall)
    expect(page.locator(".projected-words")).to_have_text("When is the exam?", timeout=15_000)
    assert wrong == []
    page.context.close()


def test_letters_of_the_projected_page_are_read_from_the_back_row(
    browser: Browser, wall: Opened
) -> None:
    ask(browser, wall, "When is the exam?")
    approve_all(wall)
    page, _wrong = _opened(browser, "en", "light", 1920, state=None)
    page.goto(wall.address + "projected/")
    size = page.locator(".projected-words").evaluate(
        "one => parseFloat(getComputedStyle(one).fontSize)"
    )
    # A letter of 1/35 of the height of the picture is read from eight heights away.
    assert size >= 1080 / 35
    page.context.close()


def test_teacher_keeps_order_by_keyboard(browser: Browser, wall: Opened) -> None:
    ask(browser, wall, "When is the exam?", "Is it before Christmas?", "Who corrects it?")
    page = wall.teacher
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("#question-1")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("#question-2")).to_be_focused()
    page.keyboard.press("h")
    expect(page.locator("#question-3")).to_be_focused()
    page.keyboard.press("m")
    expect(page.locator("#into-3")).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Question 3 is merged into 1.")).to_be_visible()
    page.goto(page.url.split("?")[0] + "?show=shown")
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.get_by_text("No question waits for an answer.")).to_be_visible()


def test_letters_do_nothing_while_one_writes(browser: Browser, wall: Opened) -> None:
    ask(browser, wall, "When is the exam?")
    page = wall.teacher
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("m")
    page.keyboard.type("ah")
    expect(page.locator("#into-1")).to_have_value("ah")
    expect(page.locator("#question-1")).to_be_visible()
