"""Who sees which conversation: the one check of lists, search, panels, files and notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Q, QuerySet

from vigie.inbox.models import CalledIn, Conversation
from vigie.register.models import Person, Role, Service
from vigie.register.rights import COMMAND_LINE, IN_A_SERVICE, READ_INBOX, RIGHTS, Author


@dataclass(frozen=True, kw_only=True)
class Eyes:
    """Whose eyes look: their rights everywhere, and in which services they have which."""

    author: Author
    person: int | None = None
    """The key of the person; unknown: nobody of the register."""
    in_services: tuple[tuple[int, frozenset[str]], ...] = ()
    confidential: frozenset[int] | None = None
    """The confidential services when these eyes opened; unknown: asked each time they look."""
    called_into: frozenset[int] | None = None
    """The conversations the person was called into by then; unknown: asked each time."""

    def services_with(self, right: str) -> frozenset[int]:
        """Return the services in which a role gives this right."""
        return frozenset(service for service, rights in self.in_services if right in rights)

    def may(self, right: str, conversation: Conversation) -> bool:
        """Whether this right over one conversation is theirs: what is not seen may not be done."""
        if conversation.service_id in self.services_with(right):
            return True
        is_open = conversation.service is None or not conversation.service.is_confidential
        return is_open and self.author.may(right)


def eyes_of(person: Person | None, author: Author) -> Eyes:
    """Return what a person of the register may see."""
    if person is None:
        return Eyes(author=author)
    confidential, called = _kept_apart(person.pk)
    return Eyes(
        author=author,
        person=person.pk,
        in_services=tuple(
            (role.service_id, IN_A_SERVICE.get(role.name, frozenset()))
            for role in person.roles.all()
            if role.service_id is not None
        ),
        confidential=confidential,
        called_into=called,
    )


def without_called(eyes: Eyes) -> Eyes:
    """Return eyes that see nothing for having been called in: what a service counts is its own."""
    return replace(eyes, person=None, called_into=frozenset())


def eyes_of_the_machine() -> Eyes:
    """Return the eyes of the command line: who holds the machine holds every conversation."""
    services = Service.objects.values_list("pk", flat=True)
    everything = IN_A_SERVICE["administrator"]
    return Eyes(
        author=COMMAND_LINE, in_services=tuple((service, everything) for service in services)
    )


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What eyes see, in the keys of services and conversations: small enough to be named."""

    hidden: frozenset[int] | None
    """All is seen but what these services were asked; unknown: only what is shown."""
    shown: frozenset[int] = frozenset()
    called: frozenset[int] = frozenset()
    """Conversations seen whatever their service, because one was called into them."""

    def sees(self, service: int | None) -> bool:
        """Whether what a service was asked, or what nobody owns, is seen without being called."""
        return service in self.shown if self.hidden is None else service not in self.hidden


def sight_of(eyes: Eyes) -> Sight:
    """Return what these eyes see just now."""
    own = eyes.services_with(READ_INBOX)
    called = eyes.called_into if eyes.called_into is not None else _called(eyes.person)
    if not eyes.author.may(READ_INBOX):
        return Sight(hidden=None, shown=own, called=called)
    confidential = eyes.confidential if eyes.confidential is not None else _confidential()
    return Sight(hidden=confidential - own, called=called)


def _confidential() -> frozenset[int]:
    return frozenset(Service.objects.filter(is_confidential=True).values_list("pk", flat=True))


# In so many words: every page of the inbox asks it, and Django takes longer to write it than the
# database to answer.
_KEPT_APART = (
    f"SELECT false, id FROM {Service._meta.db_table} WHERE is_confidential "
    f"UNION ALL SELECT true, conversation_id FROM {CalledIn._meta.db_table} WHERE person_id = %s"
)


def _kept_apart(person: int) -> tuple[frozenset[int], frozenset[int]]:
    """Return the confidential services and what a person was called into, asked as one."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT_APART, [person])
        found = [(bool(is_call), key) for is_call, key in cursor.fetchall()]
    return (
        frozenset(key for is_call, key in found if not is_call),
        frozenset(key for is_call, key in found if is_call),
    )


def _called(person: int | None) -> frozenset[int]:
    if person is None:
        return frozenset()
    rows = CalledIn.objects.filter(person=person)
    return frozenset(rows.values_list("conversation_id", flat=True))


def visible(eyes: Eyes, among: QuerySet[Conversation] | None = None) -> QuerySet[Conversation]:
    """Return the conversations these eyes may see.

    With a role everywhere, all but those of confidential services; with a role in a service,
    those of that service, confidential or not; and those one was called into.
    """
    return seen_by(sight_of(eyes), among)


def seen_by(sight: Sight, among: QuerySet[Conversation] | None = None) -> QuerySet[Conversation]:
    """Return the conversations that are seen."""
    found = Conversation.objects.all() if among is None else among
    seen = _by_service(sight)
    return found.filter(seen | Q(pk__in=sight.called) if seen and sight.called else seen)


def narrowed(sight: Sight) -> Sight:
    """Return the same sight with those calls alone that show what is not seen without them."""
    if not sight.called:
        return sight
    seen = _by_service(sight)
    called = Conversation.objects.filter(~seen, pk__in=sight.called) if seen else []
    return replace(sight, called=frozenset(row.pk for row in called))


def _by_service(sight: Sight) -> Q:
    """Return the condition that a conversation is seen without being called in; empty: all are."""
    if sight.hidden is None:
        return Q(service_id__in=sight.shown)
    return ~Q(service_id__in=sight.hidden) if sight.hidden else Q()


def who_sees(conversation: Conversation, among: Iterable[Person]) -> list[Person]:
    """Return those of these people who may see a conversation: whom a notice may go to."""
    return [
        person
        for person in among
        if visible(
            eyes_of(person, _author_of(person)), Conversation.objects.filter(pk=conversation.pk)
        ).exists()
    ]


def _author_of(person: Person) -> Author:
    role = Role.objects.filter(person=person, service__isnull=True).first()
    rights = RIGHTS.get(role.name, frozenset()) if role else frozenset()
    return Author(name=str(person), rights=rights)
