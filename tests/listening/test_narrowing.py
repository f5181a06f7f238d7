"""A query kept for some languages and networks is listened to there, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vigie.collect.connecting import connect
from vigie.columns import table_of
from vigie.flow.spiking import watch_of
from vigie.listening.concordance import Concordance
from vigie.listening.kept import KeptQuery
from vigie.listening.narrowing import narrowed
from vigie.listening.searching import searches
from vigie.listening.texts import texts
from vigie.model import Mention
from vigie.store.store import Store

AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
BLUESKY = connect("bluesky", secrets={"service": "https://pds.example"})
KEPT = KeptQuery(name="canteen", title="Canteen", words="canteen", purpose="p", office="o")
SAID = {"fr": ("bluesky", "fr"), "en": ("bluesky", "en"), "short": ("bluesky", None),
        "away": ("mastodon", "fr")}  # fmt: skip


@pytest.fixture
def said(store: Store) -> Store:
    rows = [
        Mention(
            network=network, post=name, subject="canteen", kind="found", author=name,
            published_at=AT, published_on=AT.date(), observed_at=AT, text="Canteen",
            language=language,
        )
        for name, (network, language) in SAID.items()
    ]  # fmt: skip
    store.append("mentions", table_of(Mention, rows))
    return store


@pytest.mark.parametrize(
    ("languages", "networks", "caught"),
    [
        ((), (), {"fr", "en", "short", "away"}),
        (("fr",), (), {"fr", "short", "away"}),
        ((), ("bluesky",), {"fr", "en", "short"}),
        (("fr",), ("bluesky",), {"fr", "short"}),
    ],
)
def test_only_its_languages_and_networks_are_caught(
    said: Store, languages: tuple[str, ...], networks: tuple[str, ...], caught: set[str]
) -> None:
    kept = replace(KEPT, languages=languages, networks=networks)
    query = watch_of([kept], ()).queries["canteen"]
    rows = texts(said.tables(["posts", "mentions", "labels", "accounts"]))
    found = rows.filter(query.condition(rows)).to_pyarrow().to_pylist()
    assert {row["post"] for row in found} == caught
    assert {row["post"] for row in rows.to_pyarrow().to_pylist() if query.matches(row)} == caught


def test_word_index_narrows_alike(said: Store, tmp_path: Path) -> None:
    kept = replace(KEPT, languages=("fr",), networks=("bluesky",))
    found = Concordance(store=said, folder=tmp_path / "words").find(narrowed(kept))
    assert set(found.keys()["post"].to_pylist()) == {"fr", "short"}


def test_networks_are_searched_for_its_words_alone() -> None:
    kept = replace(KEPT, languages=("fr",), networks=("bluesky",))
    assert searches(narrowed(kept), BLUESKY, name="canteen").words == ("canteen",)
    assert searches(narrowed(replace(kept, networks=("x",))), BLUESKY, name="canteen").refusal


def test_other_languages_are_counted_anew() -> None:
    """What was counted is kept under the words of a query: they say its languages too."""
    french = replace(KEPT, languages=("fr",))
    assert str(narrowed(KEPT)) != str(narrowed(french))
