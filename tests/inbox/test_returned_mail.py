"""Mails that come back: whose they are, why, and what becomes of the answer."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from tests.cast import NOON
from tests.inbox.test_sending import ANSWERER
from vigie.errors import NoAnswerError
from vigie.http.mail_refusals import (
    FULL_WORDS,
    NOT_REACHED_WORDS,
    OTHER_WORDS,
    POLICY_WORDS,
    TOO_LARGE_WORDS,
    UNKNOWN_WORDS,
    meaning,
    refused,
)
from vigie.inbox import changes
from vigie.inbox.admitting import Office
from vigie.inbox.channels.mail import Mail
from vigie.inbox.delayed import delayed as delayed_mails
from vigie.inbox.delayed import delayed_about
from vigie.inbox.entrusting import MAIL_KEY, mail
from vigie.inbox.intake import put, take_waiting
from vigie.inbox.models import AnswerLink, Arrival, Box, Conversation, Mailing, Message, Note
from vigie.inbox.sending import try_again
from vigie.register.leaving import hand_over, may_leave
from vigie.register.models import Person, Service
from vigie.words import Words, _

MAIL = Mail({"imap": "mail.example", "smtp": "mail.example"}, address="hello@northfield.example")
Ask = Callable[..., Conversation]


def report(key: str, *, status: str = "5.1.1", action: str = "failed",
           said: str = "smtp; 550 User unknown", headers_only: bool = False) -> bytes:  # fmt: skip
    """Return a report as Postfix writes it."""
    whole = f"""Return-Path: <>
From: MAILER-DAEMON@mail.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: hello@northfield.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; marie@example.org
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--b
Content-Type: {"text/rfc822-headers" if headers_only else "message/rfc822"}

From: hello@northfield.example
To: marie@example.org
Message-ID: {key}
Subject: Re: Hours

At eight.
--b--
"""
    return whole.replace("\n", "\r\n").encode()


@pytest.fixture
def answered(asked: Ask, mailbox: Box, library: Service) -> Message:
    """An answer of Alice's that the server took."""
    row = asked(service=library)
    Message.objects.create(conversation=row, box=mailbox, direction="in", key="<q@example.org>",
                           state="received", said_at=NOON, received_at=NOON)  # fmt: skip
    reply = changes.reply(row, "At eight.", hand=replace(ANSWERER, person=library.correspondent),
                          key="abc1")  # fmt: skip
    Message.objects.filter(pk=reply.pk).update(
        state="sent", sent_at=NOON, external="<vigie.abc1@northfield.example>", tries=1
    )
    reply.refresh_from_db()
    return reply


@pytest.fixture
def comes(mailbox: Box, office: Office) -> Callable[[bytes], Arrival]:
    """Let a mail come in."""

    def come(body: bytes) -> Arrival:
        arrival = put(mailbox, body, home=office.home, now=office.now)
        take_waiting(mailbox, MAIL, office)
        arrival.refresh_from_db()
        return arrival

    return come


Comes = Callable[[bytes], Arrival]


@pytest.mark.parametrize("headers_only", [True, False])
def test_answer_that_came_back_is_refused_and_its_question_waits_again(
    answered: Message, comes: Comes, headers_only: bool
) -> None:
    assert Conversation.objects.get().state == "waiting"
    arrival = comes(report("<vigie.abc1@northfield.example>", headers_only=headers_only))
    answered.refresh_from_db()
    row = Conversation.objects.get()
    assert (answered.state, row.state, row.answered_at) == ("refused", "open", None)
    assert answered.failure is not None
    assert "no such mailbox" in answered.failure["en"]
    assert (arrival.kept, arrival.state) == (1, "done")


def test_who_answered_by_mail_alone_is_told(answered: Message, comes: Comes) -> None:
    comes(report("<vigie.abc1@northfield.example>"))
    assert Mailing.objects.get(kind="returned").to == answered.person
    assert "n’existe pas" in Note.objects.get().words


def test_same_report_twice_is_one(answered: Message, comes: Comes) -> None:
    comes(report("<vigie.abc1@northfield.example>"))
    comes(report("<vigie.abc1@northfield.example>", said="smtp; 550 Unknown"))
    assert Mailing.objects.filter(kind="returned").count() == 1


def test_answer_that_came_back_can_be_sent_once_more(answered: Message, comes: Comes) -> None:
    comes(report("<vigie.abc1@northfield.example>"))
    assert try_again(answered, now=NOON)
    answered.refresh_from_db()
    assert (answered.state, answered.tries, answered.sent_at) == ("due", 0, None)


def test_report_about_a_mail_of_somebody_else_is_left_aside(
    answered: Message, comes: Comes
) -> None:
    strange = comes(report("<vigie.ffff@northfield.example>"))
    other = comes(report("<other@example.org>"))
    answered.refresh_from_db()
    assert (answered.state, strange.ignored, other.ignored) == ("sent", 1, 1)
    assert strange.reason == {"en": "bounce", "fr": "bounce"}


def test_old_server_that_only_quotes_the_mail_is_understood(
    answered: Message, comes: Comes
) -> None:
    old = EmailMessage()
    old["Return-Path"], old["From"] = "<>", "postmaster@example.org"
    old["Subject"] = "failure notice"
    old.set_content(
        "Sorry, this mailbox is full.\n\n--- Below is a copy.\n"
        "Message-ID: <vigie.abc1@northfield.example>\n"
    )
    comes(old.as_bytes())
    answered.refresh_from_db()
    assert answered.failure is not None
    assert "full" in answered.failure["en"]


def test_absence_of_a_person_is_no_report(answered: Message, comes: Comes) -> None:
    absent = EmailMessage()
    absent["Return-Path"], absent["From"] = "<>", "marie@example.org"
    absent["In-Reply-To"] = "<vigie.abc1@northfield.example>"
    absent.set_content("I am away.")
    comes(absent.as_bytes())
    answered.refresh_from_db()
    assert answered.state == "sent"


def delayed(key: str, *, until: str = "") -> bytes:
    """Return a report of a mail that is only late."""
    said = f"smtp; 451 Try later\r\nWill-Retry-Until: {until}" if until else "smtp; 451 Try later"
    return report(key, status="4.4.1", action="delayed", said=said)


def test_answer_that_is_late_says_so_and_stays_sent(answered: Message, comes: Comes) -> None:
    arrival = comes(delayed("<vigie.abc1@northfield.example>"))
    answered.refresh_from_db()
    assert (answered.state, arrival.kept, arrival.state) == ("sent", 1, "done")
    assert answered.failure is not None
    assert "still being tried" in answered.failure["en"]
    assert Conversation.objects.get().state == "waiting"


def test_late_answer_says_until_when_it_is_tried(answered: Message, comes: Comes) -> None:
    until = "Tue, 6 Oct 2026 12:00:00 +0200"
    comes(delayed("<vigie.abc1@northfield.example>", until=until))
    answered.refresh_from_db()
    assert answered.failure is not None
    assert "6 October 2026" in answered.failure["en"]


def test_late_answer_that_is_given_up_is_refused(answered: Message, comes: Comes) -> None:
    comes(delayed("<vigie.abc1@northfield.example>"))
    comes(report("<vigie.abc1@northfield.example>"))
    answered.refresh_from_db()
    assert answered.state == "refused"
    # A report of the delay that comes after all changes nothing.
    comes(delayed("<vigie.abc1@northfield.example>", until="soon"))
    answered.refresh_from_db()
    assert answered.failure is not None
    assert "still being tried" not in answered.failure["en"]


def test_question_that_is_only_late_is_not_said_to_be_lost(
    asked: Ask, library: Service, alice: Person, comes: Comes
) -> None:
    mail(alice, [asked(service=library)], kind="ask", now=NOON)
    comes(delayed(f"<{AnswerLink.objects.get().mail_key}@site.example>"))
    assert Mailing.objects.get().failure is None


@pytest.fixture
def late(asked: Ask, library: Service, alice: Person, comes: Comes) -> Conversation:
    """A question to Alice, whose mail is late."""
    row = asked(service=library)
    mail(alice, [row], kind="ask", now=NOON)
    Mailing.objects.update(begun_at=NOON, sent_at=NOON)
    arrival = comes(delayed(mail_of(row)))
    assert (arrival.kept, arrival.ignored) == (1, 0)
    return row


def mail_of(row: Conversation) -> str:
    return f"<{AnswerLink.objects.get(conversation=row).mail_key}@site.example>"


def test_question_that_is_late_says_so_where_people_look(
    late: Conversation, library: Service, alice: Person, office: Office
) -> None:
    (one,) = delayed_mails([library], now=office.now)[library.pk]
    assert (one.person, "still being tried" in one.reason["en"]) == (alice, True)
    (mailing,) = delayed_about(late, now=office.now)
    assert (mailing.to, mailing.failure) == (alice, None)


def test_question_that_is_late_is_taken_to_have_arrived_when_it_is_no_longer_tried(
    late: Conversation, office: Office
) -> None:
    assert delayed_about(late, now=office.now + timedelta(days=4))
    assert not delayed_about(late, now=office.now + timedelta(days=6))


def test_question_that_is_late_is_tried_as_long_as_its_server_says(
    late: Conversation, comes: Comes
) -> None:
    comes(delayed(mail_of(late), until="Thu, 8 Oct 2026 12:00:00 +0200"))
    assert delayed_about(late, now=datetime(2026, 10, 8, 9, 59, tzinfo=UTC))
    assert not delayed_about(late, now=datetime(2026, 10, 8, 10, 1, tzinfo=UTC))


@pytest.mark.parametrize("action", ["failed", "delivered"])
def test_question_that_came_back_or_arrived_is_late_no_more(
    late: Conversation, comes: Comes, office: Office, action: str
) -> None:
    arrival = comes(report(mail_of(late), action=action, status="2.0.0"))
    assert arrival.kept == 1
    assert not delayed_about(late, now=office.now)
    assert (Mailing.objects.get().failure is None) == (action == "delivered")
    # A report of the delay that comes after all changes nothing.
    if action == "failed":
        comes(delayed(mail_of(late), until="soon"))
        assert not delayed_about(late, now=office.now)


def test_answer_by_mail_shows_that_the_question_arrived(
    late: Conversation, comes: Comes, office: Office
) -> None:
    reply = EmailMessage()
    reply["From"], reply["Message-ID"] = "alice@northfield.example", "<r@northfield.example>"
    reply["In-Reply-To"] = mail_of(late)
    reply.set_content("At eight.\n")
    comes(reply.as_bytes())
    assert not delayed_about(late, now=office.now)


def test_answer_that_was_late_and_arrived_says_nothing(answered: Message, comes: Comes) -> None:
    comes(delayed("<vigie.abc1@northfield.example>"))
    comes(report("<vigie.abc1@northfield.example>", action="delivered", status="2.0.0"))
    answered.refresh_from_db()
    assert (answered.state, answered.failure) == ("sent", None)


def test_question_that_did_not_reach_its_correspondent_says_so(
    asked: Ask, library: Service, alice: Person, mailbox: Box, comes: Comes
) -> None:
    mail(alice, [asked(service=library)], kind="ask", now=NOON)
    key = AnswerLink.objects.get().mail_key
    assert key.startswith(MAIL_KEY)
    comes(report(f"<{key}@site.example>", status="5.2.2", said="smtp; 552 Mailbox full"))
    failure = Mailing.objects.get().failure
    assert failure is not None
    assert "full" in failure["en"]


@pytest.mark.parametrize(
    ("said", "code", "words", "is_final"),
    [
        ("5.1.1 <x>: User unknown", 550, UNKNOWN_WORDS, True),
        ("550 No such user here", 550, UNKNOWN_WORDS, True),
        ("5.2.2 mailbox full", 552, FULL_WORDS, True),
        ("4.2.2 The email account is over quota", 452, FULL_WORDS, False),
        ("5.3.4 message too big", 552, TOO_LARGE_WORDS, True),
        ("5.7.1 Rejected by policy", 550, POLICY_WORDS, True),
        ("554 Transaction failed", 554, POLICY_WORDS, True),
        ("4.4.7 delivery time expired", 0, NOT_REACHED_WORDS, False),
        ("5.5.0 no", 550, OTHER_WORDS, True),
    ],
)
def test_refusals_are_said_in_plain_words(
    said: str, code: int, words: Words, is_final: bool
) -> None:
    found = meaning(said, code=code)
    assert (found.words, found.is_final) == (words, is_final)


def test_refused_recipient_is_understood_and_other_trouble_is_not() -> None:
    error = smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"5.1.1 unknown")})
    found = refused(error)
    assert found is not None
    assert found.words == UNKNOWN_WORDS
    assert refused(NoAnswerError(_("A storm."))) is None


def test_mail_to_one_of_us_that_is_refused_for_good_blocks_no_other(alice: Person) -> None:
    row = Mailing.objects.create(name="x", kind="digest", to=alice, made_at=NOON)

    def send() -> None:
        raise smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"5.1.1 unknown")})

    assert hand_over(row, send, now=NOON) == "refused"
    later = NOON + timedelta(days=1)
    assert not Mailing.objects.filter(may_leave(later)).exists()
    row.refresh_from_db()
    assert row.failure is not None
    assert "no such mailbox" in row.failure["en"]
