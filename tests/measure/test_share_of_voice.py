"""How much of what is said is said of an institution."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import EASTMERE, NORTHFIELD, NORTHFIELD_BLUESKY, SOUTHBRIDGE, SOUTHBRIDGE_BLUESKY
from tests.measure.asking import OCTOBER, answers, tables
from tests.measure.slow_waits import wilson
from tests.measure.test_responsiveness import question
from vigie.columns import records_of
from vigie.measure.indicators.share_of_voice import ShareOfVoice
from vigie.measure.measuring import values
from vigie.model import Account, Mention, Value

LIBRARY = Account(
    account="bluesky:library", institution="northfield", network="bluesky", is_principal=False
)
VIDEO = Account(account="youtube:northfield", institution="northfield", network="youtube")
SCHOOL = Account(account="bluesky:eastmere", institution="eastmere", network="bluesky")
REGISTER = (NORTHFIELD_BLUESKY, SOUTHBRIDGE_BLUESKY, LIBRARY, VIDEO, SCHOOL)


def said_of(account: Account, count: int, name: str = "m", **changes: Any) -> list[Mention]:
    return [
        question(
            f"{name}{number}", subject=account.account, network=account.network, kind="mention",
            **changes,
        )
        for number in range(count)
    ]  # fmt: skip


HEARD = [
    *said_of(NORTHFIELD_BLUESKY, 60),
    *said_of(LIBRARY, 60),  # the same posts concern both of its accounts
    *said_of(LIBRARY, 15, "l"),
    *said_of(SOUTHBRIDGE_BLUESKY, 45, "s"),
    *said_of(VIDEO, 30, "v"),
    *said_of(SCHOOL, 500, "e"),
]


@pytest.fixture(scope="module")
def heard() -> dict[tuple[str, str], dict[str, Any]]:
    rows = _rows(HEARD)
    return {(row["account"], row["network"]): row for row in rows}


def _rows(mentions: list[Mention]) -> list[dict[str, Any]]:
    given = tables(
        mentions=mentions, accounts=REGISTER, institutions=(NORTHFIELD, SOUTHBRIDGE, EASTMERE)
    )
    found: list[dict[str, Any]] = ShareOfVoice().compute(given).to_pyarrow().to_pylist()
    return found


Heard = dict[tuple[str, str], dict[str, Any]]


def test_the_share_is_of_the_kind_in_the_country(heard: Heard) -> None:
    found = heard["northfield", "bluesky"]
    assert (found["value"], found["n"]) == (pytest.approx(75 / 120 * 100), 120)
    assert heard["southbridge", "bluesky"]["value"] == pytest.approx(45 / 120 * 100)


def test_its_interval_is_wilsons(heard: Heard) -> None:
    found = heard["northfield", "bluesky"]
    ends = [100 * end for end in wilson(75 / 120, 120)]
    assert [found["low"], found["high"]] == pytest.approx(ends)


def test_networks_are_counted_together_too(heard: Heard) -> None:
    assert heard["northfield", "all"]["value"] == pytest.approx(105 / 150 * 100)


def test_below_100_mentions_only_their_number_is_said(heard: Heard) -> None:
    found = heard["northfield", "youtube"]
    assert (found["value"], found["n"]) == (None, 30)


def test_a_group_heard_alone_is_everything(heard: Heard) -> None:
    assert heard["eastmere", "bluesky"]["value"] == 100


def test_who_is_not_heard_has_no_share_and_lowers_the_coverage() -> None:
    rows = {
        (row["account"], row["network"]): row for row in _rows(said_of(SOUTHBRIDGE_BLUESKY, 120))
    }
    silent = rows["northfield", "bluesky"]
    assert (silent["value"], silent["coverage"]) == (0.0, 0.5)


def test_what_only_a_query_found_does_not_count() -> None:
    found = said_of(NORTHFIELD_BLUESKY, 120)
    queries = [question(f"f{number}", subject="northfield", kind="found") for number in range(50)]
    assert {row["n"] for row in _rows([*found, *queries])} == {120}


def test_it_is_a_value_of_the_institution() -> None:
    given = tables(
        mentions=said_of(SOUTHBRIDGE_BLUESKY, 120), accounts=REGISTER, institutions=(SOUTHBRIDGE,)
    )
    found = records_of(Value, values(given, months=[OCTOBER], names={"share_of_voice"}))
    assert {(row.level, row.subject, row.network, row.value) for row in found} == {
        ("institution", "southbridge", network, 100.0) for network in ("bluesky", "all")
    }


def test_nothing_heard_gives_no_row() -> None:
    assert answers("share_of_voice") == {}
