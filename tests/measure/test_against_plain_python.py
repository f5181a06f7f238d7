from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cast import NORTHFIELD_BLUESKY, SOUTHBRIDGE_BLUESKY, post, snapshot
from tests.measure.asking import answers, tables
from tests.measure.slow_and_obvious import (
    INDICATORS,
    Seen,
    overperformance_without_audience,
)
from vigie.measure.indicator import Indicator
from vigie.measure.measuring import known_indicators, selects_unmerged
from vigie.model import Account

ACCOUNTS = (NORTHFIELD_BLUESKY, SOUTHBRIDGE_BLUESKY)
MONTHS = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]
DAYS = [MONTHS[0] + timedelta(days=index) for index in range(92)]


def seen(seed: int) -> Seen:
    """Return some months of two accounts with every kind of gap."""
    rng = np.random.default_rng(seed)

    def count(most: int) -> int | None:
        return None if rng.random() < 0.1 else int(rng.integers(0, most))

    def moment() -> datetime:
        day = DAYS[int(rng.integers(0, len(DAYS)))]
        return datetime(day.year, day.month, day.day, int(rng.integers(0, 24)), tzinfo=UTC)

    withheld: set[str] = {"shares"} if rng.random() < 0.5 else set()
    posts = [
        post(
            f"{index}",
            account=ACCOUNTS[int(rng.integers(0, 2))],
            published_at=moment(),
            is_repost=(None, False, False, True)[int(rng.integers(0, 4))],
            **{
                name: None if name in withheld else count(60)
                for name in ("likes", "comments", "shares")
            },
        )
        for index in range(int(rng.integers(0, 70)))
    ]
    looks = [
        snapshot(at.date(), account=account, observed_at=at, followers=count(3_000))
        for account in ACCOUNTS
        for at in sorted({moment() for _index in range(int(rng.integers(0, 6)))})
    ]
    return Seen(posts=posts, snapshots=looks)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**31))
def test_indicators_say_what_plain_python_says(seed: int) -> None:
    found = seen(seed)
    given = tables(posts=found.posts, snapshots=found.snapshots)
    for name, plain in INDICATORS.items():
        expected = {
            (account.account, month): plain(found, account.account, month)
            for account in ACCOUNTS
            for month in MONTHS
        }
        assert_same(computed(known_indicators()[name], given), expected)


def computed(indicator: type[Indicator], given: Any) -> dict[tuple[str, date], Any]:
    with selects_unmerged():
        rows = indicator().compute(given).to_pyarrow().to_pylist()
    return {
        (row["account"], row["month_on"]): tuple(
            row[name] for name in ("value", "low", "high", "n")
        )
        for row in rows
    }


def assert_same(found: dict[tuple[str, date], Any], expected: dict[tuple[str, date], Any]) -> None:
    for key, answer in expected.items():
        if answer is None:
            assert key not in found
        else:
            assert found[key] == pytest.approx(answer, rel=1e-12)


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**31), accounts=st.integers(4, 7))
def test_overperformance_without_a_line_is_above_the_usual_post(seed: int, accounts: int) -> None:
    rng = np.random.default_rng(seed)
    named = [
        Account(account=f"bluesky:a{index}", institution=f"a{index}", network="bluesky")
        for index in range(accounts)
    ]
    posts = [
        post(
            f"{account.account}-{index}",
            account=account,
            kind="text",
            likes=int(rng.integers(0, 500)),
        )
        for account in named
        for index in range(int(rng.integers(1, 14)))
    ]
    found = answers("overperformance", posts=posts)
    for account in named:
        expected = overperformance_without_audience(
            Seen(posts=posts, snapshots=()), account.account, MONTHS[2]
        )
        answer = found[account.account, MONTHS[2]]
        assert answer["value"] == pytest.approx(None if expected is None else expected[0])
