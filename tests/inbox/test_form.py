"""The form: what is typed is a question once, and its answer goes out by mail."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as some

from tests.cast import NOON
from tests.inbox.meta_told import only
from vigie.errors import GarbledError, InboxError, UnsureError
from vigie.http import Http
from vigie.inbox.admission import Office
from vigie.inbox.asking import LONGEST, Asked, mistakes_of, reference_of, typed, written
from vigie.inbox.bench import Bench
from vigie.inbox.boxes import carrier, put_box
from vigie.inbox.channel import Author, Outgoing
from vigie.inbox.channels.form import Form
from vigie.inbox.channels.mail import Mail
from vigie.inbox.intake import put, take_waiting
from vigie.inbox.models import Box, Contact, Conversation, Message
from vigie.inbox.working import read_brought
from vigie.register.models import Institution, Service
from vigie.settings import Settings

FORM = Form({}, address="")
ASKED = Asked(
    words="À quelle heure ?\nMerci", mail="Marie@Example.org", name="Marie", language="fr"
)
HTTP = Http(agent="test", clock=lambda: NOON)
ANSWER = Outgoing(
    key="0a1b", thread="k", kind="form", is_public=False, subject="Hours [AAAA-BBBB]",
    to=Author(network="mail", address="marie@example.org"), words="À huit heures.",
    handed_in_at=NOON,
)  # fmt: skip


def question(key: str = "k", **changes: str) -> bytes:
    return written(replace(ASKED, **changes), key=key, at=NOON)  # type: ignore[arg-type]  # texts


def test_question_says_who_asks_what_and_when() -> None:
    message = only(FORM, question())
    assert (message.kind, message.words, message.said_at) == ("form", ASKED.words, NOON)
    assert message.author == Author(
        network="mail", address="marie@example.org", shown="marie@example.org", name="Marie"
    )
    assert message.subject == f"À quelle heure ? [{reference_of('k')}]"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": "  "}, "words"),
        ({"words": "x" * (LONGEST + 1)}, "words"),
        ({"mail": ""}, "mail"),
        ({"mail": "marie@example.org\r\nBcc: all@example.org"}, "mail"),
        ({"name": "x" * 121}, "name"),
        ({"service": "nowhere"}, "service"),
    ],
)
def test_mistake_is_named_by_its_field(changes: dict[str, str], field: str) -> None:
    given = {"words": "Open?", "mail": "marie@example.org", "name": "", "service": ""}
    found = mistakes_of(typed({**given, **changes}, language="fr"), {"library": None})
    assert set(found) == {field}


@given(some.binary(max_size=60) | some.text(max_size=60).map(str.encode))
def test_whatever_is_kept_is_a_question_or_refused_in_words(body: bytes) -> None:
    with suppress(GarbledError):
        FORM.receive(body)


@given(some.text(max_size=200), some.text(max_size=80))
def test_whatever_is_typed_comes_back_as_it_was_typed(words: str, name: str) -> None:
    asked = typed({"words": words, "mail": "m@example.org", "name": name}, language="en")
    if mistakes_of(asked, {}):
        return
    message = only(FORM, written(asked, key="k", at=NOON))
    assert (message.words, message.author.name) == (asked.words, asked.name)


def test_spaces_of_french_and_pictures_of_several_signs_stay() -> None:
    words = "Ouvert le dimanche\u202f? «\u00a0Merci\u00a0» \U0001f469\u200d\u2695\ufe0f"
    asked = typed({"words": words + "\u202e\x00", "mail": "", "name": ""}, language="fr")
    assert asked.words == words


def test_reference_is_short_and_one_for_each_question() -> None:
    signs = {reference_of(f"{number}") for number in range(2000)}
    assert len(signs) == 2000
    assert all(len(sign) == 9 for sign in signs)


# ── where it goes ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def ask_box(northfield: Institution) -> Box:
    """Northfield's form, whose answers go out by its mailbox."""
    return Box.objects.create(
        name="ask", label="Ask us", channel="form", institution=northfield,
        options={"mailbox": "mail"},
    )  # fmt: skip


Bring = Callable[..., None]


@pytest.fixture
def asks(ask_box: Box, office: Office, library: Service) -> Bring:
    """Have questions kept and read."""

    def ask(*bodies: bytes) -> None:
        for body in bodies:
            put(ask_box, body, home=office.home, now=NOON)
        take_waiting(ask_box, FORM, replace(office, slugs={"library": library.pk}))

    return ask


def test_service_that_was_chosen_gets_it(asks: Bring, library: Service) -> None:
    asks(question(service="library"))
    row = Conversation.objects.get()
    assert (row.service, row.language, row.passages.get().by) == (library, "fr", "form")


def test_form_that_was_used_is_said_to_work(ask_box: Box, settings: Settings) -> None:
    put(ask_box, question(), home=settings.home, now=NOON)
    read_brought(Bench(settings=settings, http=HTTP, clock=lambda: NOON))
    ask_box.refresh_from_db()
    assert (ask_box.state, Conversation.objects.count()) == ("working", 1)


def test_form_sent_twice_is_one_question(asks: Bring) -> None:
    asks(question(), question(words="Once more"))
    assert Message.objects.get().words == ASKED.words


def test_what_is_written_back_by_mail_joins_the_conversation(
    asks: Bring, mailbox: Box, office: Office
) -> None:
    asks(question())
    row = Conversation.objects.get()
    Message.objects.create(
        conversation=row, box=row.box, direction="out", key="0a1b", words="At eight.",
        said_at=NOON, received_at=NOON, state="sent", sent_at=NOON,
    )  # fmt: skip
    back = (
        b"From: marie@example.org\r\nSubject: Re: Hours\r\nMessage-ID: <9@example.org>\r\n"
        b"In-Reply-To: <vigie.0a1b@northfield.example>\r\n\r\nThank you!"
    )
    put(mailbox, back, home=office.home, now=NOON)
    take_waiting(mailbox, Mail({}, address=mailbox.address), office)
    assert (Conversation.objects.count(), Contact.objects.count()) == (1, 1)
    assert list(row.messages.values_list("box__name", flat=True)) == ["ask", "ask", "mail"]


# ── how the answer goes out ───────────────────────────────────────────────────────────


def test_answer_goes_out_by_the_mailbox_that_is_named(
    ask_box: Box, northfield: Institution, settings: Settings
) -> None:
    options = {"imap": "mail.example", "smtp": "mail.example", "name": "n", "password": "p"}
    named = put_box("mail", institution=northfield, label="Mail", address="hello@n.example",
                    options=options, settings=settings, now=NOON)  # fmt: skip
    assert named.name == "mail"
    assert isinstance(carrier(ask_box, settings), Mail)


def test_mailbox_that_is_not_connected_is_named(ask_box: Box, settings: Settings) -> None:
    with pytest.raises(InboxError, match="The box mail"):
        carrier(ask_box, settings)


def test_without_one_the_answer_goes_out_by_the_sites_own_mail() -> None:
    FORM.send(ANSWER, HTTP)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["marie@example.org"], "Re: Hours [AAAA-BBBB]")
    assert sent.message()["Message-ID"] == "<vigie.0a1b@form>"


def test_answer_that_may_have_gone_out_is_looked_at_by_a_person() -> None:
    assert FORM.find(ANSWER, HTTP) is None
    with pytest.raises(UnsureError):
        FORM.find(replace(ANSWER, was_abandoned=True), HTTP)
