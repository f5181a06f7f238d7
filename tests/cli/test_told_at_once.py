"""A worker waits where a server tells of news: what it hears of is due at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tests.cast import NOON
from vigie.cli.told_at_once import Waiting
from vigie.errors import NoAnswerError
from vigie.http import Http, open_http
from vigie.inbox.models import Box
from vigie.inbox.working import READ_BOX
from vigie.register.models import Institution
from vigie.settings import Settings
from vigie.sources.models import Work
from vigie.words import _

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(db: None) -> Box:
    """Northfield's mailbox, which is read."""
    northfield = Institution.objects.create(slug="northfield", name="Northfield University")
    return Box.objects.create(name="mail", label="Mail", channel="mail", institution=northfield,
                              state="working")  # fmt: skip


def looks_after(settings: Settings, wait: Callable[[Box, Settings, Http], bool]) -> Waiting:
    """Wait at every box until each was waited at once."""
    stopping = threading.Event()

    def once(box: Box, settings: Settings, http: Http) -> bool:
        stopping.set()
        return wait(box, settings, http)

    made = Waiting(settings=settings, http=open_http(settings), stopping=stopping,
                   clock=lambda: NOON, wait=once)  # fmt: skip
    made.look_after()
    for thread in made.threads.values():
        thread.join(20)
    return made


def test_box_is_due_once_its_server_tells_of_news(settings: Settings, mailbox: Box) -> None:
    looks_after(settings, lambda *_given: True)
    work = Work.objects.get()
    assert (work.kind, work.subject, work.due_at) == (READ_BOX, "mail", NOON)


def test_silence_makes_nothing_due(settings: Settings, mailbox: Box) -> None:
    looks_after(settings, lambda *_given: False)
    assert not Work.objects.exists()


def test_server_that_is_gone_makes_nothing_due(settings: Settings, mailbox: Box) -> None:
    def gone(*_given: object) -> bool:
        raise NoAnswerError(_("Nobody is there."))

    looks_after(settings, gone)
    assert not Work.objects.exists()


@pytest.mark.parametrize("state", ["broken", "paused", "new"])
def test_nobody_waits_at_a_box_that_is_not_read(
    settings: Settings, mailbox: Box, state: str
) -> None:
    Box.objects.update(state=state)
    assert not looks_after(settings, lambda *_given: True).threads


def test_one_alone_waits_at_a_box(settings: Settings, mailbox: Box) -> None:
    goes_on = threading.Event()
    made = Waiting(settings=settings, http=open_http(settings), stopping=threading.Event(),
                   wait=lambda *_given: goes_on.wait(20))  # fmt: skip
    made.look_after()
    first = made.threads["mail"]
    made.look_after()
    assert made.threads["mail"] is first
    made.stopping.set()
    goes_on.set()
    first.join(20)
