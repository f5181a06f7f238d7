"""From question to answer in French, by keyboard alone: student, manager, correspondent, student.

Real parts throughout: the form of the site, the queue, a mail server that keeps what it is given,
the link in the mail, the worker that sends. A checker looks at each page on the way.
"""

from __future__ import annotations

import email
import email.policy
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, _free_port, _vigie, _wait_for
from tests.browser.test_access import _judged, _opened

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

COMMAND = (sys.executable, "-c", "from vigie.cli.main import main; main()")
QUESTION = "Bonjour, la bibliothèque est-elle ouverte le dimanche\u202f?"
ANSWER = "Oui, de 13 h à 18 h en période d’examens."
HOUSE = """
import django
django.setup()
from vigie.register.models import Institution, Person, Service
house = Institution.objects.create(slug="northfield", name="Université de Northfield", country="FR")
anna = Person.objects.create(name="Anna", mail="anna@northfield.example", language="fr")
Service.objects.create(institution=house, name="Bibliothèque", slug="bibliotheque", kind="library",
                       correspondent=anna)
"""


HELPED = """
import django
django.setup()
from datetime import UTC, datetime
from vigie.inbox.models import Conversation, Satisfaction
from vigie.inbox.satisfaction import token_for
from vigie.inbox.tokens import digest_of, new_nonce
now, nonce = datetime.now(UTC), new_nonce()
token = token_for(nonce, now)
Satisfaction.objects.create(conversation=Conversation.objects.get(), digest=digest_of(token),
                            asked_at=now)
print(token)
"""


class Mailboxes:
    """A mail server that keeps what it is given, by whom it is for."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, given: Envelope) -> str:
        content = given.original_content or b""
        read = email.message_from_bytes(content, policy=email.policy.default)
        body = read.get_body(("plain",))
        words = body.get_content() if body is not None else ""
        self.mails += [(to, words) for to in given.rcpt_tos]
        return "250 kept"

    def of(self, address: str) -> list[str]:
        """Return what one person received."""
        return [words for to, words in self.mails if to == address]


@dataclass(frozen=True, kw_only=True)
class House:
    """A site with one service, a form and a mail server."""

    address: str
    environment: dict[str, str]
    mailboxes: Mailboxes


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Serve a small house: a library whose correspondent has no account, a form, Chloé's seat."""
    home = tmp_path_factory.mktemp("house") / "home"
    mailboxes, port = Mailboxes(), _free_port()
    sink = Controller(mailboxes, hostname="127.0.0.1", port=_free_port())
    sink.start()
    environment = {
        **os.environ,
        "VIGIE_HOME": str(home),
        "VIGIE_ADDRESS": f"http://127.0.0.1:{port}",
        "VIGIE_MAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "VIGIE_MAIL_FROM": "vigie@northfield.example",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    _vigie(["user", "add", "chloe", "--role", "editor", "--password-file", "-"], environment,
           given=PASSWORD)  # fmt: skip
    settled = {**environment, "DJANGO_SETTINGS_MODULE": "vigie.web.settings"}
    subprocess.run([sys.executable, "-c", HOUSE], env=settled, check=True, timeout=120)
    _vigie(["inbox", "connect", "form", "northfield", "--label", "Ask us"], environment)
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)], env=environment,
        start_new_session=True,
    )  # fmt: skip
    try:
        _wait_for(f"http://127.0.0.1:{port}/sign-in/")
        yield House(
            address=f"http://127.0.0.1:{port}", environment=environment, mailboxes=mailboxes
        )
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)
        sink.stop()


def go(page: Page, name: str, *, role: str = "link") -> None:
    """Walk with the Tab key until something so called has the focus, and press Enter on it."""
    reach(page, page.get_by_role(role, name=name).first)  # type: ignore[arg-type]  # a known role
    page.keyboard.press("Enter")


def reach(page: Page, wanted: object, most: int = 120) -> None:
    """Walk with the Tab key until the focus is where it is wanted."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):  # type: ignore[attr-defined]  # a locator
            return
    pytest.fail(f"the keyboard does not reach {wanted}")


def look(page: Page, wrong: list[str], name: str) -> None:
    """Let the checker look at the page as it is now."""
    assert _judged(page, wrong, f"play-{name}", "fr", "light", 1280) == []


def asked(browser: Browser, house: House) -> None:
    """A student asks on the form."""
    page, wrong = _opened(browser, "fr", "light", 1280, state=None)
    page.goto(f"{house.address}/ask/ask-us/")
    look(page, wrong, "form")
    reach(page, page.locator("#words"))
    page.keyboard.type(QUESTION)
    reach(page, page.locator("#mail"))
    page.keyboard.type("marie@example.org")
    page.wait_for_timeout(3200)
    page.keyboard.press("Enter")
    page.locator("strong.code").wait_for()
    look(page, wrong, "thanks")
    page.context.close()


def sent_on(browser: Browser, house: House) -> Page:
    """Chloé signs in, finds the question in the queue, and sends it to the library."""
    page, wrong = _opened(browser, "fr", "light", 1280, state=None)
    page.goto(f"{house.address}/inbox/")
    look(page, wrong, "sign-in")
    reach(page, page.locator("#name"))
    page.keyboard.type("chloe")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{house.address}/inbox/")
    look(page, wrong, "queue")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/inbox/\d+/"))
    expect(page.get_by_text("est-elle ouverte").first).to_be_visible()
    look(page, wrong, "conversation")
    reach(page, page.locator("#service"))
    page.keyboard.type("Biblio")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".messages").wait_for()
    look(page, wrong, "sent-on")
    return page


def answered(browser: Browser, house: House) -> None:
    """Anna opens the link of her mail, answers, and is thanked; she has no account."""
    # In the morning there is a digest as well.
    mails = house.mailboxes.of("anna@northfield.example")
    (mail,) = [one for one in mails if f"    {QUESTION}" in one]
    link = re.search(r"http\S+/answer/\S+", mail)
    assert link is not None
    page, wrong = _opened(browser, "fr", "light", 1280, state=None)
    page.goto(link[0])
    look(page, wrong, "answer")
    reach(page, page.locator("#words"))
    page.keyboard.type(ANSWER)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    look(page, wrong, "answer-open")
    reach(page, page.locator("button[value=answer]"))
    page.keyboard.press("Enter")
    page.locator("#answered").wait_for()
    look(page, wrong, "answered")
    assert page.goto(f"{house.address}/inbox/") is not None
    assert "/sign-in/" in page.url
    page.context.close()


def looked_at_helped(browser: Browser, house: House) -> None:
    """Look at the one question after closing, as who asked sees it."""
    settled = {**house.environment, "DJANGO_SETTINGS_MODULE": "vigie.web.settings"}
    made = subprocess.run([sys.executable, "-c", HELPED], env=settled, check=True, timeout=120,
                          capture_output=True, text=True)  # fmt: skip
    page, wrong = _opened(browser, "fr", "dark", 320, state=None)
    page.goto(f"{house.address}/satisfaction/{made.stdout.strip()}/")
    assert _judged(page, wrong, "play-helped", "fr", "dark", 320) == []
    page.context.close()


def test_question_goes_to_the_one_who_knows_and_comes_back_answered(
    browser: Browser, house: House
) -> None:
    asked(browser, house)
    _vigie(["inbox", "read"], house.environment)
    desk = sent_on(browser, house)
    _vigie(["run", "--once"], house.environment)
    answered(browser, house)
    desk.reload()
    expect(desk.get_by_text("Oui, de 13 h").first).to_be_visible()
    assert house.mailboxes.of("marie@example.org") == []
    _vigie(["inbox", "read"], house.environment)
    (reply,) = house.mailboxes.of("marie@example.org")
    assert ANSWER in reply
    desk.reload()
    said = desk.locator("li.post", has_text="Oui, de 13 h").first
    expect(said).to_contain_text(re.compile("envoyé"))
    assert _judged(desk, [], "play-sent", "fr", "light", 1280) == []
    desk.goto(f"{desk.url.split('?')[0]}?language=en")
    assert _judged(desk, [], "play-sent", "en", "light", 1280) == []
    looked_at_helped(browser, house)
    desk.context.close()
