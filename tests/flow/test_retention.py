"""What others wrote goes with its labels when its network says so, and not a day earlier."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import ACCOUNTS, INSTITUTIONS, NOON
from vigie import flow
from vigie.collect.connecting import days_of_others
from vigie.collect.rights import Rights
from vigie.columns import table_of
from vigie.model import Account, Institution, Label, Mention
from vigie.settings import Settings
from vigie.store.store import Store

DAYS = {**days_of_others(), "minitel": Rights.keep_others_days}
"""Also a network nobody connects to: its posts came in a file."""
PUBLISHED = NOON.date()


@pytest.fixture
def kept(store: Store) -> Store:
    """One labelled post of every network."""
    mentions = [
        Mention(
            network=name, post="1", subject="library", kind="found", author="p1",
            published_at=NOON, published_on=PUBLISHED, observed_at=NOON, text="The library?",
        )
        for name in DAYS
    ]  # fmt: skip
    labels = [
        Label(
            network=name, post="1", published_on=PUBLISHED, question="intent",
            annotator="rules 1", answers=("question",), certainties=(1.0,), labelled_at=NOON,
        )
        for name in DAYS
    ]  # fmt: skip
    store.append("mentions", table_of(Mention, mentions))
    store.append("labels", table_of(Label, labels))
    return store


def networks(store: Store, table: str) -> set[str]:
    return set(store.table(table).network.to_pyarrow().to_pylist())


@pytest.mark.parametrize("days", sorted(set(DAYS.values())))
def test_each_network_keeps_as_long_as_it_allows(
    kept: Store, settings: Settings, days: int
) -> None:
    flow.let_go(kept, settings=settings, today=PUBLISHED + timedelta(days=days))
    assert networks(kept, "mentions") == {name for name in DAYS if DAYS[name] >= days}
    flow.let_go(kept, settings=settings, today=PUBLISHED + timedelta(days=days + 1))
    left = {name for name in DAYS if DAYS[name] > days}
    assert networks(kept, "mentions") == networks(kept, "labels") == left


def heard(store: Store) -> dict[str, float | None]:
    rows = store.table("values")
    shares = rows.filter(rows.indicator == "share_of_voice", rows.level == "institution")
    return {row["network"]: row["n"] for row in shares.to_pyarrow().to_pylist()}


def test_figures_of_a_month_stay_when_what_they_are_made_of_is_let_go(
    store: Store, settings: Settings
) -> None:
    store.replace("institutions", table_of(Institution, INSTITUTIONS))
    store.replace("accounts", table_of(Account, ACCOUNTS))
    said = [
        Mention(
            network="bluesky", post=str(number), subject=ACCOUNTS[0].account, kind="mention",
            author="p1", published_at=NOON, published_on=PUBLISHED, observed_at=NOON, text="Hello",
        )
        for number in range(120)
    ]  # fmt: skip
    store.append("mentions", table_of(Mention, said))
    flow.let_go(store, settings=settings, today=PUBLISHED + timedelta(days=400))
    assert not networks(store, "mentions")
    before = heard(store)
    assert before["bluesky"] == 120
    flow.measure(store, settings=settings)
    flow.measure(store, settings=settings, everything=True)
    assert heard(store) == before
