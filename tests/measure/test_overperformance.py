from datetime import date
from math import log
from typing import Any

import pytest

from tests.cast import post, snapshot
from tests.measure.asking import OCTOBER, answers
from vigie.model import Account, Post, Snapshot


def account(index: int) -> Account:
    return Account(account=f"bluesky:a{index:02d}", institution=f"a{index}", network="bluesky")


def sector(
    size: int, *, followers: Any = lambda index: 100 * 2**index, likes: Any
) -> tuple[list[Post], list[Snapshot]]:
    """Return eight posts and one look of so many accounts."""
    posts = [
        post(f"{index}-{number}", account=account(index), kind="text", comments=0, shares=0,
             likes=likes(index))
        for index in range(size)
        for number in range(8)
    ]  # fmt: skip
    looks = [
        snapshot(date(2026, 9, 30), account=account(index), followers=followers(index))
        for index in range(size)
    ]
    return posts, looks


def values(posts: list[Post], looks: list[Snapshot]) -> list[float | None]:
    found = answers("overperformance", posts=posts, snapshots=looks)
    return [row["value"] for (_account, month), row in sorted(found.items()) if month == OCTOBER]


def test_accounts_on_the_line_do_as_predicted() -> None:
    found = values(*sector(12, likes=lambda index: 100 * 2**index - 1))
    assert found == pytest.approx([0] * 12, abs=1e-9)


def test_an_account_above_the_line_stands_out_and_does_not_bend_it() -> None:
    found = values(*sector(12, likes=lambda index: 100 * 2**index * (8 if index == 11 else 1) - 1))
    assert found[11] == pytest.approx(log(8))
    assert found[:11] == pytest.approx([0] * 11, abs=1e-9)


def test_without_any_audience_the_kind_alone_predicts() -> None:
    found = values(*sector(9, followers=lambda index: None, likes=lambda index: 2**index - 1))
    assert found == pytest.approx([log(2) * (index - 4) for index in range(9)])


def test_with_a_line_an_unknown_audience_cannot_be_predicted() -> None:
    posts, looks = sector(12, likes=lambda index: 100 * 2**index - 1)
    found = answers("overperformance", posts=posts, snapshots=looks[1:])
    row = found["bluesky:a00", OCTOBER]
    assert (row["value"], row["n"], row["coverage"]) == (None, 0, 0)


def test_four_accounts_are_too_few_to_compare() -> None:
    assert values(*sector(4, likes=lambda index: index)) == [None] * 4


def test_kinds_of_posts_are_compared_with_their_own() -> None:
    posts, looks = sector(6, followers=lambda index: None, likes=lambda index: 9)
    videos = [
        post(f"v{index}-{number}", account=account(index), kind="video", comments=0, shares=0,
             likes=999)
        for index in range(6)
        for number in range(20)
    ]  # fmt: skip
    assert values([*posts, *videos], looks) == pytest.approx([0] * 6)


def test_seven_posts_are_too_few() -> None:
    posts, looks = sector(6, likes=lambda index: 9)
    assert values([one for one in posts if not one.post.endswith("-7")], looks) == [None] * 6
