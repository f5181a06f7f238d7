"""What a worker still has in hand while another does it: it looks again before it acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.cast import NOON
from vigie.inbox.entrusting import _ask, ask_due, to_ask
from vigie.inbox.models import Conversation, Mailing
from vigie.register.leaving import DOUBT_PAUSE, OVER, SENT, hand_over
from vigie.register.models import Person, Service


def test_mail_that_another_worker_hands_over_is_left_to_it(bob: Person) -> None:
    mailing = Mailing.objects.create(name="one", kind="ask", to=bob, made_at=NOON)
    mine, left = Mailing.objects.get(), list[str]()

    def theirs() -> None:
        assert hand_over(mine, lambda: left.append("mine"), now=NOON) == OVER
        left.append("theirs")

    assert hand_over(mailing, theirs, now=NOON) == SENT
    assert left == ["theirs"]


def test_mail_whose_worker_died_over_it_is_sent_once_more(bob: Person) -> None:
    died = {"begun_at": NOON - DOUBT_PAUSE - timedelta(seconds=1)}
    mailing = Mailing.objects.create(name="one", kind="ask", to=bob, made_at=NOON, **died)
    assert hand_over(mailing, lambda: None, now=NOON) == SENT


def test_question_that_another_worker_asked_meanwhile_is_not_asked_again(
    asked: Callable[..., Conversation], library: Service, alice: Person
) -> None:
    asked(service=library)
    mine = list(to_ask())
    assert ask_due(now=NOON) == 1
    assert _ask(alice, mine, now=NOON) == 0
    assert Mailing.objects.count() == 1
