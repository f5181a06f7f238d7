from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.cast import post, snapshot
from tests.measure.asking import NOVEMBER, OCTOBER, answer, value
from vigie.model import Post


def on(day: int, name: str = "", **changes: Any) -> Post:
    moment = datetime(2026, 10, day, 9, tzinfo=UTC)
    return post(name or f"{day}", published_at=moment, **changes)


def several(count: int, **changes: Any) -> list[Post]:
    return [on(1 + index % 28, f"s{index}", **changes) for index in range(count)]


def test_posts_are_counted() -> None:
    assert value("posts", posts=several(7)) == 7


def test_a_repost_is_not_an_own_post() -> None:
    assert value("posts", posts=[on(1), on(2, is_repost=True)]) == 1


def test_a_post_not_known_to_be_a_repost_is_an_own_post() -> None:
    assert value("posts", posts=[on(1), on(2, is_repost=None)]) == 2


def test_a_carousel_of_nine_images_is_one_post() -> None:
    assert value("posts", posts=[on(1, kind="carousel", images=9)]) == 1


def test_months_are_counted_in_the_institution_s_own_days() -> None:
    late = on(31, published_on=date(2026, 11, 1))
    assert value("posts", NOVEMBER, posts=[late]) == 1
    assert value("posts", OCTOBER, posts=[late]) is None


def test_a_month_without_posts_is_unknown() -> None:
    assert answer("posts", NOVEMBER, posts=[on(1)]) is None


COUNTED = (
    snapshot(date(2026, 10, 29), posts=120),
    snapshot(date(2026, 11, 30), posts=120),
)


@pytest.mark.parametrize("name", ["posts", "posting_frequency", "active_days"])
def test_a_month_is_silent_when_the_network_s_counter_did_not_move(name: str) -> None:
    assert value(name, NOVEMBER, snapshots=COUNTED) == 0


@pytest.mark.parametrize(
    "looks",
    [
        (COUNTED[0], snapshot(date(2026, 11, 30), posts=121)),
        (COUNTED[0], snapshot(date(2026, 11, 29), posts=120)),
        (COUNTED[0], snapshot(date(2026, 11, 30), posts=None)),
        (snapshot(date(2026, 10, 1), posts=120), snapshot(date(2026, 12, 31), posts=120)),
        COUNTED[1:],
    ],
)
def test_a_month_that_may_have_had_posts_is_not_silent(looks: tuple[Any, ...]) -> None:
    assert value("posts", NOVEMBER, snapshots=looks) is None


def test_posts_outweigh_a_counter_that_did_not_move() -> None:
    assert value("posts", posts=[on(3)], snapshots=[
        snapshot(date(2026, 9, 30), posts=5), snapshot(date(2026, 10, 31), posts=5),
    ]) == 1  # fmt: skip


def test_frequency_is_per_week() -> None:
    assert value("posting_frequency", posts=several(31)) == pytest.approx(7)


def test_active_days_are_counted_once() -> None:
    assert value("active_days", posts=[on(1, "a"), on(1, "b"), on(4)]) == 2


@pytest.mark.parametrize(
    ("days", "expected"),
    [((1, 8, 15, 22), 1.0), ((1, 2, 3, 4), 0.0), ((1, 8), 1 / 3), ((1, 8, 15, 22, 29, 30), 1.0)],
)
def test_regularity_is_one_minus_the_normalised_gini(
    days: tuple[int, ...], expected: float
) -> None:
    assert value("regularity", posts=[on(day) for day in days]) == pytest.approx(expected)


def test_regularity_of_a_month_with_posts_in_its_last_days_only_is_unknown() -> None:
    assert value("regularity", posts=[on(30), on(31)]) is None


def test_interactions_add_likes_comments_and_shares() -> None:
    found = answer("interactions", posts=several(5, likes=3, comments=2, shares=1, saves=50))
    assert found is not None
    assert (found["value"], found["n"], found["coverage"]) == (30, 5, 1.0)


def test_interactions_below_five_posts_are_silent_but_say_n() -> None:
    found = answer("interactions", posts=several(4))
    assert found is not None
    assert (found["value"], found["n"]) == (None, 4)


def test_a_count_the_network_withholds_is_left_out_of_the_sum() -> None:
    assert value("interactions", posts=several(5, likes=3, comments=1, shares=None)) == 20


def test_a_post_without_a_count_its_siblings_have_is_left_out() -> None:
    posts = [*several(5, likes=3, comments=1, shares=1), on(28, likes=900, shares=None)]
    found = answer("interactions", posts=posts)
    assert found is not None
    assert (found["value"], found["n"], found["coverage"]) == (25, 5, pytest.approx(5 / 6))


def test_interactions_nobody_knows_are_unknown_not_zero() -> None:
    found = answer("interactions", posts=several(6, likes=None, comments=None, shares=None))
    assert found is not None
    assert (found["value"], found["n"], found["coverage"]) == (None, 0, 0.0)


def test_likes_are_added_up_even_where_another_count_is_unknown() -> None:
    posts = [*several(3, likes=4, comments=None, shares=None), on(28, likes=None)]
    found = answer("likes", posts=posts)
    assert found is not None
    assert (found["value"], found["n"], found["coverage"]) == (12, 3, 0.75)


def test_comments_nobody_tells_are_unknown_not_zero() -> None:
    found = answer("comments", posts=several(6, comments=None))
    assert found is not None
    assert (found["value"], found["n"], found["seen_at"]) == (None, 0, None)


def test_mean_of_likes_has_students_interval() -> None:
    posts = [on(day, likes=10 * day) for day in range(1, 6)]
    found = answer("likes_per_post", posts=posts)
    assert found is not None
    assert found["value"] == 30
    assert (found["low"], found["high"]) == pytest.approx((14.93, 45.07), abs=0.15)


def test_mean_of_counts_that_are_all_the_same_is_sure() -> None:
    found = answer("comments_per_post", posts=several(5, comments=7))
    assert found is not None
    assert (found["value"], found["low"], found["high"]) == (7, 7, 7)


def test_mean_below_five_posts_is_silent_but_says_n() -> None:
    found = answer("likes_per_post", posts=several(4, likes=3))
    assert found is not None
    assert (found["value"], found["low"], found["n"]) == (None, None, 4)


def test_views_are_those_of_the_videos_of_the_month() -> None:
    videos = [on(1, kind="video", views=30), on(2, kind="video", views=None)]
    found = answer("views", posts=[*videos, on(3, kind="image", views=900)])
    assert found is not None
    assert (found["value"], found["n"], found["coverage"]) == (30, 1, 0.5)


def test_known_zeros_count() -> None:
    assert value("interactions", posts=several(5, likes=0, comments=0, shares=0)) == 0


def test_the_median_is_not_moved_by_a_post_that_goes_round_the_world() -> None:
    likes = (1, 2, 3, 4, 1_000_000)
    found = answer("interactions_per_post", posts=[
        on(day, likes=count, comments=0, shares=0) for day, count in enumerate(likes, 1)
    ])  # fmt: skip
    assert found is not None
    assert (found["value"], found["low"], found["high"]) == (3, 1, 1_000_000)


def test_the_median_of_an_even_number_of_posts_is_halfway() -> None:
    posts = [on(day, likes=day, comments=0, shares=0) for day in range(1, 7)]
    assert value("interactions_per_post", posts=posts) == 3.5


def test_engagement_rate_is_over_the_followers_of_the_day() -> None:
    posts = [on(day, likes=10, comments=0, shares=0) for day in (1, 2, 3, 20, 21, 22, 23)]
    looks = [
        snapshot(date(2026, 9, 20), followers=100),
        snapshot(date(2026, 10, 20), followers=1_000),
    ]
    found = answer("engagement_rate", posts=posts, snapshots=looks)
    assert found is not None
    assert (found["value"], found["high"]) == (pytest.approx(0.01), pytest.approx(0.1))


@pytest.mark.parametrize(("day", "n"), [(date(2026, 9, 1), 5), (date(2026, 8, 31), 4)])
def test_followers_of_the_day_may_be_45_days_old(day: date, n: int) -> None:
    posts = [*[on(11, f"{index}") for index in range(4)], on(16)]
    found = answer("engagement_rate", posts=posts, snapshots=[snapshot(day)])
    assert found is not None
    assert found["n"] == n


def test_a_later_look_says_nothing_of_an_earlier_post() -> None:
    found = answer("engagement_rate", posts=several(6), snapshots=[snapshot(date(2026, 10, 31))])
    assert found is not None
    assert (found["n"], found["coverage"]) == (0, 0.0)


def test_an_account_without_followers_has_no_engagement_rate() -> None:
    looks = [snapshot(date(2026, 9, 30), followers=0)]
    assert value("engagement_rate", posts=several(6), snapshots=looks) is None


def test_view_rate_is_about_videos_with_known_views() -> None:
    videos = [on(day, kind="video", likes=5, comments=0, shares=0, views=50) for day in range(1, 6)]
    others = [on(10, views=1), on(11, kind="video", views=None), on(12, kind="video", views=0)]
    found = answer("view_rate", posts=[*videos, *others])
    assert found is not None
    assert (found["value"], found["n"]) == (pytest.approx(0.1), 5)
    assert found["coverage"] == pytest.approx(5 / 7)


def test_conversation_share_is_a_share_with_wilson_s_interval() -> None:
    posts = several(10, is_reply=False)[:7] + [on(20 + index, is_reply=True) for index in range(3)]
    found = answer("conversation_share", posts=[*posts, on(28, is_reply=None)])
    assert found is not None
    assert (found["value"], found["n"]) == (pytest.approx(30), 10)
    assert (found["low"], found["high"]) == pytest.approx((12.69, 55.83), abs=0.01)
    assert found["coverage"] == pytest.approx(10 / 11)


def test_conversation_share_is_silent_below_ten_posts() -> None:
    assert value("conversation_share", posts=several(9, is_reply=True)) is None


def test_alt_text_rate_asks_for_every_image_of_a_post() -> None:
    posts = [
        *[on(day, images=2, images_described=2) for day in range(1, 4)],
        on(4, images=2, images_described=1),
        on(5, images=1, images_described=0),
        on(6, images=0, images_described=0),
        on(7, images=1, images_described=None),
        on(8, kind="image", images=None),
    ]
    found = answer("alt_text_rate", posts=posts)
    assert found is not None
    assert (found["value"], found["n"]) == (pytest.approx(60), 5)
    assert found["coverage"] == pytest.approx(5 / 7)


def test_freshness_is_the_latest_look_that_went_in() -> None:
    late = datetime(2026, 12, 24, tzinfo=UTC)
    known = several(5)
    unknown = on(28, likes=None, observed_at=late)
    found = answer("interactions", posts=[*known, unknown])
    assert found is not None
    assert found["seen_at"] == max(one.observed_at for one in known)
