from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.cast import INSTITUTIONS, post
from tests.measure.test_against_plain_python import ACCOUNTS, MONTHS, seen
from tests.measure.test_responsiveness import label, question
from vigie import flow
from vigie.columns import table_of
from vigie.flow.measures import PLAN, tables_near
from vigie.measure.measuring import known_indicators, values
from vigie.model import (
    Account,
    Enrolment,
    Identity,
    Institution,
    Label,
    Mention,
    Post,
    Record,
    Snapshot,
    Value,
)
from vigie.settings import Settings
from vigie.store.store import Store, open_store

SHOWN: list[dict[str, Any]] = [
    {"kind": "text"},
    {"kind": "video", "views": 400},
    {"kind": "image", "images": 2, "images_described": 1},
]
PASTS = [seen(seed, account) for seed, account in enumerate(ACCOUNTS[:20])]
POSTS = [
    replace(one, **SHOWN[place % 3])
    for place, one in enumerate(one for past in PASTS for one in past.posts)
]
LOOKS = [one for past in PASTS for one in past.snapshots]
YEAR_BEFORE = [
    replace(
        one,
        observed_at=one.observed_at.replace(year=2025),
        observed_on=one.observed_on.replace(year=2025),
    )
    for one in LOOKS
]
"""Posts show something, and audiences were looked at a year before too: all can be measured."""
ASKED = [
    question(
        f"{account.account}/{month:%m}-{number}",
        subject=account.account,
        author=f"a{number}",
        published_at=datetime(month.year, month.month, 3 + number, 9, tzinfo=UTC),
    )
    for account in ACCOUNTS[:20]
    for month in MONTHS
    for number in range(12)
]
LABELLED = [label(one, "question") for one in ASKED]
ANSWERS = [
    post(
        f"{asked.post}/answer",
        account=Account(account=asked.subject, institution="i", network="bluesky"),
        published_at=asked.published_at + timedelta(hours=place % 40),
        answers_to=asked.post,
        is_reply=True,
    )
    for place, asked in enumerate(ASKED)
    if place % 4
]
"""Everyone is asked something, and answers most of it."""
TOLD = [
    Identity(
        institution=account.institution, month_on=month, computed_at=ANSWERS[0].observed_at,
        first_on=month, posts=300, value=0.6, low=0.5, high=0.7,
    )
    for account in ACCOUNTS[:20]
    for month in MONTHS
]  # fmt: skip


def opened(home: Path) -> tuple[Store, Settings]:
    """Return a store that knows who is who, and has seen nothing yet."""
    settings = Settings(home=home)
    store = open_store(settings)
    owners = [
        Institution(institution=one.institution, name="I", kind="university", country="FR")
        for one in ACCOUNTS
    ]
    students = [Enrolment(institution=one.institution, year=2025, students=900) for one in ACCOUNTS]
    store.replace("institutions", table_of(Institution, [*INSTITUTIONS, *owners]))
    store.append("snapshots", table_of(Snapshot, YEAR_BEFORE))
    store.replace("accounts", table_of(Account, ACCOUNTS))
    store.replace("enrolments", table_of(Enrolment, students))
    return store, settings


def observe(store: Store, months: list[date]) -> None:
    """Take in what was seen in some months."""
    observed: dict[type[Record], Sequence[Any]] = {
        Post: [*POSTS, *ANSWERS],
        Mention: ASKED,
        Label: LABELLED,
    }
    for record, rows in observed.items():
        here = [one for one in rows if one.published_on.replace(day=1) in months]
        store.append(record.table, table_of(record, here))
    told = [one for one in TOLD if one.month_on in months]
    store.append("identities", table_of(Identity, told))
    looks = [one for one in LOOKS if one.observed_on.replace(day=1) in months]
    store.append("snapshots", table_of(Snapshot, looks))


def kept(store: Store) -> pa.Table:
    """Return the values of a store, by month and then by key."""
    by = ["month_on", *(name for name in Value.key if name != "month_on")]
    return store.table("values").to_pyarrow().sort_by([(name, "ascending") for name in by])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Settings]:
    """A store that was measured once, when all was in it."""
    store, settings = opened(tmp_path_factory.mktemp("whole"))
    observe(store, MONTHS)
    flow.measure(store, settings=settings)
    return store, settings


def test_every_indicator_has_values(whole: tuple[Store, Settings]) -> None:
    names = set(kept(whole[0])["indicator"].to_pylist())
    assert names == set(known_indicators())


def test_months_measured_as_they_come_have_the_values_of_all_at_once(
    whole: tuple[Store, Settings], tmp_path: Path
) -> None:
    store, settings = opened(tmp_path)
    for month in (MONTHS[2], MONTHS[0], MONTHS[1]):
        observe(store, [month])
        flow.measure(store, settings=settings)
    assert kept(store).equals(kept(whole[0]))


def test_questions_asked_at_once_are_answered_as_one_by_one(
    whole: tuple[Store, Settings],
) -> None:
    months = whole[0].months("values")
    one_by_one = values(tables_near(whole[0], months), months=months)
    assert kept(whole[0]).cast(one_by_one.schema).equals(one_by_one)


def test_questions_are_thought_through_once(whole: tuple[Store, Settings]) -> None:
    store, settings = whole
    path = settings.home / PLAN
    before = path.stat().st_mtime_ns
    flow.measure(store, settings=settings, everything=True)
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("left", ["", "{", "[]", '{"made_of": "another version"}'])
def test_questions_that_cannot_be_read_are_thought_through_again(
    whole: tuple[Store, Settings], left: str
) -> None:
    store, settings = whole
    before = kept(store)
    (settings.home / PLAN).write_text(left, "utf-8")
    flow.measure(store, settings=settings, everything=True)
    assert kept(store).equals(before)
    assert (settings.home / PLAN).stat().st_size > len(left)


def test_it_is_told_how_many_months_are_done(whole: tuple[Store, Settings]) -> None:
    store, settings = whole
    told: list[tuple[int, int]] = []
    flow.measure(
        store,
        settings=settings,
        everything=True,
        progress=lambda done, of: told.append((done, of)),
    )
    done, of = told[-1]
    assert done == of >= len(MONTHS)
