"""A box that is not read is told by mail to those who can mend it: once, and once more after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail

from tests.cast import NOON
from vigie.cli import box_notices
from vigie.http import open_http
from vigie.inbox.models import Box
from vigie.register.models import Person, Role
from vigie.settings import Settings
from vigie.sources.models import Work

SECRET = {"en": "The password was refused. Enter it again.", "fr": "Mot de passe refusé."}


@pytest.fixture
def told(settings: Settings) -> Settings:
    """Settings with a mail server, and nobody named who is told."""
    return replace(settings, mail_url="smtp://h", language="en", address="https://vigie.example")


@pytest.fixture(autouse=True)
def administrator(db: None) -> Person:
    """Someone who may connect boxes, and someone who may not."""
    for name, role in (("carol", "administrator"), ("dan", "editor")):
        user = User.objects.create(username=name, email=f"{name}@n.example")
        person = Person.objects.create(user=user, name=name)
        Role.objects.create(person=person, name=role)
    return Person.objects.get(name="carol")


def turn(told: Settings, minutes: int, *, failing_for: int | None, box: str = "mail") -> None:
    """Look at a box after a turn that went well, or failed for so many minutes."""
    now = NOON + timedelta(minutes=minutes)
    since = None if failing_for is None else now - timedelta(minutes=failing_for)
    work = Work(kind="read_box", subject=box, due_at=now, misses=0 if since is None else 3,
                failing_since=since, failure=None if since is None else SECRET)  # fmt: skip
    box_notices.consider(work, settings=told, http=open_http(told), now=now)


@pytest.mark.parametrize(
    ("turns", "subjects"),
    [
        ([(0, None)], []),
        ([(0, 2), (10, 12), (12, None)], []),
        ([(0, 29), (1, 30), (60, 89)], ["could not be read"]),
        ([(0, 31), (5, None), (9, None)], ["could not be read", "is read again"]),
        ([(0, 31), (5, None), (90, 40)], ["could not be read", "is read again",
                                          "could not be read"]),
    ],
)  # fmt: skip
def test_who_can_mend_a_box_is_told_once(
    mailbox: Box, told: Settings, turns: list[tuple[int, int | None]], subjects: list[str]
) -> None:
    for minutes, failing_for in turns:
        turn(told, minutes, failing_for=failing_for)
    assert [one.subject for one in mail.outbox] == [f"[Vigie] Mail {one}" for one in subjects]
    assert all(one.to == ["carol@n.example"] for one in mail.outbox)


def test_mail_says_why_and_where_it_is_mended(mailbox: Box, told: Settings) -> None:
    turn(told, 0, failing_for=31)
    assert SECRET["en"] in mail.outbox[0].body
    assert "https://vigie.example/inbox/boxes/mail/?show=connection" in mail.outbox[0].body


def test_box_that_is_paused_or_gone_tells_nobody(mailbox: Box, told: Settings) -> None:
    Box.objects.update(state="paused")
    turn(told, 0, failing_for=31)
    turn(told, 0, failing_for=31, box="gone")
    assert mail.outbox == []


def test_those_named_in_settings_are_told_too_and_nobody_twice(
    mailbox: Box, told: Settings
) -> None:
    turn(replace(told, notify_mail="it@n.example, Carol@n.example"), 0, failing_for=31)
    assert [one.casefold() for one in mail.outbox[0].to] == ["carol@n.example", "it@n.example"]
