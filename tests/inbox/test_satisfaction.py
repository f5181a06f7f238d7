"""People are asked once whether they were helped, on their own channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.cast import NOON
from vigie.errors import InboxError
from vigie.inbox import satisfaction
from vigie.inbox.models import Box, Conversation, Handle, Message, Satisfaction
from vigie.inbox.owing import Terms
from vigie.inbox.satisfaction import LASTS, MAY_CHANGE, TERM, ask_helped, keep, of_token, worded
from vigie.inbox.sending import outgoing_of
from vigie.settings import Settings

Ask = Callable[..., Conversation]
TERMS = Terms(zone=ZoneInfo("Europe/Paris"), now=NOON)
ASKED = NOON - timedelta(hours=5)
DONE = {"state": "closed", "closed_at": NOON - timedelta(hours=3),
        "answered_at": NOON - timedelta(hours=4)}  # fmt: skip


@pytest.fixture
def conf(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, address="https://vigie.example", language="en")


@pytest.fixture
def closed(asked: Ask) -> Callable[..., Conversation]:
    """Return a conversation that was answered and closed three hours ago."""

    def make(**changes: object) -> Conversation:
        row = asked(**{**DONE, **changes})
        Message.objects.create(conversation=row, box=row.box, direction="in", key=f"in{row.pk}",
                               handle=Handle.objects.latest("pk"), words="?", said_at=ASKED,
                               received_at=ASKED, state="received")  # fmt: skip
        return row

    return make


def question(conf: Settings) -> tuple[Satisfaction, str]:
    ask_helped(conf, terms=TERMS)
    message = Message.objects.get(direction="out")
    token = worded(message).split("/satisfaction/")[1].split("/")[0]
    row = of_token(token)
    assert row is not None
    return row, token


def test_it_is_asked_once(closed: Ask, conf: Settings) -> None:
    closed()
    assert [ask_helped(conf, terms=TERMS) for _time in range(2)] == [1, 0]


@pytest.mark.parametrize("changes", [
    {"closed_at": NOON - timedelta(minutes=5)}, {"closed_at": NOON - timedelta(days=9)},
    {"answered_at": None}, {"is_public": True}, {"kind": "comment"}, {"state": "open"},
])  # fmt: skip
def test_others_are_not_asked(changes: dict[str, object], closed: Ask, conf: Settings) -> None:
    closed(**changes)
    assert ask_helped(conf, terms=TERMS) == 0


def test_who_was_closed_before_it_came_here_is_not_asked(closed: Ask, conf: Settings) -> None:
    closed()
    Message.objects.update(received_at=NOON - timedelta(hours=1))
    assert ask_helped(conf, terms=TERMS) == 0


def test_box_may_ask_nobody(closed: Ask, conf: Settings) -> None:
    closed()
    Box.objects.update(asks_satisfaction=False)
    assert ask_helped(conf, terms=TERMS) == 0


def test_machine_is_not_asked(closed: Ask, conf: Settings) -> None:
    closed()
    Message.objects.update(is_automatic=True)
    assert ask_helped(conf, terms=TERMS) == 0


def test_nobody_is_asked_twice_in_a_term(closed: Ask, conf: Settings) -> None:
    first = closed()
    ask_helped(conf, terms=TERMS)
    closed(contact=first.contact)
    assert ask_helped(conf, terms=TERMS) == 0
    later = NOON + TERM + timedelta(hours=1)
    closed(contact=first.contact, closed_at=later - timedelta(hours=3))
    assert ask_helped(conf, terms=replace(TERMS, now=later)) == 1


def test_link_leaves_with_the_message_and_is_kept_nowhere(closed: Ask, conf: Settings) -> None:
    closed()
    _row, token = question(conf)
    message = Message.objects.get(direction="out")
    assert token in outgoing_of(message).words
    assert token not in str(Message.objects.values()) + str(Satisfaction.objects.values())


def test_answer_may_be_changed_for_a_while(closed: Ask, conf: Settings) -> None:
    closed()
    row, token = question(conf)
    keep(row, score=2, words="Slow", now=NOON)
    row = of_token(token) or row
    keep(row, score=4, words="", now=NOON + timedelta(days=1))
    row = of_token(token) or row
    with pytest.raises(InboxError):
        keep(row, score=1, words="", now=NOON + MAY_CHANGE)
    assert Satisfaction.objects.get().score == 4


def test_question_ends(closed: Ask, conf: Settings) -> None:
    closed()
    row, _token = question(conf)
    assert not satisfaction.may_say(row, now=NOON + LASTS)


def test_page_asks_and_keeps(closed: Ask, conf: Settings) -> None:
    closed(closed_at=NOON)
    Conversation.objects.update(closed_at=NOON - timedelta(hours=3))
    _row, token = question(conf)
    Satisfaction.objects.update(asked_at=satisfaction.datetime.now(tz=NOON.tzinfo))
    client = Client(headers={"accept-language": "en"}, enforce_csrf_checks=True)
    asked = client.get(f"/satisfaction/{token}/").content.decode()
    assert "Were you helped?" in asked
    assert "Northfield University" in asked
    assert client.post(f"/satisfaction/{token}/", {"words": "x"}).status_code == 422
    client.post(f"/satisfaction/{token}/", {"score": "5", "words": "Kind"})
    assert (Satisfaction.objects.get().score, Satisfaction.objects.get().words) == (5, "Kind")
    assert client.get(f"/satisfaction/{token[:-2]}xx/").status_code == 410
