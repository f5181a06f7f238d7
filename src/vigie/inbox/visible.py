"""Who sees which conversation: the one check of lists, search, panels, files and notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from vigie.inbox.models import CalledIn, Conversation
from vigie.register.models import Person, Role, Service
from vigie.register.rights import COMMAND_LINE, IN_A_SERVICE, READ_INBOX, RIGHTS, Author

NOTHING = Q(pk__in=())


@dataclass(frozen=True, kw_only=True)
class Eyes:
    """Whose eyes look: their rights everywhere, and in which services they have which."""

    author: Author
    person: int | None = None
    """The key of the person; unknown: nobody of the register."""
    in_services: tuple[tuple[int, frozenset[str]], ...] = ()

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
    roles = Role.objects.filter(person=person, service__isnull=False)
    return Eyes(
        author=author,
        person=person.pk,
        in_services=tuple(
            (role.service_id, IN_A_SERVICE.get(role.name, frozenset()))
            for role in roles
            if role.service_id is not None
        ),
    )


def eyes_of_the_machine() -> Eyes:
    """Return the eyes of the command line: who holds the machine holds every conversation."""
    services = Service.objects.values_list("pk", flat=True)
    everything = IN_A_SERVICE["administrator"]
    return Eyes(
        author=COMMAND_LINE, in_services=tuple((service, everything) for service in services)
    )


def visible(eyes: Eyes, among: QuerySet[Conversation] | None = None) -> QuerySet[Conversation]:
    """Return the conversations these eyes may see.

    With a role everywhere, all but those of confidential services; with a role in a service,
    those of that service, confidential or not; and those one was called into.
    """
    found = Conversation.objects.all() if among is None else among
    return found.filter(_seen_by(eyes))


def _seen_by(eyes: Eyes) -> Q:
    seen = NOTHING
    if eyes.author.may(READ_INBOX):
        confidential = Service.objects.filter(is_confidential=True).values("pk")
        seen |= ~Q(service_id__in=confidential)
    own = eyes.services_with(READ_INBOX)
    if own:
        seen |= Q(service_id__in=own)
    if eyes.person is not None:
        called = CalledIn.objects.filter(person_id=eyes.person)
        seen |= Q(pk__in=called.values("conversation_id"))
    return seen


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
