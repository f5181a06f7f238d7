"""What nobody wants: put aside by a click, counted nowhere, brought back by another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.cast import NOON
from tests.inbox.pigeon import letter, loft
from tests.inbox.slow_tables import left
from tests.inbox.test_mail import read, written
from tests.inbox.test_sending import ANSWERER, EDITOR
from vigie.errors import ForbiddenError
from vigie.inbox import changes, listing, unwanted
from vigie.inbox.admission import Office
from vigie.inbox.changes import Hand
from vigie.inbox.channels.mail import Mail
from vigie.inbox.intake import put, take_waiting
from vigie.inbox.listing import Wanted
from vigie.inbox.models import Arrival, Box, Contact, Conversation
from vigie.inbox.visible import Eyes
from vigie.register.models import Service
from vigie.register.rights import NOBODY

Bring = Callable[..., list[Arrival]]


@pytest.fixture
def offer(bring: Bring) -> Conversation:
    """Something that asks nothing of a university."""
    bring(loft(letter("1", words="Buy now!")))
    return Conversation.objects.get()


def shown(state: str) -> int:
    return listing.chosen(EDITOR.eyes, Wanted(state=state), now=NOON).total()


def test_one_click_puts_it_aside_and_another_brings_it_back(offer: Conversation) -> None:
    unwanted.mark(offer, hand=ANSWERER)
    assert (shown("open"), shown("unwanted")) == (0, 1)
    unwanted.take_back(offer, hand=ANSWERER)
    assert (shown("open"), shown("unwanted")) == (1, 0)


def test_what_was_answered_before_waits_for_them_again(offer: Conversation) -> None:
    changes.reply(offer, "No, thank you.", hand=ANSWERER)
    unwanted.mark(offer, hand=ANSWERER)
    unwanted.take_back(offer, hand=ANSWERER)
    assert Conversation.objects.get().state == "waiting"


def test_no_figure_counts_it(offer: Conversation, office: Office) -> None:
    unwanted.mark(offer, hand=ANSWERER)
    (row,) = left(Conversation.objects.all(), terms=office.terms).conversations
    assert row.left_out == "spam"


def test_its_sender_can_still_write_and_its_thread_stays_aside(
    offer: Conversation, bring: Bring
) -> None:
    unwanted.mark(offer, hand=ANSWERER)
    bring(loft(letter("2", thread="1"), letter("3")))
    states = Conversation.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["unwanted", "open"]


def test_sender_is_put_aside_only_by_a_second_click_which_is_undone_too(
    offer: Conversation, bring: Bring
) -> None:
    unwanted.refuse_sender(offer, hand=ANSWERER)
    bring(loft(letter("2")))
    unwanted.hear_sender(offer, hand=ANSWERER)
    bring(loft(letter("3")))
    assert (shown("open"), shown("unwanted")) == (2, 1)
    assert Contact.objects.get().unwanted_at is None


@pytest.mark.parametrize("act", [unwanted.mark, unwanted.take_back, unwanted.refuse_sender])
def test_stranger_puts_nothing_aside(offer: Conversation, act: Callable[..., None]) -> None:
    stranger: Hand = replace(ANSWERER, eyes=Eyes(author=NOBODY))
    with pytest.raises(ForbiddenError):
        act(offer, hand=stranger)


@pytest.mark.parametrize(
    ("header", "is_unwanted"),
    [
        ("X-Spam-Flag: YES", True),
        ("X-Spam-Flag: NO", False),
        ("Authentication-Results: mx.example; dmarc=fail (p=REJECT dis=NONE) header.from=a", True),
        ("Authentication-Results: mx.example; dmarc=fail (p=NONE) header.from=a.example", False),
        ("Authentication-Results: mx.example; dmarc=pass (p=REJECT) header.from=a", False),
    ],
)
def test_verdict_of_the_mail_server_is_honoured(header: str, is_unwanted: bool) -> None:
    assert (read(written(header)).unwanted is not None) is is_unwanted


def test_unwanted_mail_keeps_its_service_and_says_why(
    mailbox: Box, health: Service, office: Office
) -> None:
    Box.objects.update(service=health)
    mailbox.refresh_from_db()
    put(mailbox, written("X-Spam-Flag: YES"), home=office.home, now=NOON)
    take_waiting(mailbox, Mail({}, address=mailbox.address), office)
    row = Conversation.objects.get()
    assert (row.state, row.service) == ("unwanted", health)
    assert any("X-Spam-Flag" in one.reason["en"] for one in row.passages.all())
