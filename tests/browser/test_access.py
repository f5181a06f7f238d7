"""An automatic checker finds nothing: either language, light and dark, narrow and wide."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PUBLIC = (
    "/", "/index/", "/institutions/", "/institutions/{one}/", "/compare/",
    "/compare/?with={one},{two},{three}", "/method/", "/history/", "/sector/", "/sign-in/",
    "/index/responsiveness/", "/institutions/{one}/responsiveness/",
    "/nowhere/",
)  # fmt: skip
CLOSED = (
    "/sources/", "/sources/bluesky/", "/sources/bluesky/?show=journal",
    "/sources/bluesky/?show=quarantine", "/sources/bluesky/?show=rules", "/sources/x/",
    "/sources/webhooks/meta/", "/register/", "/register/updates/", "/institutions/{one}/reply/",
    "/sources/discovery/", "/sources/discovery/?institution={one}", "/culture/",
    "/culture/practices/new/",
)  # fmt: skip
LISTENING = (
    "/listening/", "/listening/queries/", "/listening/queries/new/",
    "/listening/queries/logement/", "/listening/queries/starter/", "/listening/mentions/",
    "/listening/mentions/?query=logement", "/listening/spikes/",
    "/listening/themes/", "/listening/calendar/", "/listening/alerts/", "/listening/check/",
    "/listening/check/intent/", "/listening/check/intent/figures/", "/listening/models/intent/",
    "/listening/register/",
    "/listening/impact/", "/listening/voice/", "/listening/belonging/", "/listening/consents/",
    "/listening/figures/", "/listening/identity/", "/listening/identity/{one}/",
    "/listening/teach/intent/", "/listening/teach/tone/", "/listening/alerts/1/",
    "/listening/mentions/?q=wifi+ET+(", "/listening/mentions/?unanswered=1",
    "/culture/practices/1/", "/culture/walls/1/?show=shown",
)  # fmt: skip
INBOX = (
    "/inbox/", "/inbox/?state=any", "/inbox/contacts/", "/inbox/contacts/?q=zzz",
    "/inbox/contacts/?with=3", "/inbox/contacts/3/", "/inbox/contacts/pairs/",
    "/inbox/contacts/merges/", "/inbox/retention/", "/inbox/contacts/merge/?first=3&second=4",
    "/inbox/contacts/3/export/", "/inbox/contacts/3/forget/",
    "/inbox/3/", "/inbox/3/related/", "/inbox/3/related/?q=bonjour", "/inbox/3/privately/",
    "/inbox/boxes/demo-mail/?show=greeting", "/inbox/saved-replies/", "/inbox/saved-replies/new/",
)  # fmt: skip
SETTINGS = (
    "/settings/people/", "/settings/people/1/", "/settings/log/", "/settings/log/?subject=zzz",
    "/settings/account/",
)  # fmt: skip
POSTS = (
    b"network,post,account,published_at,text\n"
    b"bluesky,1,bluesky:northfield.example,2026-09-30T10:00:00Z,The library opens\n"
    b"bluesky,2,bluesky:northfield.example,no date,Again\n"
)
REGISTER = b"name,country,kind,uai\nNorthfield University,FR,university,0980001A\n"
UNKNOWN = b"Colour,Size\nred,3\nblue,4\n"
CUT_CAPTIONS = """[...document.querySelectorAll("caption:not(.unseen)")]
    .some(one => one.getBoundingClientRect().width > innerWidth)"""
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
@pytest.mark.parametrize("path", CLOSED + LISTENING + INBOX + SETTINGS)
def test_checker_finds_nothing_on_a_closed_page(
    browser: Browser, served: Served, signed_in: str, path: str, scheme: str, width: int
) -> None:
    assert _wrong(browser, served, path, "fr", scheme, width, state=signed_in) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_checker_finds_nothing_while_a_file_comes_in(
    browser: Browser, served: Served, signed_in: str, scheme: str
) -> None:
    page, wrong = _opened(browser, "en", scheme, 320, state=signed_in)
    page.goto(f"{served.address}/sources/")
    page.set_input_files("#file", {"name": "p.csv", "mimeType": "text/csv", "buffer": POSTS})
    page.get_by_role("button", name="Send and look at it").click()
    assert _judged(page, wrong, "looked-at", "en", scheme, 320) == []
    page.get_by_role("button", name="Import it").click()
    page.get_by_text("rows read =").wait_for(timeout=60_000)
    assert _judged(page, wrong, "imported", "en", scheme, 320) == []
    page.context.close()


def test_checker_finds_nothing_while_an_institution_replies(
    browser: Browser, served: Served, signed_in: str
) -> None:
    page, wrong = _opened(browser, "fr", "dark", 320, state=signed_in)
    page.goto(f"{served.address}/institutions/{served.institutions[0]}/reply/")
    page.fill("#words", " ")
    page.locator("button[value=preview]").click()
    page.locator(".field-mistake").wait_for()
    wrong.clear()  # a browser notes every answer that refuses, as this one should
    assert _judged(page, wrong, "reply-mistake", "fr", "dark", 320) == []
    page.fill("#words", "Notre compte a été piraté en mai.")
    page.locator("button[value=preview]").click()
    page.locator("blockquote.reply").wait_for()
    assert _judged(page, wrong, "reply-preview", "fr", "dark", 320) == []
    page.context.close()


@pytest.mark.parametrize("file", ["REGISTER", "UNKNOWN"])
def test_checker_finds_nothing_where_a_person_decides(
    browser: Browser, served: Served, signed_in: str, file: str
) -> None:
    page, wrong = _opened(browser, "en", "light", 320, state=signed_in)
    path = {"REGISTER": "/register/updates/", "UNKNOWN": "/sources/"}[file]
    content = {"REGISTER": REGISTER, "UNKNOWN": UNKNOWN}[file]
    page.goto(served.address + path)
    page.set_input_files("#file", {"name": "r.csv", "mimeType": "text/csv", "buffer": content})
    page.locator("main form button").first.click()
    page.locator("main [type=checkbox], main select").first.wait_for()
    assert _judged(page, wrong, file.lower(), "en", "light", 320) == []
    page.context.close()


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
    page, wrong = _opened(browser, language, scheme, width, state=state)
    one, two, three = served.institutions[:3]
    page.goto(served.address + path.format(one=one, two=two, three=three))
    if "nowhere" in path or path.endswith("wifi+ET+("):
        wrong.clear()  # the browser reports the refusal itself
    found = list(_judged(page, wrong, path, language, scheme, width))
    page.context.close()
    return found


def _opened(
    browser: Browser, language: str, scheme: str, width: int, *, state: str | None
) -> tuple[Page, list[str]]:
    window = browser.new_context(
        color_scheme=scheme,  # type: ignore[arg-type]  # one of two words
        locale={"fr": "fr-FR", "en": "en-GB"}[language],
        viewport={"width": width, "height": 900},
        storage_state=state,
    )
    page, wrong = window.new_page(), list[str]()
    page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page, wrong


def _judged(
    page: Page, wrong: list[str], path: str, language: str, scheme: str, width: int
) -> list[str]:
    found = Axe().run(page).response["violations"]
    wrong += [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if overflow > 0:
        wrong.append(f"the page is {overflow} px wider than the window")
    if page.evaluate(CUT_CAPTIONS):
        wrong.append("a caption is wider than the window")
    if page.locator("h1").count() != 1:
        wrong.append("the page has not one h1")
    _keep_picture(page, path, language, scheme, width)
    return wrong


def _keep_picture(page: Page, path: str, language: str, scheme: str, width: int) -> None:
    """Keep a picture of the page where ``PICTURES`` says, to be looked at."""
    folder = os.environ.get("PICTURES")
    if folder:
        name = path.strip("/").replace("/", "-").split("?")[0].replace("{", "").replace("}", "")
        file = Path(folder) / f"{name or 'home'}-{language}-{scheme}-{width}.png"
        page.screenshot(path=file, full_page=True)
