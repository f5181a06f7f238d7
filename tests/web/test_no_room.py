"""A database without room: the page says so, and what is safe."""

from __future__ import annotations

import sqlite3
from http import HTTPStatus

import pytest
from django.db import DatabaseError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from vigie.store.room import says_full
from vigie.web.mistakes import MistakeMiddleware


@pytest.fixture
def refused() -> OperationalError:
    """What a database says that may not grow by a single page."""
    database = sqlite3.connect(":memory:")
    database.executescript("PRAGMA max_page_count=3; CREATE TABLE words (word TEXT);")
    with pytest.raises(sqlite3.OperationalError) as caught:
        database.execute("INSERT INTO words VALUES (?)", ["x" * 100_000])
    return OperationalError(*caught.value.args)


def test_database_says_that_it_is_full(refused: OperationalError) -> None:
    assert says_full(refused)


@pytest.mark.parametrize("error", [OSError(2, "no such file"), DatabaseError("no such table: x")])
def test_other_errors_do_not(error: Exception) -> None:
    assert not says_full(error)


def test_page_says_what_is_safe_and_what_to_do(refused: OperationalError) -> None:
    door = MistakeMiddleware(lambda _request: HttpResponse())
    with translation.override("en"):
        answer = door.process_exception(RequestFactory().post("/"), refused)
    assert answer is not None
    assert answer.status_code == HTTPStatus.INSUFFICIENT_STORAGE
    assert "There is no room left on the disk." in answer.text
