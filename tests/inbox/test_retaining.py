"""Words are kept as long as a rule says: they go, figures do not change, and nobody is named."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOON
from tests.inbox.pigeon import letter, loft
from tests.inbox.slow_tables import left
from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.admission import Office
from vigie.inbox.changes import Hand
from vigie.inbox.models import (
    Arrival,
    Attachment,
    Contact,
    Conversation,
    Handle,
    Message,
    Note,
    Retention,
    Wording,
)
from vigie.inbox.owing import Terms
from vigie.inbox.retaining import Takes, erase_rule, put_rule, retain, switch, takes
from vigie.inbox.visible import Eyes
from vigie.register.models import LogEntry, Service
from vigie.register.rights import COMMAND_LINE, RIGHTS, Author

YEARS_LATER = NOON + timedelta(days=1200)
HAND = Hand(
    eyes=Eyes(author=COMMAND_LINE), terms=Terms(zone=ZoneInfo("Europe/Paris"), now=YEARS_LATER)
)
Bring = Callable[..., list[Arrival]]


@pytest.fixture
def old(bring: Bring, library: Service) -> Conversation:
    """A question with a file and a note, closed years ago."""
    bring(loft(letter("1", words="My name is Marie Durand", files={"a.pdf": "%PDF-1.7\n"})))
    row = Conversation.objects.get()
    Note.objects.create(conversation=row, words="Call Marie", at=NOON)
    Conversation.objects.update(state="closed", closed_at=NOON, service=library, subject="Marie")
    row.refresh_from_db()
    return row


def on(service: Service | None = None, kind: str = "", months: int = 24) -> Retention:
    rule = put_rule(service, kind, months, hand=HAND)
    switch(rule, is_on=True, hand=HAND)
    rule.refresh_from_db()
    return rule


def test_rule_says_what_it_would_take_and_takes_nothing(old: Conversation, office: Office) -> None:
    rule = put_rule(None, "", 24, hand=HAND)
    assert takes(rule, now=YEARS_LATER) == Takes(
        conversations=1, messages=1, notes=1, files=1, contacts=1
    )
    assert retain(home=office.home, now=YEARS_LATER) == Takes()
    assert Message.objects.get().words


def test_what_was_said_it_would_take_is_what_it_takes(old: Conversation, office: Office) -> None:
    rule = on()
    said = takes(rule, now=YEARS_LATER)
    assert retain(home=office.home, now=YEARS_LATER) == said
    assert takes(rule, now=YEARS_LATER) == Takes()


def test_no_word_name_or_file_is_left(old: Conversation, office: Office) -> None:
    on()
    retain(home=office.home, now=YEARS_LATER)
    models = (Conversation, Contact, Handle, Message, Note, Attachment, Wording, LogEntry)
    left = json.dumps([list(model.objects.values()) for model in models], default=str)
    assert "arie" not in left
    assert [path for path in office.home.rglob("*") if path.is_file()] == []


def test_weekly_totals_are_unchanged(old: Conversation, office: Office) -> None:
    before = weekly()
    on()
    retain(home=office.home, now=YEARS_LATER)
    assert weekly() == before


def weekly() -> Counter[object]:
    found = left(Conversation.objects.all(), terms=HAND.terms)
    return Counter([*found.conversations, *found.responses])


def test_what_was_closed_of_late_stays(old: Conversation, office: Office) -> None:
    Conversation.objects.update(closed_at=YEARS_LATER - timedelta(days=10))
    on()
    assert retain(home=office.home, now=YEARS_LATER) == Takes()


def test_what_still_waits_stays(old: Conversation, office: Office) -> None:
    Conversation.objects.update(state="open", closed_at=None)
    on()
    assert retain(home=office.home, now=YEARS_LATER) == Takes()


def test_rule_of_a_service_beats_that_of_all(old: Conversation, office: Office) -> None:
    on(months=1)
    on(old.service, months=120)
    assert retain(home=office.home, now=YEARS_LATER) == Takes()


def test_who_still_waits_keeps_their_name(old: Conversation, office: Office, bring: Bring) -> None:
    bring(loft(letter("2")))
    on()
    assert retain(home=office.home, now=YEARS_LATER).contacts == 0
    assert Handle.objects.exists()


def test_what_is_delivered_again_does_not_come_back(
    old: Conversation, office: Office, bring: Bring
) -> None:
    on()
    retain(home=office.home, now=YEARS_LATER)
    bring(loft(letter("1", words="My name is Marie Durand"), letter("3", author="bob")))
    assert Message.objects.filter(conversation=old).get().words == ""
    assert Conversation.objects.count() == 2


def test_log_says_how_much_went_and_names_nobody(old: Conversation, office: Office) -> None:
    on()
    retain(home=office.home, now=YEARS_LATER)
    entry = LogEntry.objects.get(action="inbox.retain")
    assert entry.facts == {"conversations": 1, "messages": 1, "notes": 1, "files": 1, "contacts": 1}


def test_many_go_part_by_part(
    old: Conversation, office: Office, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(loft(*(letter(str(number), author=f"student-{number}") for number in range(10, 15))))
    Conversation.objects.update(state="closed", closed_at=NOON)
    monkeypatch.setattr("vigie.inbox.retaining.AT_ONCE", 2)
    on()
    assert retain(home=office.home, now=YEARS_LATER).conversations == 6
    told = [one.facts["conversations"] for one in LogEntry.objects.filter(action="inbox.retain")]
    assert told == [2, 2, 2]


def test_rule_that_is_changed_is_off_again(old: Conversation) -> None:
    on()
    assert not put_rule(None, "", 12, hand=HAND).is_on


def test_only_who_may_erase_makes_rules(db: None) -> None:
    editor = Hand(eyes=Eyes(author=Author(name="edith", rights=RIGHTS["editor"])), terms=HAND.terms)
    with pytest.raises(ForbiddenError):
        put_rule(None, "", 24, hand=editor)


@pytest.mark.parametrize(("kind", "months"), [("", 0), ("", 900), ("smoke", 12)])
def test_rule_that_makes_no_sense_is_refused(db: None, kind: str, months: int) -> None:
    with pytest.raises(InboxError):
        put_rule(None, kind, months, hand=HAND)


def test_rule_is_taken_out(db: None, tmp_path: Path) -> None:
    erase_rule(on(), hand=HAND)
    assert not Retention.objects.exists()


def test_who_goes_on_with_a_matter_that_grew_old_begins_a_new_one(
    old: Conversation, office: Office, bring: Bring
) -> None:
    on()
    retain(home=office.home, now=YEARS_LATER)
    bring(loft(letter("9", thread="1")))
    assert Conversation.objects.get(messages__key="9").pk != old.pk
