"""From observations to a published edition, in the order of the steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from tests.cast import post, snapshot
from tests.conftest import Fill
from vigie import flow
from vigie.columns import table_of
from vigie.errors import ComparisonError, EditionError
from vigie.index.edition import recompute
from vigie.model import Account, Institution, Post, Snapshot
from vigie.settings import Settings
from vigie.store.store import Store

NOW = datetime(2026, 11, 2, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)


def ten_universities(store: Store, settings: Settings) -> None:
    """Fill a store with ten universities, each with six posts in October."""
    names = [f"university-{number:02d}" for number in range(10)]
    store.replace(
        "institutions",
        table_of(
            Institution,
            [
                Institution(institution=n, name=n.title(), kind="university", country="FR")
                for n in names
            ],
        ),
    )
    accounts = [Account(account=f"bluesky:{n}", institution=n, network="bluesky") for n in names]
    store.replace("accounts", table_of(Account, accounts))
    for number, account in enumerate(accounts):
        posts = [
            post(f"{account.institution}-{day}", account=account, likes=number * 5 + day,
                 published_at=datetime(2026, 10, day, 9, tzinfo=UTC))
            for day in range(1, 7)
        ]  # fmt: skip
        store.append("posts", table_of(Post, posts))
        looks = [snapshot(date(2026, 10, 28), account=account, followers=1_000 * (number + 1))]
        store.append("snapshots", table_of(Snapshot, looks))
    flow.measure(store, settings=settings)


@pytest.fixture
def observed(begin_with: Callable[[Fill], Store]) -> Store:
    """A store that holds ten universities, each with six posts in October."""
    return begin_with(ten_universities)


def test_measuring_twice_measures_nothing_the_second_time(
    observed: Store, settings: Settings
) -> None:
    assert flow.measure(observed, settings=settings).months == ()


def test_only_the_month_that_changed_is_measured_again(observed: Store, settings: Settings) -> None:
    late = post("late", published_at=datetime(2026, 9, 3, tzinfo=UTC))
    observed.append("posts", table_of(Post, [late]))
    assert flow.measure(observed, settings=settings).months == (date(2026, 9, 1),)


def test_the_latest_month_is_compared_unless_one_is_named(observed: Store) -> None:
    made = flow.compare(observed, now=NOW)
    assert made.inputs.month_on == OCTOBER


def test_who_does_best_on_everything_leads(observed: Store) -> None:
    flow.compare(observed, now=NOW)
    leader = flow.standings(observed, "2026-10")[0]
    assert (leader.institution, leader.rank) == ("university-09", 1)


def test_a_new_draft_takes_the_place_of_the_old_one(observed: Store) -> None:
    flow.compare(observed, now=NOW)
    flow.compare(observed, now=NOW)
    assert len(flow.standings(observed, "2026-10")) == 10


def test_a_published_edition_is_recomputed_from_its_files(
    observed: Store, settings: Settings
) -> None:
    flow.compare(observed, now=NOW)
    done = flow.publish(observed, settings, edition="2026-10", reason=None, now=NOW)
    assert recompute(done.folder).standings.num_rows == 10


def test_a_draft_whose_observations_changed_is_not_published_unseen(
    observed: Store, settings: Settings
) -> None:
    flow.compare(observed, now=NOW)
    extra = [post(f"more-{day}", likes=900, account=Account(
        account="bluesky:university-00", institution="university-00", network="bluesky"),
        published_at=datetime(2026, 10, day, 12, tzinfo=UTC)) for day in range(1, 15)]  # fmt: skip
    observed.append("posts", table_of(Post, extra))
    flow.measure(observed, settings=settings)
    with pytest.raises(EditionError, match="changed since"):
        flow.publish(observed, settings, edition="2026-10", reason=None, now=NOW)


def test_a_correction_needs_a_reason(observed: Store, settings: Settings) -> None:
    for _revision in (1, 2):
        flow.compare(observed, now=NOW)
        if _revision == 1:
            flow.publish(observed, settings, edition="2026-10", reason=None, now=NOW)
    with pytest.raises(EditionError, match="reason"):
        flow.publish(observed, settings, edition="2026-10", reason=None, now=NOW)


def test_the_first_revision_stays_beside_the_second(observed: Store, settings: Settings) -> None:
    for reason in (None, "An account was missing."):
        flow.compare(observed, now=NOW)
        flow.publish(observed, settings, edition="2026-10", reason=reason, now=NOW)
    assert [one.revision for one in flow.editions(observed)] == [2, 1]


def test_an_empty_store_says_what_to_do_first(store: Store) -> None:
    with pytest.raises(ComparisonError, match="vigie measure"):
        flow.compare(store, now=NOW)
