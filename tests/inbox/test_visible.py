"""Who sees which conversation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import NOON
from vigie.inbox.models import CalledIn, Conversation
from vigie.inbox.visible import Eyes, eyes_of, visible, who_sees
from vigie.register.models import Person, Role, Service
from vigie.register.rights import ANSWER_INBOX, NOBODY, RIGHTS, Author

Ask = Callable[..., Conversation]


def everywhere(role: str) -> Eyes:
    return Eyes(author=Author(name=role, rights=RIGHTS[role]))


def test_nobody_sees_anything(asked: Ask) -> None:
    asked()
    assert not visible(eyes_of(None, NOBODY)).exists()


def test_reader_of_the_register_sees_no_conversation(asked: Ask) -> None:
    asked()
    assert not visible(everywhere("reader")).exists()


@pytest.mark.parametrize("role", ["answerer", "editor", "administrator"])
def test_role_everywhere_sees_what_is_not_confidential(
    role: str, asked: Ask, library: Service, health: Service
) -> None:
    seen = [asked(), asked(service=library)]
    asked(service=health)
    assert set(visible(everywhere(role))) == set(seen)


def test_role_in_a_service_sees_that_service_alone(
    asked: Ask, library: Service, health: Service, alice: Person
) -> None:
    Role.objects.create(person=alice, name="answerer", service=health)
    own = asked(service=health)
    asked()
    asked(service=library)
    assert list(visible(eyes_of(alice, NOBODY))) == [own]


def test_colleague_called_in_sees_that_conversation_alone(
    asked: Ask, health: Service, bob: Person
) -> None:
    shared = asked(service=health)
    asked(service=health)
    CalledIn.objects.create(conversation=shared, person=bob, by="alice", at=NOON)
    assert list(visible(eyes_of(bob, NOBODY))) == [shared]


def test_editor_may_not_answer_a_confidential_conversation(asked: Ask, health: Service) -> None:
    assert not everywhere("editor").may(ANSWER_INBOX, asked(service=health))


def test_notice_goes_only_to_those_who_see(
    asked: Ask, health: Service, alice: Person, bob: Person
) -> None:
    Role.objects.create(person=alice, name="reader", service=health)
    assert who_sees(asked(service=health), [alice, bob]) == [alice]
