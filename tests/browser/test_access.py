"""An automatic checker finds nothing: either language, light and dark, narrow and wide."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import Served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PUBLIC = (
    "/", "/index/", "/institutions/", "/institutions/{one}/", "/compare/",
    "/compare/?with={one},{two},{three}", "/method/", "/history/", "/sector/", "/sign-in/",
    "/nowhere/",
)  # fmt: skip
CLOSED = ("/sources/", "/register/", "/register/updates/")
LOOKS = tuple(
    (language, scheme, width)
    for language in ("fr", "en")
    for scheme in ("light", "dark")
    for width in (320, 1280)
)


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
@pytest.mark.parametrize("path", PUBLIC)
def test_checker_finds_nothing_on_a_public_page(
    browser: Browser, served: Served, path: str, language: str, scheme: str, width: int
) -> None:
    assert _wrong(browser, served, path, language, scheme, width) == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
@pytest.mark.parametrize("path", CLOSED)
def test_checker_finds_nothing_on_a_closed_page(
    browser: Browser, served: Served, signed_in: str, path: str, scheme: str, width: int
) -> None:
    assert _wrong(browser, served, path, "fr", scheme, width, state=signed_in) == []


def _wrong(
    browser: Browser,
    served: Served,
    path: str,
    language: str,
    scheme: str,
    width: int,
    *,
    state: str | None = None,
) -> list[str]:
    """Open a page as a reader would; return what the checker, the policy and the width refuse."""
    window = browser.new_context(
        color_scheme=scheme,  # type: ignore[arg-type]  # one of two words
        locale={"fr": "fr-FR", "en": "en-GB"}[language],
        viewport={"width": width, "height": 900},
        storage_state=state,
    )
    page = window.new_page()
    wrong: list[str] = []
    page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    one, two, three = served.institutions[:3]
    page.goto(served.address + path.format(one=one, two=two, three=three))
    if "nowhere" in path:
        wrong.clear()  # the browser reports the 404 itself
    found = Axe().run(page).response["violations"]
    wrong += [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if overflow > 0:
        wrong.append(f"the page is {overflow} px wider than the window")
    if page.locator("h1").count() != 1:
        wrong.append("the page has not one h1")
    _keep_picture(page, path, language, scheme, width)
    window.close()
    return wrong


def _keep_picture(page: object, path: str, language: str, scheme: str, width: int) -> None:
    """Keep a picture of the page where ``PICTURES`` says, to be looked at."""
    folder = os.environ.get("PICTURES")
    if folder:
        name = path.strip("/").replace("/", "-").split("?")[0].replace("{", "").replace("}", "")
        file = Path(folder) / f"{name or 'home'}-{language}-{scheme}-{width}.png"
        page.screenshot(path=file, full_page=True)  # type: ignore[attr-defined]
