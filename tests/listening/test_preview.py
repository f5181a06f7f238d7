from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cast import post
from tests.listening.saying import mention
from vigie import flow
from vigie.columns import table_of
from vigie.listening.concordance import Found
from vigie.listening.preview import Example, examples, limits
from vigie.listening.query import parse
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


def caught(store: Store, settings: Settings, text: str, **given: Any) -> Found:
    return flow.find(store, parse(text), settings=settings, **given)


def shown(store: Store, settings: Settings, text: str) -> list[Example]:
    return list(examples(store, caught(store, settings, text).newest(10)))


def limited(text: str) -> str:
    return " ".join(map(str, limits(parse(text), text)))


def test_post_found_for_two_things_is_counted_once(store: Store, settings: Settings) -> None:
    found = caught(store, settings, "bug")
    assert (found.count, found.read) == (3, 4)
    assert found.counts("network") == {("bluesky",): 2, ("x",): 1}


def test_newest_examples_are_shown_once_each(store: Store, settings: Settings) -> None:
    found = shown(store, settings, "bug")
    assert {example.post for example in found} == {"1", "2", "3"}
    assert (found[-1].post, found[-1].text) == ("1", "Un bug !")
    assert found[-1].author == "bluesky:northfield.example"


def test_days_bound_it(store: Store, settings: Settings) -> None:
    assert caught(store, settings, "bug", since=date(2026, 9, 10)).count == 2


def test_operator_in_small_letters_is_explained() -> None:
    assert "OU" in limited("bug ou panne")


def test_mere_exclusion_is_explained() -> None:
    assert "not wanted" in limited("NOT bug")


def test_operator_within_quotes_is_a_word() -> None:
    assert limited('"bug ou panne"') == ""


def test_what_asking_networks_costs_is_told(store: Store, settings: Settings) -> None:
    query = parse("bug")
    found = caught(store, settings, "bug")
    told = flow.costings(query, found, settings=settings, secrets={})
    costs = {cost.connector: cost for cost in told}
    assert costs["x"].searches == ("bug",)
    assert (costs["x"].posts_a_month, costs["x"].euros_a_month) == (1, 0.01)
    assert costs["threads"].refusal is not None
    assert "rss" not in costs


def test_months_whose_words_are_not_read_yet_are_said(store: Store, settings: Settings) -> None:
    assert caught(store, settings, "bug", most=0).missing
    flow.read_words(store, settings=settings)
    read = caught(store, settings, "bug", most=0)
    assert (read.count, read.missing) == (3, ())


def test_forgotten_words_are_dropped_at_once(store: Store, settings: Settings) -> None:
    flow.read_words(store, settings=settings)
    store.forget(network="bluesky", post="2")
    assert flow.drop_words(store, settings=settings) > 0
    assert caught(store, settings, "bug").count == 2
