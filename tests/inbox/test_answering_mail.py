"""A reply to our mail is the answer: only what is sure goes out, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core import mail as outbox

from tests.cast import NOON
from tests.inbox.test_answering import DESK, PARIS, link_to, said, token
from tests.inbox.test_quoting import WAYS
from vigie.inbox import changes
from vigie.inbox.admission import Office
from vigie.inbox.channels.mail import Mail
from vigie.inbox.intake import journal, put, take_waiting
from vigie.inbox.mailings import send_mailings
from vigie.inbox.models import AnswerLink, Box, Conversation, Mailing, Message, Note, Passage
from vigie.inbox.owing import Terms
from vigie.inbox.sending import outgoing_of
from vigie.register.models import Service
from vigie.settings import Settings

ALICE_MAIL = "alice@northfield.example"
Reply = Callable[..., None]


@pytest.fixture
def link(asked: Callable[..., Conversation], library: Service) -> AnswerLink:
    """Alice was asked by mail."""
    return link_to(said(asked(service=library, subject="Hours"), "When do you open?"))


@pytest.fixture
def reply(link: AnswerLink, mailbox: Box, office: Office) -> Reply:
    """Let a reply to the mail arrive in the mailbox."""

    def arrive(words: str = "At eight.", *, sender: str = ALICE_MAIL, way: str = "gmail",
               refers: bool = True, file: bytes = b"", **headers: str) -> None:  # fmt: skip
        made = EmailMessage()
        made["From"], made["To"] = f"Alice <{sender}>", mailbox.address
        made["Subject"] = "Re: A question"
        made["Message-ID"] = f"<{len(words)}-{sender}>"
        if refers:
            made["In-Reply-To"] = f"<{link.mail_key}@vigie.example>"
        for name, value in headers.items():
            made[name.replace("_", "-")] = value
        made.set_content(words + WAYS[way].replace("abc.def~ghi", token(link)))
        if file:
            made.add_attachment(file, maintype="application", subtype="pdf",
                                filename="x.pdf")  # fmt: skip
        put(mailbox, made.as_bytes(), home=office.home, now=NOON)
        take_waiting(mailbox, Mail({}, address=mailbox.address), office)

    return arrive


def answer() -> Message:
    return Message.objects.get(direction="out")


@pytest.mark.parametrize("way", WAYS)
def test_reply_goes_out_as_the_answer(reply: Reply, way: str, mailbox: Box) -> None:
    reply(way=way)
    assert (answer().words, answer().state) == ("At eight.", "due")
    assert (Conversation.objects.count(), journal(mailbox).kept) == (1, 1)


def test_reply_that_comes_twice_is_one_answer(reply: Reply) -> None:
    reply()
    reply(X_Again="1")
    assert Message.objects.filter(direction="out").count() == 1


def test_reply_that_names_no_mail_is_known_by_the_link_it_quotes(reply: Reply) -> None:
    reply(refers=False)
    assert answer().state == "due"


def test_stranger_who_quotes_the_link_alone_is_a_new_question(reply: Reply) -> None:
    reply(refers=False, sender="charlie@example.org")
    assert not Message.objects.filter(direction="out").exists()
    assert Conversation.objects.count() == 2


@pytest.mark.parametrize("doubt", [
    {"sender": "charlie@example.org"}, {"file": b"MZ\x90\x00 runs"},
    {"List_Id": "<staff.northfield.example>"},
    {"words": "Yes.\n> When?\nAt eight."},
])  # fmt: skip
def test_doubtful_reply_waits_for_approval(reply: Reply, doubt: dict[str, object]) -> None:
    reply(**doubt)
    assert answer().state == "proposed"
    assert Passage.objects.filter(by="mail").exists()


def test_file_of_a_reply_goes_along(reply: Reply, office: Office) -> None:
    reply(file=b"%PDF-1.7 x")
    assert answer().state == "due"
    assert [one.name for one in outgoing_of(answer(), office.home).enclosed] == ["x.pdf"]


def test_approval_of_the_service_counts_by_mail_too(reply: Reply) -> None:
    Service.objects.update(needs_approval=True)
    reply()
    assert answer().state == "proposed"


def test_automatic_answer_is_never_an_answer_and_tells_the_deputy(
    reply: Reply, tmp_path: Path
) -> None:
    Mailing.objects.update(begun_at=NOON, sent_at=NOON)
    reply("I am away.", Auto_Submitted="auto-replied")
    reply("I am away again.", Auto_Submitted="auto-replied")
    assert not Message.objects.filter(direction="out").exists()
    conf = Settings(home=tmp_path, mail_url="smtp://localhost", language="en")
    now = NOON + timedelta(days=1)
    assert send_mailings(conf, terms=Terms(zone=PARIS, now=now)) == 1
    assert outbox.outbox[0].to == ["bob@northfield.example"]
    assert "is absent" in outbox.outbox[0].body


def test_reply_to_a_closed_conversation_is_a_note(reply: Reply, link: AnswerLink) -> None:
    changes.close(link.conversation, hand=DESK)
    reply()
    assert not Message.objects.filter(direction="out").exists()
    assert Note.objects.get().words == "At eight."


def test_no_link_leaves_with_an_answer(reply: Reply, link: AnswerLink) -> None:
    reply(f"Look: https://vigie.example/answer/{token(link)}/", way="nothing")
    assert token(link) not in answer().words
    assert answer().state == "proposed"
