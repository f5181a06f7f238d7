"""Sharing out: what waits goes to whoever has room, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import ALICE, CHARLIE, NOON
from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.changes import Hand
from vigie.inbox.clock import Period, ServiceHours
from vigie.inbox.entrusting import to_ask
from vigie.inbox.models import Capacity, Conversation
from vigie.inbox.owing import Terms
from vigie.inbox.sharing import Carrier, Waiting, shared
from vigie.inbox.sharing_changes import erase_capacity, put_capacity, share_out, waiting
from vigie.inbox.visible import Eyes
from vigie.register.models import LogEntry, Person, Service
from vigie.register.rights import COMMAND_LINE, Author

TERMS = Terms(zone=ZoneInfo("Europe/Paris"), now=NOON)
HAND = Hand(eyes=Eyes(author=COMMAND_LINE), terms=TERMS)
Asked = Callable[..., Conversation]


def queue(count: int) -> list[Waiting]:
    return [Waiting(conversation=number) for number in range(count)]


def test_whoever_has_most_room_gets_the_next_one() -> None:
    carriers = [Carrier(person=1, most=10, open=5), Carrier(person=2, most=4, open=1)]
    assert shared(queue(2), carriers) == [(0, 2), (1, 1)]


def test_who_knows_the_person_gets_them_while_there_is_room() -> None:
    carriers = [Carrier(person=1, most=5), Carrier(person=2, most=5, open=4)]
    known = [Waiting(conversation=number, known_by=2) for number in range(2)]
    assert shared(known, carriers) == [(0, 2), (1, 1)]


def test_who_is_away_gets_nothing() -> None:
    assert shared(queue(3), [Carrier(person=1, most=0)]) == []


people = st.lists(
    st.builds(Carrier, person=st.integers(1, 6), most=st.integers(0, 5), open=st.integers(0, 7)),
    unique_by=lambda one: one.person,
)


@given(count=st.integers(0, 30), carriers=people)
def test_nobody_carries_more_than_they_can_and_no_room_is_left_while_one_waits(
    count: int, carriers: list[Carrier]
) -> None:
    got = [person for _conversation, person in shared(queue(count), carriers)]
    assert all(got.count(one.person) <= one.room for one in carriers)
    assert len(got) == min(count, sum(one.room for one in carriers))


def test_what_waits_is_shared_out_the_most_urgent_first(
    asked: Asked, library: Service, alice: Person
) -> None:
    late = asked(service=library, expires_at=NOON + timedelta(hours=2))
    soon = asked(service=library, expires_at=NOON + timedelta(hours=1))
    high = asked(service=library, urgency="high")
    put_capacity(library, alice, 2, hand=HAND)
    assert share_out(TERMS) == 2
    had = set(Conversation.objects.filter(person=alice).values_list("pk", flat=True))
    assert had == {high.pk, soon.pk}
    assert waiting(library).count == 1
    assert share_out(TERMS) == 0
    late.refresh_from_db()
    assert late.person is None


def test_whoever_finishes_one_gets_the_next_one(
    asked: Asked, library: Service, alice: Person
) -> None:
    first, second = asked(service=library), asked(service=library)
    put_capacity(library, alice, 1, hand=HAND)
    share_out(TERMS)
    Conversation.objects.filter(pk=first.pk).update(state="closed", closed_at=NOON)
    assert share_out(TERMS) == 1
    second.refresh_from_db()
    assert (second.person, second.passages.last().by) == (alice, "sharing out")  # type: ignore[union-attr]


def test_who_wrote_before_goes_to_whom_they_know(
    asked: Asked, library: Service, alice: Person, bob: Person
) -> None:
    before = asked(service=library, person=bob, state="closed", closed_at=NOON)
    again = asked(service=library, contact=before.contact)
    for person in (alice, bob):
        put_capacity(library, person, 5, hand=HAND)
    share_out(TERMS)
    again.refresh_from_db()
    assert again.person == bob


def test_nothing_is_shared_out_while_the_service_is_closed(
    asked: Asked, library: Service, alice: Person
) -> None:
    asked(service=library)
    put_capacity(library, alice, 5, hand=HAND)
    never: tuple[tuple[Period, ...], ...] = ((),) * 7
    closed = ServiceHours(zone=TERMS.zone, week=never)
    assert share_out(Terms(zone=TERMS.zone, now=NOON, hours={library.pk: closed})) == 0


def test_nothing_is_shared_out_where_nobody_said_how_much(asked: Asked, library: Service) -> None:
    asked(service=library)
    assert share_out(TERMS) == 0


def test_correspondent_is_not_asked_for_what_waits_for_room(
    asked: Asked, library: Service, alice: Person, bob: Person
) -> None:
    asked(service=library)
    put_capacity(library, bob, 1, hand=HAND)
    assert not to_ask().exists()
    put_capacity(library, bob, 0, hand=HAND)
    assert to_ask().get().asked_of == alice.pk  # type: ignore[attr-defined]  # annotated


def test_who_goes_away_gives_back_what_waits_for_them(
    asked: Asked, library: Service, alice: Person
) -> None:
    owed = asked(service=library, person=alice)
    answered = asked(service=library, person=alice, outgoing_at=NOON + timedelta(hours=1))
    assert put_capacity(library, alice, 0, hand=HAND) == 1
    owed.refresh_from_db()
    answered.refresh_from_db()
    assert (owed.person, answered.person) == (None, alice)


def test_nothing_goes_to_who_may_not_answer(library: Service) -> None:
    charlie = Person.objects.create(name=CHARLIE, mail="charlie@elsewhere.example")
    with pytest.raises(InboxError, match="may not answer"):
        put_capacity(library, charlie, 5, hand=HAND)


def test_who_lost_the_right_gets_nothing_more(
    asked: Asked, library: Service, alice: Person
) -> None:
    asked(service=library)
    put_capacity(library, alice, 5, hand=HAND)
    Service.objects.filter(pk=library.pk).update(correspondent=None)
    assert share_out(TERMS) == 0


def test_stranger_says_nobodys_load(library: Service, alice: Person) -> None:
    stranger = Hand(eyes=Eyes(author=Author(name=CHARLIE)), terms=TERMS)
    for change in (
        lambda: put_capacity(library, alice, 5, hand=stranger),
        lambda: erase_capacity(library, alice, hand=stranger),
    ):
        with pytest.raises(ForbiddenError):
            change()
    assert not Capacity.objects.exists()


def test_log_says_who_got_what(asked: Asked, library: Service, alice: Person) -> None:
    asked(service=library)
    put_capacity(library, alice, 5, hand=HAND)
    share_out(TERMS)
    facts = {row.action: row.facts for row in LogEntry.objects.all()}
    assert facts["inbox.capacity"] == {"person": ALICE, "most": 5}
    assert facts["inbox.share"] == {"person": ALICE}


def test_what_is_asked_again_of_who_is_away_goes_to_somebody_else(
    asked: Asked, library: Service, alice: Person, bob: Person
) -> None:
    again = asked(service=library, person=alice, asked_at=NOON + timedelta(hours=2))
    taken = asked(service=library, person=alice)
    for row, hours in ((again, 1), (taken, 3)):
        row.passages.create(service=library, person=alice, at=NOON + timedelta(hours=hours), by="x")
    Capacity.objects.create(service=library, person=alice, most=0)
    put_capacity(library, bob, 5, hand=HAND)
    share_out(TERMS)
    again.refresh_from_db()
    taken.refresh_from_db()
    assert (again.person, taken.person) == (bob, alice)
