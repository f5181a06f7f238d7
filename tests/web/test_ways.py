"""The ways between the pages of a product lead where the reader may go."""

from __future__ import annotations

from django.test import Client, RequestFactory

from vigie.register.models import Person
from vigie.web.ways import ways_for
from vigie.words import _

NAMED = (("inbox.queue", _("Queue")), ("inbox.nowhere", _("Nowhere")))


def found(person: Person) -> list[str]:
    request = RequestFactory().get("/inbox/")
    request.user = person.user
    return [way.page for way in ways_for(request, NAMED)]


def test_page_that_is_not_there_is_left_out(people: tuple[Person, Person], site: Client) -> None:
    assert found(people[0]) == ["inbox.queue"]


def test_page_one_may_not_open_is_left_out(people: tuple[Person, Person], site: Client) -> None:
    assert found(people[1]) == []
