"""A keyboard is enough, and so is a browser without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import Served
from vigie.web.institutions import plain

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_slash_finds_an_institution(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    page.goto(served.address)
    page.keyboard.press("/")
    page.keyboard.type(served.institutions[0].split("-")[-1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/institutions/?q=*")
    expect(page.locator("tbody tr").first).to_be_visible()


def test_first_tab_offers_to_skip_to_the_content(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    page.goto(f"{served.address}/index/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_j_and_k_walk_the_rows(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    page.goto(f"{served.address}/institutions/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tbody tr").nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(page.locator("tbody tr").nth(0)).to_have_attribute("aria-current", "true")


def test_question_mark_shows_the_keys(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    page.goto(served.address)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_column_header_sorts_the_table(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    page.goto(f"{served.address}/institutions/")
    header = page.locator("thead th").first
    header.get_by_role("button").click()
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    names = page.locator("tbody th").all_inner_texts()
    assert names == sorted(names, key=plain, reverse=True)


def test_language_switch_leads_back_to_the_same_page(
    context: BrowserContext, served: Served
) -> None:
    page = context.new_page()
    page.goto(f"{served.address}/institutions/?q=a")
    page.get_by_role("link", name="Français").click()
    assert "q=a" in page.url
    assert page.locator("html").get_attribute("lang") == "fr"
    page.goto(f"{served.address}/method/")
    assert page.locator("html").get_attribute("lang") == "fr"


def test_everything_reads_without_script(browser: Browser, served: Served) -> None:
    window = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = window.new_page()
    page.goto(f"{served.address}/index/")
    expect(page.locator("section > .table tbody tr").first).to_be_visible()
    page.get_by_role("link", name="Français").click()
    assert page.locator("html").get_attribute("lang") == "fr"
    window.close()


def test_page_follows_the_readers_dark(browser: Browser, served: Served) -> None:
    window = browser.new_context(color_scheme="dark")
    page = window.new_page()
    page.goto(served.address)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(20, 23, 27)"
    window.close()
