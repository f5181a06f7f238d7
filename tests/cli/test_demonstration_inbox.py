"""The inbox of the demonstration is kept as an inbox is."""

from __future__ import annotations

from datetime import date

import pytest

from vigie.cli.demonstration_inbox import keep_inbox_demonstration
from vigie.demo import OURS, Span
from vigie.inbox.models import Change, Conversation, Message, Satisfaction
from vigie.register.models import Institution

SPAN = Span(today=date(2026, 11, 20))


@pytest.fixture
def kept(db: None) -> None:
    """The inbox of the university that is ours."""
    Institution.objects.create(slug=OURS, name="Port-Laurent", country="FR")
    keep_inbox_demonstration(SPAN)


def test_it_holds_what_every_page_needs(kept: None) -> None:
    rows = Conversation.objects.all()
    assert rows.count() > 350
    assert {row["state"] for row in rows.values("state").distinct()} == {
        "open", "waiting", "snoozed", "closed",
    }  # fmt: skip
    assert rows.filter(service__isnull=True).exists()
    assert rows.filter(state="open", due_at__lt=SPAN.until).exists()
    assert Message.objects.filter(state="proposed").exists()
    assert Satisfaction.objects.filter(score__isnull=False).count() > 50
    assert Change.objects.filter(is_public=True).exists()


def test_nothing_happens_later_than_the_last_look(kept: None) -> None:
    assert not Message.objects.filter(said_at__gt=SPAN.until).exists()
    assert not Conversation.objects.filter(closed_at__gt=SPAN.until).exists()


def test_no_network_is_asked(kept: None) -> None:
    from vigie.inbox.working import boxes_to_read

    assert not boxes_to_read()


def test_it_is_kept_once(kept: None) -> None:
    before = Conversation.objects.count()
    keep_inbox_demonstration(SPAN)
    assert Conversation.objects.count() == before
