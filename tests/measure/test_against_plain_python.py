from datetime import UTC, date, datetime, timedelta
from math import isnan, nan
from typing import Any

import numpy as np
import pytest

from tests.cast import post, snapshot
from tests.measure.asking import answers, tables
from tests.measure.slow_and_obvious import (
    INDICATORS,
    Seen,
    overperformance_without_audience,
)
from vigie.measure.indicator import Indicator
from vigie.measure.measuring import known_indicators, selects_unmerged
from vigie.model import Account

ACCOUNTS = [
    Account(account=f"bluesky:a{index}", institution=f"a{index}", network="bluesky")
    for index in range(60)
]
MONTHS = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]
DAYS = [MONTHS[0] + timedelta(days=index) for index in range(92)]


def seen(seed: int, account: Account) -> Seen:
    """Return some months of an account with every kind of gap."""
    rng = np.random.default_rng(seed)

    def count(most: int) -> int | None:
        return None if rng.random() < 0.1 else int(rng.integers(0, most))

    def moment() -> datetime:
        day = DAYS[int(rng.integers(0, len(DAYS)))]
        return datetime(day.year, day.month, day.day, int(rng.integers(0, 24)), tzinfo=UTC)

    withheld: set[str] = {"shares"} if rng.random() < 0.5 else set()
    posts = [
        post(
            f"{seed}-{index}",
            account=account,
            published_at=moment(),
            is_repost=(None, False, False, True)[int(rng.integers(0, 4))],
            **{
                name: None if name in withheld else count(60)
                for name in ("likes", "comments", "shares")
            },
        )
        for index in range(int(rng.integers(0, 40)))
    ]
    looks = [
        snapshot(at.date(), account=account, observed_at=at, followers=count(3_000))
        for at in sorted({moment() for _index in range(int(rng.integers(0, 6)))})
    ]
    return Seen(posts=posts, snapshots=looks)


@pytest.fixture(scope="module")
def everything() -> Seen:
    """Return many such pasts at once, each of an account of its own: a question is asked once."""
    pasts = [seen(seed, account) for seed, account in enumerate(ACCOUNTS)]
    return Seen(
        posts=[one for past in pasts for one in past.posts],
        snapshots=[one for past in pasts for one in past.snapshots],
    )


NEARLY = {"likes_per_post": 0.005, "comments_per_post": 0.005}
"""Student's t comes from a series: its intervals are within 1 % of the tabulated ones."""


@pytest.mark.parametrize("name", INDICATORS)
def test_indicator_says_what_plain_python_says(name: str, everything: Seen) -> None:
    given = tables(posts=everything.posts, snapshots=everything.snapshots)
    expected = {
        (account.account, month): INDICATORS[name](
            everything.of(account.account), account.account, month
        )
        for account in ACCOUNTS
        for month in MONTHS
    }
    assert_same(computed(known_indicators()[name], given), expected, within=NEARLY.get(name, 1e-6))


def computed(indicator: type[Indicator], given: Any) -> dict[tuple[str, date], Any]:
    with selects_unmerged():
        rows = indicator().compute(given).to_pyarrow().to_pylist()
    return {
        (row["account"], row["month_on"]): tuple(
            row[name] for name in ("value", "low", "high", "n")
        )
        for row in rows
    }


def assert_same(
    found: dict[tuple[str, date], Any], expected: dict[tuple[str, date], Any], *, within: float
) -> None:
    for key, answer in expected.items():
        if answer is None:
            assert key not in found
        else:
            wanted = [nan if one is None else float(one) for one in answer]
            largest = max(abs(one) for one in wanted if not isnan(one))
            answered = [nan if one is None else float(one) for one in found[key]]
            assert answered == pytest.approx(wanted, abs=within * largest, nan_ok=True)


@pytest.mark.parametrize(("seed", "accounts"), [(1, 4), (2, 5), (3, 7)])
def test_overperformance_without_a_line_is_above_the_usual_post(seed: int, accounts: int) -> None:
    rng = np.random.default_rng(seed)
    named = ACCOUNTS[:accounts]
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
