"""Sharing out: what waits goes to whoever has room, and to nobody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import ALICE, BOB, CHARLIE, NOON
from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.carrying import in_all, knows_in_all, taken_words
from vigie.inbox.changes import Hand
from vigie.inbox.clock import Period, ServiceHours
from vigie.inbox.entrusting import to_ask
from vigie.inbox.models import Capacity, Conversation
from vigie.inbox.owing import Terms
from vigie.inbox.releasing import release_person
from vigie.inbox.service_map import standings
from vigie.inbox.sharing import Carrier, InAll, Waiting, shared
from vigie.inbox.sharing_changes import (
    erase_capacity,
    put_capacity,
    put_in_all,
    share_out,
    waiting,
)
from vigie.inbox.visible import Eyes, eyes_of_the_machine
from vigie.register.models import LogEntry, Person, Service
from vigie.register.rights import COMMAND_LINE, RIGHTS, Author
from vigie.words import say

TERMS = Terms(zone=ZoneInfo("Europe/Paris"), now=NOON)
HAND = Hand(eyes=Eyes(author=COMMAND_LINE), terms=TERMS)
Asked = Callable[..., Conversation]


def machine() -> Hand:
    """Return the hand of the command line, which sees what is confidential."""
    return Hand(eyes=eyes_of_the_machine(), terms=TERMS)


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


desks = st.lists(
    st.builds(
        Carrier, service=st.integers(1, 3), person=st.integers(1, 4),
        most=st.integers(0, 4), open=st.integers(0, 5),
    ),
    unique_by=lambda one: (one.service, one.person),
)  # fmt: skip
limits = st.dictionaries(st.integers(1, 4), st.integers(1, 6))
asked_of = st.lists(st.tuples(st.integers(1, 3), st.none() | st.integers(1, 4)), max_size=25)


@given(asked_of=asked_of, carriers=desks, limits=limits)
def test_nobody_carries_more_than_they_can_in_any_service_nor_in_all(
    asked_of: list[tuple[int, int | None]], carriers: list[Carrier], limits: dict[int, int]
) -> None:
    waits = [
        Waiting(conversation=number, service=service, known_by=known)
        for number, (service, known) in enumerate(asked_of)
    ]
    before = Counter({one.person: 0 for one in carriers})
    for one in carriers:
        before[one.person] += one.open
    in_all = [InAll(person=key, most=most, open=before[key]) for key, most in limits.items()]
    got = dict(shared(waits, carriers, in_all))
    new_here = Counter((asked_of[key][0], person) for key, person in got.items())
    new_in_all = Counter(got.values())
    left = {one.service for one in waits if one.conversation not in got}
    for one in carriers:
        here, over_all = new_here[one.service, one.person], new_in_all[one.person]
        room = min(one.room - here, limits.get(one.person, 99) - before[one.person] - over_all)
        assert not here or room >= 0
        assert one.service not in left or room <= 0


def test_who_has_most_room_is_judged_over_all_services_too() -> None:
    carriers = [Carrier(person=1, most=10), Carrier(person=2, most=4, open=2)]
    assert shared(queue(1), carriers, [InAll(person=1, most=10, open=9)]) == [(0, 2)]


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


def test_what_two_services_give_one_person_is_no_more_than_they_carry_in_all(
    asked: Asked, library: Service, health: Service, alice: Person
) -> None:
    Service.objects.filter(pk=health.pk).update(correspondent=alice)
    for _number in range(3):
        asked(service=library)
        asked(service=health, urgency="high")
    for service in Service.objects.all():
        put_capacity(service, alice, 2, hand=machine())
    put_in_all(library, alice, 3, hand=machine())
    assert share_out(TERMS) == 3
    theirs = Conversation.objects.filter(person=alice)
    assert sorted(str(row.service) for row in theirs) == ["Health", "Health", "Library"]
    put_in_all(library, alice, None, hand=machine())
    assert share_out(TERMS) == 1


def test_what_is_open_elsewhere_counts_in_all(
    asked: Asked, library: Service, alice: Person
) -> None:
    asked(person=alice)
    asked(person=alice, state="waiting")
    asked(person=alice, merged_into=asked(person=alice, state="closed", closed_at=NOON))
    asked(service=library)
    put_capacity(library, alice, 5, hand=HAND)
    put_in_all(library, alice, 1, hand=HAND)
    assert share_out(TERMS) == 0
    put_in_all(library, alice, 2, hand=HAND)
    assert share_out(TERMS) == 1


def test_everybody_says_of_themselves_how_much_they_carry_in_all(
    library: Service, alice: Person
) -> None:
    own = Hand(eyes=Eyes(author=Author(name=ALICE), person=alice.pk), terms=TERMS, person=alice)
    put_in_all(library, alice, 7, hand=own)
    assert in_all([alice.pk]) == {alice.pk: 7}


def test_how_much_somebody_of_a_confidential_service_carries_is_not_told(
    asked: Asked, library: Service, health: Service, alice: Person
) -> None:
    keeper = Hand(eyes=Eyes(author=Author(name=BOB, rights=RIGHTS["editor"])), terms=TERMS)
    assert knows_in_all(keeper.eyes, [alice.pk]) == {alice.pk}
    asked(service=health, person=alice)
    assert knows_in_all(keeper.eyes, [alice.pk]) == set()
    with pytest.raises(ForbiddenError, match="confidential"):
        put_in_all(library, alice, 7, hand=keeper)


@pytest.mark.parametrize("most", [0, -1, 1_001])
def test_no_room_at_all_is_said_service_by_service(
    library: Service, alice: Person, most: int
) -> None:
    with pytest.raises(InboxError, match="in all"):
        put_in_all(library, alice, most, hand=HAND)


def test_taking_one_more_says_how_much_that_is(
    asked: Asked, library: Service, alice: Person
) -> None:
    for _number in range(3):
        asked(service=library, person=alice)
    assert str(taken_words(alice, library)) == "It is yours."
    Capacity.objects.create(service=library, person=alice, most=2)
    assert "You carry 3 conversations of Library now, more than the 2" in say(
        taken_words(alice, library), "en"
    )
    put_in_all(library, alice, 1, hand=HAND)
    assert "more than the 1 you can in all" in say(taken_words(alice, library), "en")


def test_map_says_who_carries_more_than_they_can(
    asked: Asked, library: Service, alice: Person
) -> None:
    asked(service=library, person=alice)
    asked(service=library, person=alice)
    Capacity.objects.create(service=library, person=alice, most=5)
    (row,) = standings(HAND.eyes, now=NOON)
    assert not row.overburdened
    put_in_all(library, alice, 1, hand=HAND)
    (row,) = standings(HAND.eyes, now=NOON)
    assert [(one.open_in_all, one.most_in_all) for one in row.overburdened] == [(2, 1)]
    assert row.needs_attention


def test_who_leaves_carries_nothing(library: Service, alice: Person) -> None:
    put_in_all(library, alice, 5, hand=HAND)
    release_person(alice, by=COMMAND_LINE, now=NOON)
    assert in_all([alice.pk]) == {}


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
