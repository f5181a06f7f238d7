"""Another way to a person: only what the reader may see, only what is open, and one reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from tests.cast import NOON
from tests.inbox.test_sending import ANSWERER
from vigie.errors import InboxError
from vigie.inbox import changes, joining
from vigie.inbox.admitting import Office
from vigie.inbox.changes import Hand
from vigie.inbox.channels.mail import Mail
from vigie.inbox.intake import put, take_waiting
from vigie.inbox.models import Box, Conversation, Draft, Handle, Message
from vigie.inbox.other_ways import begin, way_named, ways
from vigie.inbox.sending import outgoing_of
from vigie.register.models import Institution, Service

Ask = Callable[..., Conversation]
LATER = replace(ANSWERER, terms=replace(ANSWERER.terms, now=NOON + timedelta(days=2)))


def wrote(row: Conversation, handle: Handle, words: str = "Is it open?") -> Message:
    return Message.objects.create(conversation=row, box=row.box, direction="in", handle=handle,
                                  key=f"in{row.pk}", words=words, said_at=NOON,
                                  received_at=NOON, state="received")  # fmt: skip


@pytest.fixture
def messenger(northfield: Institution) -> Box:
    """Northfield's Messenger."""
    return Box.objects.create(name="messenger", label="Messenger", channel="messenger",
                              institution=northfield, address="1")  # fmt: skip


@pytest.fixture
def direct(asked: Ask, messenger: Box) -> Conversation:
    """Return a direct message of someone whose mail address is known."""
    row = asked(box=messenger, thread="77", kind="direct")
    handle = Handle.objects.create(contact=row.contact, network="facebook", address="77")
    wrote(row, handle)
    return row


def again(asked: Ask, row: Conversation, **changes: object) -> Conversation:
    """Return another conversation with the same person, who has no other address by it."""
    other = asked(contact=row.contact, **changes)
    Handle.objects.filter(contact=row.contact, network="mail").latest("pk").delete()
    return other


def mail_of(row: Conversation) -> Handle:
    return Handle.objects.get(contact=row.contact, network="mail")


def test_mail_is_proposed_where_the_window_is_closed(direct: Conversation) -> None:
    assert [way.name for way in ways(direct, hand=LATER)] == [f"to-{mail_of(direct).pk}"]


def test_reply_by_mail_goes_to_the_address_once(direct: Conversation, mailbox: Box) -> None:
    through = ways(direct, hand=LATER)[0].through
    first = changes.reply(direct, "At eight.", hand=LATER, key="form", through=through)
    again = changes.reply(direct, "At eight.", hand=LATER, key="form", through=through)
    outgoing = outgoing_of(first)
    assert (first, first.box, outgoing.to.address) == (again, mailbox, mail_of(direct).address)


def test_what_is_written_back_by_mail_joins_the_conversation(
    direct: Conversation, mailbox: Box, office: Office
) -> None:
    through = ways(direct, hand=LATER)[0].through
    message = changes.reply(direct, "At eight.", hand=LATER, key="abc", through=through)
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = mail_of(direct).address, "<back@example.org>"
    mail["In-Reply-To"] = Mail({}, address=mailbox.address).identifier(outgoing_of(message))
    mail.set_content("Thank you.")
    put(mailbox, mail.as_bytes(), home=office.home, now=office.now)
    take_waiting(mailbox, Mail({}, address=mailbox.address), office)
    direct.refresh_from_db()
    assert (Conversation.objects.count(), direct.answers_by) == (1, mailbox)


def test_words_of_a_reply_that_failed_become_a_draft_and_are_sent_no_more(
    direct: Conversation,
) -> None:
    failed = changes.reply(direct, "At eight.", hand=ANSWERER)
    Message.objects.filter(pk=failed.pk).update(state="failed")
    way = ways(direct, hand=LATER)[0]
    begin(direct, way, "", hand=LATER, language="en", failed=failed)
    failed.refresh_from_db()
    draft = Draft.objects.get().words
    assert failed.state == "withdrawn"
    assert draft.startswith("At eight.")
    assert draft.endswith("> Is it open?")


def test_reply_that_was_sent_meanwhile_is_not_begun_again(direct: Conversation) -> None:
    sent = changes.reply(direct, "At eight.", hand=ANSWERER)
    way = ways(direct, hand=LATER)[0]
    with pytest.raises(InboxError):
        begin(direct, way, "", hand=LATER, language="en", failed=sent)
    assert not Draft.objects.exists()


def test_address_known_to_a_confidential_service_alone_is_not_shown(
    direct: Conversation, asked: Ask, health: Service
) -> None:
    wrote(again(asked, direct, service=health), mail_of(direct))
    assert ways(direct, hand=LATER) == []


def test_open_window_elsewhere_is_proposed_until_it_closes(
    direct: Conversation, asked: Ask
) -> None:
    row = again(asked, direct)
    wrote(row, mail_of(row))
    assert [way.name for way in ways(row, hand=ANSWERER)] == [f"in-{direct.pk}"]
    assert ways(row, hand=LATER) == []


def test_reply_begun_elsewhere_is_linked(direct: Conversation, asked: Ask) -> None:
    row = again(asked, direct)
    wrote(row, mail_of(row))
    way = way_named(f"in-{direct.pk}", row, hand=ANSWERER)
    assert begin(row, way, "At eight.", hand=ANSWERER, language="en") == direct
    assert [end for _link, end in joining.linked(row, ANSWERER.eyes)] == [direct]
    assert Draft.objects.get(conversation=direct).words == "At eight."


@pytest.mark.parametrize("change", [{"state": "paused"}, {"channel": "bluesky"}])
def test_box_that_cannot_write_first_is_not_proposed(
    direct: Conversation, mailbox: Box, change: dict[str, str]
) -> None:
    Box.objects.filter(pk=mailbox.pk).update(**change)
    assert ways(direct, hand=LATER) == []


def test_private_words_are_not_said_in_public(direct: Conversation, asked: Ask) -> None:
    row = again(asked, direct)
    wrote(row, mail_of(row))
    Conversation.objects.filter(pk=direct.pk).update(is_public=True)
    assert ways(row, hand=ANSWERER) == []


def test_reader_is_proposed_nothing(direct: Conversation) -> None:
    reader = replace(LATER.eyes, author=replace(LATER.eyes.author, rights=frozenset()))
    assert ways(direct, hand=Hand(eyes=reader, terms=LATER.terms)) == []
