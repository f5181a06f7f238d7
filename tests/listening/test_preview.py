from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.cast import post
from tests.listening.saying import mention
from vigie import flow
from vigie.columns import table_of
from vigie.errors import QueryError
from vigie.listening.preview import Counted, Preview
from vigie.model import Mention, Post
from vigie.settings import Settings
from vigie.store.store import Store, open_store

MONDAY = datetime(2026, 9, 7, 12, tzinfo=UTC)
SUNDAY = datetime(2026, 9, 13, 12, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, connect={"x_price_per_post": "0.01", "x_bearer_token": "t"})


@pytest.fixture
def store(settings: Settings) -> Store:
    made = open_store(settings)
    made.append("posts", table_of(Post, [post("1", text="Un bug !", published_at=MONDAY)]))
    others = [
        mention("2", text="Encore un bug", published_at=SUNDAY),
        mention("3", text="un bug", network="x", published_at=SUNDAY),
        mention("3", text="un bug", network="x", published_at=SUNDAY, subject="a query"),
        mention("4", text="la panne"),
    ]
    made.append("mentions", table_of(Mention, others))
    return made


def seen(store: Store, settings: Settings, text: str, **given: object) -> Preview:
    return flow.preview(store, text, settings=settings, **given)  # type: ignore[arg-type]


def test_posts_are_counted_by_network_and_week(store: Store, settings: Settings) -> None:
    found = seen(store, settings, "bug")
    assert (found.posts, found.read) == (3, 4)
    assert found.networks == {"bluesky": 2, "x": 1}
    assert found.weeks == (
        Counted(week_on=MONDAY.date(), network="bluesky", posts=2),
        Counted(week_on=MONDAY.date(), network="x", posts=1),
    )


def test_newest_examples_are_shown_once_each(store: Store, settings: Settings) -> None:
    found = seen(store, settings, "bug")
    assert [example.post for example in found.examples][-1] == "1"
    assert {example.post for example in found.examples} == {"1", "2", "3"}
    assert found.examples[-1].author == "bluesky:northfield.example"
    assert found.examples[-1].text == "Un bug !"


def test_days_bound_it(store: Store, settings: Settings) -> None:
    assert seen(store, settings, "bug", since=date(2026, 9, 10)).posts == 2


def test_small_operators_and_mere_exclusions_are_explained(
    store: Store, settings: Settings
) -> None:
    assert "OU" in str(seen(store, settings, "bug ou panne").limits[0])
    assert "not wanted" in str(seen(store, settings, "NOT bug").limits[0])
    assert seen(store, settings, '"bug ou panne"').limits == ()


def test_what_asking_networks_costs_is_told(store: Store, settings: Settings) -> None:
    costs = {cost.connector: cost for cost in seen(store, settings, "bug").costs}
    assert costs["x"].searches == ("bug",)
    assert (costs["x"].posts_a_month, costs["x"].euros_a_month) == (1, 0.01)
    assert costs["threads"].refusal is not None
    assert "rss" not in costs


def test_mistake_is_raised_in_its_place(store: Store, settings: Settings) -> None:
    with pytest.raises(QueryError) as caught:
        seen(store, settings, "bug AND")
    assert caught.value.position == 7


def test_months_whose_words_are_not_read_yet_are_said(store: Store, settings: Settings) -> None:
    assert "not counted yet" in str(seen(store, settings, "bug", most=0).limits[0])
    flow.read_words(store, settings=settings)
    assert seen(store, settings, "bug", most=0).posts == 3


def test_forgotten_words_are_dropped_at_once(store: Store, settings: Settings) -> None:
    flow.read_words(store, settings=settings)
    store.forget(network="bluesky", post="2")
    assert flow.drop_words(store, settings=settings) > 0
    assert seen(store, settings, "bug").posts == 2
