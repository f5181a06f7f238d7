"""Who left, or whose service rests, has nothing by name any more."""

from __future__ import annotations

from collections.abc import Callable

from tests.cast import NOON
from tests.inbox.test_sending import EDITOR
from vigie.inbox import service_changes
from vigie.inbox.models import Conversation, Passage
from vigie.inbox.releasing import release_person
from vigie.register.models import LogEntry, Person, Service
from vigie.register.rights import COMMAND_LINE

Ask = Callable[..., Conversation]


def test_what_someone_had_is_anybodys_once_they_left(
    asked: Ask, library: Service, alice: Person
) -> None:
    row = asked(service=library, person=alice)
    done = asked(service=library, person=alice, state="closed", closed_at=NOON)
    assert release_person(alice, by=COMMAND_LINE, now=NOON) == 1
    row.refresh_from_db()
    done.refresh_from_db()
    assert (row.person, row.service, done.person) == (None, library, alice)
    assert "Alice left" in Passage.objects.get().reason["en"].replace("alice", "Alice")
    entry = LogEntry.objects.get(action="inbox.release")
    assert (entry.subject, entry.facts["person"]) == (f"conversation {row.pk}", str(alice))


def test_service_that_rests_has_nothing_by_name(
    asked: Ask, library: Service, alice: Person
) -> None:
    row = asked(service=library, person=alice)
    service_changes.let_rest(library, hand=EDITOR)
    row.refresh_from_db()
    assert (row.person, LogEntry.objects.filter(action="inbox.release").count()) == (None, 1)
