"""Quick totals and pages are those that every conversation looked at by itself gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import NOON
from vigie.inbox import in_step, tallying
from vigie.inbox.listing import NOBODYS, Chosen, Place, Wanted, chosen
from vigie.inbox.marks import marks_of
from vigie.inbox.models import CalledIn, Conversation, Message, Tally, Wording
from vigie.inbox.models.choices import KINDS, STATES
from vigie.inbox.routing import folded
from vigie.inbox.searching import note_words
from vigie.inbox.sought import sought
from vigie.inbox.visible import Eyes, eyes_of
from vigie.register.models import Person, Role, Service
from vigie.register.rights import NOBODY, RIGHTS, Author

WORDS = ("Étudiant", "etudiants", "carte", "Œuvre", "d’accord", "le", "=open", "service1", "zoé")
TYPED = (*WORDS, "etud*", "« carte le »", '"le carte"', "absent", "carte le", "s*", "d’accord le")
ANSWERER = Author(name="erin", rights=RIGHTS["answerer"])
Ask = Callable[..., Conversation]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Whose services there are, and who looks."""

    ask: Ask
    services: Sequence[Service | None]
    person: Person


@pytest.fixture
def desk(asked: Ask, library: Service, health: Service, alice: Person) -> Desk:
    """A library, a confidential health centre, and Alice, who may have a role in either."""
    return Desk(ask=asked, services=(None, library, health), person=alice)


one = st.fixed_dictionaries({
    "state": st.sampled_from(STATES), "kind": st.sampled_from(KINDS[:3]),
    "service": st.integers(0, 2), "words": st.lists(st.sampled_from(WORDS), max_size=6),
    "is_called": st.booleans(), "is_mine": st.booleans(), "hours": st.integers(-3, 3),
    "becomes": st.sampled_from(("nothing", "closed", "moved", "merged", "gone")),
})  # fmt: skip
looks = st.builds(
    Wanted,
    state=st.sampled_from(("", "open", "closed")),
    service=st.sampled_from(("", "", NOBODYS, "library", "health", "unknown")),
    kind=st.sampled_from(("", "", "mail")),
    is_mine=st.sampled_from((False, False, True)),
    is_late=st.sampled_from((False, False, True)),
    order=st.sampled_from(("newest", "expiring")),
    words=st.sampled_from(("", *TYPED)).map(sought),
)
random_desk = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip


def filled(desk: Desk, drawn: Sequence[Mapping[str, Any]]) -> None:
    """Write conversations, then change them the ways people and programs do."""
    for number, given_ in enumerate(drawn):
        moment = NOON + timedelta(hours=given_["hours"], minutes=number)
        made = desk.ask(
            state=given_["state"], kind=given_["kind"], service=desk.services[given_["service"]],
            person=desk.person if given_["is_mine"] else None, touched_at=moment,
            due_at=moment, expires_at=moment if number % 2 else None,
            snoozed_until=NOON, closed_at=NOON,
        )  # fmt: skip
        half = len(given_["words"]) // 2
        for place, said in enumerate((given_["words"][:half], given_["words"][half:])):
            Message.objects.create(
                conversation=made, box=made.box, direction="in", key=f"{made.pk} {place}",
                words=" ".join(said), said_at=NOON, received_at=NOON, state="received",
            )  # fmt: skip
        note_words([made.pk])
        if given_["is_called"]:
            CalledIn.objects.create(conversation=made, person=desk.person, by="bob", at=NOON)
        become(made, given_["becomes"], desk)


def become(made: Conversation, what: str, desk: Desk) -> None:
    row = Conversation.objects.filter(pk=made.pk)
    first = Conversation.objects.exclude(pk=made.pk).order_by("pk").first()
    if what == "closed":
        row.update(state="closed")
    elif what == "moved":
        made.service, made.kind = desk.services[-1], "found"
        Conversation.objects.bulk_update([made], ["service", "kind"])
    elif what == "merged" and first is not None:
        made.merged_into = first
        made.save()
    elif what == "gone":
        Message.objects.filter(conversation=made).delete()
        row.delete()


def sees(row: Conversation, eyes: Eyes) -> bool:
    """What the documentation says of who sees what, word by word."""
    if row.called_in.filter(person=eyes.person).exists():
        return True
    if row.service_id in dict(eyes.in_services):
        return True
    is_confidential = row.service is not None and row.service.is_confidential
    return not is_confidential and eyes.author is ANSWERER


def holds(row: Conversation, wanted: Wanted) -> bool:
    """Look at the words of one conversation as they were written."""
    texts = [row.contact.name, *(one.address for one in row.contact.handles.all())]
    said = [folded(text) for text in (*texts, *(one.words for one in row.messages.all()))]
    return all(
        any(f" {' '.join(term.words)}{'' if term.is_beginning else ' '}" in text for text in said)
        for term in wanted.words.terms
    )


def fits(row: Conversation, eyes: Eyes, wanted: Wanted) -> bool:
    slug = NOBODYS if row.service is None else row.service.slug
    return (
        row.merged_into is None
        and (not wanted.state or row.state == wanted.state)
        and (not wanted.kind or row.kind == wanted.kind)
        and (not wanted.service or slug == wanted.service)
        and (not wanted.is_mine or row.person_id == eyes.person)
        and (not wanted.is_late or (row.due_at is not None and row.due_at < NOON))
        and sees(row, eyes)
        and holds(row, wanted)
    )


def all_pages(asked: Chosen, total: int) -> list[int]:
    found, after = [], None
    while True:
        rows, after = asked.page(after=after, size=3, total=total)
        found += [row.pk for row in rows]
        if after is None:
            return found
        after = Place.read(str(after))


@random_desk
@given(
    drawn=st.lists(one, max_size=9),
    role=st.sampled_from(("everywhere", "library", "health", "nowhere")),
    wanted=st.lists(looks, min_size=4, max_size=4),
)
def test_totals_and_pages_are_what_looking_at_each_gives(
    desk: Desk, drawn: list[dict[str, Any]], role: str, wanted: list[Wanted]
) -> None:
    with transaction.atomic():
        filled(desk, drawn)
        if role in ("library", "health"):
            own = Service.objects.get(slug=role)
            Role.objects.create(person=desk.person, name="answerer", service=own)
        eyes = eyes_of(desk.person, ANSWERER if role == "everywhere" else NOBODY)
        for look in wanted:
            expected = {row.pk for row in Conversation.objects.all() if fits(row, eyes, look)}
            asked = chosen(eyes, look, now=NOON)
            ways = (
                asked, replace(asked, few=0), replace(asked, few=0, steps=(2, 99), named_at_once=1)
            )  # fmt: skip
            for quick in ways:
                assert quick.total() == len(expected)
                assert sorted(all_pages(quick, len(expected))) == sorted(expected)
            assert {row.pk for row in asked.rows} == expected
        transaction.set_rollback(True)


@random_desk
@given(drawn=st.lists(one, max_size=12))
def test_tallies_and_marks_stay_in_step(desk: Desk, drawn: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        filled(desk, drawn)
        assert tallying.kept() == tallying.counted()
        for row in Conversation.objects.select_related("wording"):
            assert row.wording.marks == marks_of(
                state=row.state, kind=row.kind, service=row.service_id,
                is_merged=row.merged_into_id is not None,
            )  # fmt: skip
        transaction.set_rollback(True)


def test_service_that_is_gone_leaves_its_conversations_to_nobody(asked: Ask) -> None:
    box = asked().box
    press = Service.objects.create(institution=box.institution, name="Press", slug="press")
    asked(service=press)
    press.delete()
    assert tallying.kept() == {(0, "open", "mail"): 2}


def test_gathered_tallies_say_the_same(asked: Ask) -> None:
    asked()
    moved = [Tally(service=0, state="open", kind="mail", count=n % 3 - 1) for n in range(1200)]
    Tally.objects.bulk_create(moved)
    before = tallying.kept()
    tallying.gather()
    assert (tallying.kept(), Tally.objects.count()) == (before, 1)


def test_conversations_that_were_there_before_are_counted_and_marked(
    asked: Ask, library: Service
) -> None:
    """What a migration does to a store with rows: also over one that is out of step."""
    note_words([asked(service=library).pk, asked(state="waiting").pk])
    Tally.objects.all().delete()
    in_step.take_away(connection)
    Wording.objects.update(marks="")
    in_step.install(connection)
    assert tallying.kept() == tallying.counted()
    found = chosen(eyes_of(None, ANSWERER), Wanted(words=sought("student1")), now=NOON)
    assert found.total() == 1


def test_every_trigger_is_there(db: None) -> None:
    names = {*in_step.SQLITE, *in_step.POSTGRESQL}
    of_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger" if of_postgresql
            else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )  # fmt: skip
        there = {name for (name,) in cursor.fetchall()}
    expected = in_step.POSTGRESQL if of_postgresql else in_step.SQLITE
    assert there & names == set(expected)


@pytest.mark.django_db(transaction=True)
def test_what_is_written_anew_outside_a_transaction_keeps_every_word(asked: Ask) -> None:
    note_words([asked().pk])
    kept = list(Wording.objects.values_list("conversation_id", "words"))
    in_step.take_away(connection)
    in_step.install(connection)
    assert list(Wording.objects.values_list("conversation_id", "words")) == kept != []


def test_total_of_a_list_counts_no_row_of_it(asked: Ask, library: Service) -> None:
    asked(service=library)
    eyes = Eyes(author=ANSWERER)
    with CaptureQueriesContext(connection) as asked_of_it:
        assert chosen(eyes, Wanted(service="library"), now=NOON).total() == 1
    told = [one["sql"] for one in asked_of_it.captured_queries]
    assert not [sql for sql in told if "COUNT(" in sql and '"inbox_conversation"' in sql]


def test_further_pages_skip_no_rows(asked: Ask) -> None:
    for _number in range(5):
        asked()
    found = chosen(Eyes(author=ANSWERER), Wanted(order="newest"), now=NOON)
    _first, place = found.page(after=None, size=2, total=5)
    with CaptureQueriesContext(connection) as asked_of_it:
        second, _more = found.page(after=place, size=2, total=5)
    assert len(second) == 2
    assert not [one for one in asked_of_it.captured_queries if "OFFSET" in one["sql"]]
