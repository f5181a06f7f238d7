from datetime import date

import pyarrow as pa
import pytest

from tests.cast import (
    EASTMERE,
    NORTHFIELD_BLUESKY,
    SOUTHBRIDGE_BLUESKY,
    post,
    snapshot,
)
from tests.measure.asking import NOVEMBER, OCTOBER, SEPTEMBER, tables
from vigie.columns import records_of, schema_of
from vigie.measure.measuring import (
    POSTS_AT_ONCE,
    grouped,
    months_to_read,
    stale_months,
    values,
)
from vigie.model import Account, Institution, Value

LIBRARY = Account(
    account="bluesky:library.northfield.example",
    institution="northfield",
    network="bluesky",
    is_principal=False,
)
VIDEO = Account(account="youtube:northfield", institution="northfield", network="youtube")
REGISTER = (NORTHFIELD_BLUESKY, SOUTHBRIDGE_BLUESKY, LIBRARY, VIDEO)
LOOKS = [
    snapshot(OCTOBER, followers=1_000),
    snapshot(OCTOBER, account=LIBRARY, followers=200),
    snapshot(OCTOBER, account=VIDEO, followers=30),
    snapshot(OCTOBER, account=SOUTHBRIDGE_BLUESKY, followers=5_000),
]
POSTS = [
    *[post(f"n{index}", likes=index) for index in range(12)],
    *[post(f"l{index}", account=LIBRARY) for index in range(5)],
    *[post(f"s{index}", account=SOUTHBRIDGE_BLUESKY) for index in range(3)],
]
Key = tuple[str, str, str, str]


@pytest.fixture(scope="module")
def measured() -> dict[Key, Value]:
    given = tables(posts=POSTS, snapshots=LOOKS, accounts=REGISTER)
    found = records_of(Value, values(given, months=[OCTOBER]))
    return {(row.indicator, row.level, row.subject, row.network): row for row in found}


def test_values_have_the_columns_of_the_store() -> None:
    assert values(tables(), months=[]).schema == schema_of(Value)
    assert values(tables(), months=[OCTOBER]).num_rows == 0


def test_values_are_of_the_months_asked_only(measured: dict[Key, Value]) -> None:
    assert {row.month_on for row in measured.values()} == {OCTOBER}


def test_the_principal_account_makes_the_headline(measured: dict[Key, Value]) -> None:
    assert measured["followers", "institution", "northfield", "bluesky"].value == 1_000
    median = measured["interactions_per_post", "institution", "northfield", "bluesky"]
    assert (median.value, median.low, median.high, median.n) == (6.5, 3, 10, 12)


def test_secondary_accounts_are_summed_beside_it(measured: dict[Key, Value]) -> None:
    assert measured["followers", "institution_all", "northfield", "bluesky"].value == 1_200
    assert measured["posts", "institution_all", "northfield", "bluesky"].value == 17


def test_networks_are_summed_under_all(measured: dict[Key, Value]) -> None:
    assert measured["followers", "institution", "northfield", "all"].value == 1_030
    assert measured["followers", "institution_all", "northfield", "all"].value == 1_230


def test_rates_are_never_summed(measured: dict[Key, Value]) -> None:
    levels = {key[1] for key in measured if key[0] == "interactions_per_post"}
    networks = {key[3] for key in measured if key[0] == "interactions_per_post"}
    assert (levels, networks) == ({"account", "institution"}, {"bluesky"})


def test_a_sum_says_how_many_of_its_accounts_were_seen(measured: dict[Key, Value]) -> None:
    assert measured["posts", "institution", "northfield", "all"].coverage == pytest.approx(0.5)
    assert measured["posts", "institution_all", "northfield", "all"].coverage == pytest.approx(
        2 / 3
    )


def test_a_sum_of_nothing_known_is_unknown(measured: dict[Key, Value]) -> None:
    found = measured["interactions", "institution", "southbridge", "all"]
    assert (found.value, found.n, found.coverage) == (None, 3, 0)


@pytest.mark.parametrize(
    ("group", "network", "total", "n", "coverage"),
    [
        ("all", "all", 6_030, 2, 2 / 3),
        ("university.fr", "all", 6_030, 2, 1),
        ("university.fr", "bluesky", 6_000, 2, 1),
        ("university", "youtube", 30, 1, 1),
        ("fr", "all", 6_030, 2, 2 / 3),
    ],
)
def test_the_sector_says_how_many_institutions_were_seen(
    measured: dict[Key, Value], group: str, network: str, total: int, n: int, coverage: float
) -> None:
    found = measured["sector_audience", "sector", group, network]
    assert (found.value, found.n) == (total, n)
    assert found.coverage == pytest.approx(coverage)


def test_the_sector_counts_who_has_an_account_there_and_was_not_seen() -> None:
    given = tables(snapshots=LOOKS[:1], accounts=REGISTER)
    found = records_of(Value, values(given, months=[OCTOBER]))
    rows = {(row.subject, row.network): row for row in found if row.level == "sector"}
    assert rows["university.fr", "bluesky"].coverage == pytest.approx(0.5)


def test_a_closed_institution_is_not_missed() -> None:
    gone = Institution(
        institution="southbridge", name="S", kind="university", country="FR",
        closed_on=date(2026, 9, 1),
    )  # fmt: skip
    given = tables(snapshots=LOOKS, institutions=(EASTMERE, gone), accounts=REGISTER)
    found = records_of(Value, values(given, months=[OCTOBER]))
    assert [row for row in found if row.level == "sector"] == []


def many(count: int) -> dict[str, float | None]:
    institutions = [
        Institution(institution=f"i{index}", name="I", kind="university", country="FR")
        for index in range(count)
    ]
    accounts = [
        Account(account=f"x:a{index}", institution=f"i{index}", network="x")
        for index in range(count)
    ]
    looks = [
        snapshot(OCTOBER, account=account, followers=index)
        for index, account in enumerate(accounts, 1)
    ]
    given = tables(snapshots=looks, institutions=institutions, accounts=accounts)
    found = records_of(Value, values(given, months=[OCTOBER]))
    return {row.network: row.value for row in found if row.indicator == "sector_top_ten"}


def test_the_ten_largest_hold_a_share_of_the_sector() -> None:
    # 1 + … + 20 is 210, of which 11 + … + 20 is 155.
    assert many(20)["all"] == pytest.approx(155 / 210 * 100)


def test_the_ten_largest_of_ten_say_nothing() -> None:
    assert many(10)["all"] is None


def test_measuring_in_parts_changes_no_digit() -> None:
    given = tables(posts=POSTS, snapshots=LOOKS, accounts=REGISTER)
    parts = [values(given, months=[month]) for month in (OCTOBER, NOVEMBER)]
    assert values(given, months=[OCTOBER, NOVEMBER]).equals(pa.concat_tables(parts))


@pytest.mark.parametrize(
    ("posts", "groups"),
    [
        ({}, [[SEPTEMBER, OCTOBER, NOVEMBER]]),
        ({SEPTEMBER: 2, OCTOBER: POSTS_AT_ONCE, NOVEMBER: 1}, [[SEPTEMBER], [OCTOBER], [NOVEMBER]]),
        ({SEPTEMBER: 2, OCTOBER: POSTS_AT_ONCE - 2}, [[SEPTEMBER, OCTOBER, NOVEMBER]]),
    ],
)
def test_months_are_measured_together_while_they_are_small(
    posts: dict[date, int], groups: list[list[date]]
) -> None:
    assert list(grouped([NOVEMBER, SEPTEMBER, OCTOBER], posts)) == groups


def test_a_month_needs_its_posts_and_the_snapshots_it_looks_back_on() -> None:
    needed = months_to_read([OCTOBER])
    assert needed["posts"] == [OCTOBER]
    assert needed["snapshots"] == [
        date(2025, 9, 1), date(2025, 10, 1), date(2026, 8, 1), SEPTEMBER, OCTOBER,
    ]  # fmt: skip
    assert needed["accounts"] is None


THEN = {
    "posts": {SEPTEMBER: "a", OCTOBER: "b", NOVEMBER: "c"},
    "snapshots": {SEPTEMBER: "a", OCTOBER: "b", NOVEMBER: "c"},
    "accounts": {None: "r"},
}


def test_nothing_changed_leaves_nothing_to_measure() -> None:
    assert stale_months(THEN, THEN) == []


def test_an_import_of_posts_touches_its_own_month_only() -> None:
    now = {**THEN, "posts": {**THEN["posts"], OCTOBER: "new"}}
    assert stale_months(now, THEN) == [OCTOBER]


@pytest.mark.parametrize("name", ["mentions", "labels"])
def test_what_others_say_and_how_it_is_labelled_touches_its_own_month_only(name: str) -> None:
    now = {**THEN, name: {OCTOBER: "new"}}
    assert stale_months(now, THEN) == [OCTOBER]


def test_snapshots_touch_the_months_that_look_back_on_them() -> None:
    now = {**THEN, "snapshots": {**THEN["snapshots"], OCTOBER: "new"}}
    assert stale_months(now, THEN) == [OCTOBER, NOVEMBER]


def test_a_change_of_the_register_touches_every_month() -> None:
    now = {**THEN, "accounts": {None: "new"}}
    assert stale_months(now, THEN) == [SEPTEMBER, OCTOBER, NOVEMBER]


def test_a_month_that_lost_its_files_is_stale() -> None:
    posts = {SEPTEMBER: "a", NOVEMBER: "c"}
    snapshots = {SEPTEMBER: "a", NOVEMBER: "c"}
    now = {**THEN, "posts": posts, "snapshots": snapshots}
    assert OCTOBER in stale_months(now, THEN)


def test_the_first_time_every_month_is_stale() -> None:
    assert stale_months(THEN, {}) == [SEPTEMBER, OCTOBER, NOVEMBER]
