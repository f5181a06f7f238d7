# ruff: noqa: F811  # fixtures of the desk are brought in, and named again where they are used
"""How many questions a page of the inbox asks of the database: each is waited for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.test_inbox import NOW, answerer, ask, library, northfield  # noqa: F401
from vigie.inbox.models import Passage
from vigie.register.models import Institution, Service

Page = Callable[[str], int]


@pytest.fixture
def questions(answerer: Client) -> Page:
    """Open a page twice, and count what the second time asks."""

    def counted(address: str) -> int:
        answerer.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert answerer.get(address).status_code == 200
        return len(asked)

    return counted


def test_conversation_takes_twelve_questions(
    questions: Page, northfield: Institution, library: Service
) -> None:
    one = ask(northfield, "When do you open?", service=library)
    other = ask(northfield, "And on Sundays?", service=library)
    type(other).objects.filter(pk=other.pk).update(contact=one.contact)
    Passage.objects.create(conversation=one, service=library, at=NOW, by="rule")
    assert questions(f"/inbox/{one.pk}/") <= 12


@pytest.mark.parametrize("rows", [1, 7])
@pytest.mark.parametrize("asked", ["", "?format=json", "?state=any&order=newest"])
def test_list_takes_as_many_for_one_row_as_for_many(
    questions: Page, northfield: Institution, library: Service, rows: int, asked: str
) -> None:
    for number in range(rows):
        ask(northfield, f"Question {number}", service=library)
    assert questions(f"/inbox/{asked}") <= 15
