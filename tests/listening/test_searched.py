"""How much was read for a query is said, and what is behind is never passed over in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.cast import NOON
from vigie.listening.searched import BEHIND, behind, searched
from vigie.listening.searching import Costing
from vigie.model import Cursor
from vigie.words import _

HOUR = timedelta(hours=1)
COST = Costing(connector="bluesky", network=_("Bluesky"), searches=("library", "books"))


def cursor(number: int = 1, *, to: timedelta = -HOUR, name: str = "library") -> Cursor:
    return Cursor(
        connector="bluesky", network="bluesky", subject=f"{name} {number}", stream="search",
        position="{}", asked_at=NOON, complete_from=NOON - 9 * HOUR, complete_to=NOON + to,
    )  # fmt: skip


def words(*cursors: Cursor, cost: Costing = COST) -> tuple[str, bool]:
    (one,) = searched("library", [cost], cursors, now=NOON)
    return str(one.words), one.is_behind


def test_all_searches_read_lately_are_whole() -> None:
    said, is_behind = words(cursor(1), cursor(2))
    assert said.startswith("All it finds from")
    assert not is_behind


def test_search_that_was_not_reached_is_said() -> None:
    assert words(cursor(1)) == (
        "1 of 2 searches were read; the rest comes first at the next turn.", True,
    )  # fmt: skip


def test_search_that_is_old_is_behind() -> None:
    said, is_behind = words(cursor(1), cursor(2, to=-BEHIND - HOUR))
    assert "was not reached yet" in said
    assert is_behind


def test_query_of_another_name_does_not_count() -> None:
    assert words(cursor(1, name="other"), cursor(2, name="other"))[1]


def test_refusal_is_said_as_it_is() -> None:
    refused = replace(COST, refusal=_("It needs a token."))
    assert words(cost=refused) == ("It needs a token.", False)


def test_failure_is_said() -> None:
    failed = replace(cursor(1), complete_from=None, complete_to=None, failure="The server is away.")
    assert words(failed) == ("It could not be asked: The server is away.", True)


def test_morning_says_how_many_searches_are_behind() -> None:
    late = cursor(2, to=-BEHIND - HOUR)
    assert str(behind([cursor(1), late], ["library"], now=NOON)).startswith("1 of 2 searches")
    assert behind([cursor(1)], ["library"], now=NOON) is None
    assert behind([late], ["books"], now=NOON) is None
