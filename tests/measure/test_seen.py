"""The coverage of a figure is no better than the share of its month that was seen."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from vigie.columns import records_of, table_of
from vigie.measure.measuring import known_indicators
from vigie.measure.seen import shares_seen, with_coverage
from vigie.model import Account, Cursor, Value

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
ACCOUNT = "bluesky:northfield.example"


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC)


def cursor(
    seen: tuple[datetime, datetime] | None, *, subject: str = ACCOUNT, connector: str = "bluesky"
) -> Cursor:
    return Cursor(
        connector=connector, network="bluesky", subject=subject, stream="posts", position="{}",
        complete_from=seen and seen[0], complete_to=seen and seen[1], asked_at=at(11, 20),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "share"),
    [
        ((at(9, 1), at(11, 20)), None),
        ((at(10, 16), at(11, 20)), 16 / 31),
        ((at(11, 2), at(11, 20)), 0),
        (None, 0),
    ],
)
def test_the_share_is_what_was_seen_of_the_month(
    seen: tuple[datetime, datetime] | None, share: float | None
) -> None:
    found = shares_seen([cursor(seen), cursor((at(1, 1), at(11, 20)), subject="b")], [OCTOBER])
    assert found.get((ACCOUNT, OCTOBER)) == (share if share is None else pytest.approx(share))


def test_a_month_that_is_not_over_is_judged_by_what_is_over_of_it() -> None:
    assert shares_seen([cursor((at(10, 1), at(11, 20)))], [NOVEMBER]) == {}


def test_of_two_connectors_the_one_that_saw_most_counts() -> None:
    both = [cursor(None), cursor((at(9, 1), at(11, 20)), connector="activitypub")]
    assert shares_seen(both, [OCTOBER]) == {}


def value(indicator: str, *, level: str, subject: str, network: str) -> Value:
    return Value(
        indicator=indicator, level=level, subject=subject, network=network, month_on=OCTOBER,
        value=3.0, n=3, coverage=None,
    )  # fmt: skip


def account(key: str, *, is_principal: bool = True) -> Account:
    return Account(
        account=key, institution="northfield", network=key.partition(":")[0],
        is_principal=is_principal,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("level", "subject", "network", "coverage"),
    [
        ("account", ACCOUNT, "bluesky", 0.5),
        ("institution", "northfield", "bluesky", 0.5),
        ("institution", "northfield", "all", 0.75),
        ("account", "x:northfield", "x", None),
    ],
)
def test_coverage_follows_what_was_seen(
    level: str, subject: str, network: str, coverage: float | None
) -> None:
    rows = table_of(Value, [value("posts", level=level, subject=subject, network=network)])
    known = {"posts": known_indicators()["posts"]}
    owners = [account(ACCOUNT), account("x:northfield")]
    found = with_coverage(rows, {(ACCOUNT, OCTOBER): 0.5}, owners, known)
    assert [row.coverage for row in records_of(Value, found)] == [coverage]


def test_figures_that_read_no_posts_keep_their_coverage() -> None:
    rows = table_of(Value, [value("f", level="account", subject=ACCOUNT, network="bluesky")])
    known = {"f": known_indicators()["followers"]}
    found = with_coverage(rows, {(ACCOUNT, OCTOBER): 0.5}, [account(ACCOUNT)], known)
    assert records_of(Value, found)[0].coverage is None
