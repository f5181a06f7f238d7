"""Every indicator of a store with every kind of gap: the same values on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tests.cast import post
from tests.engines import ON_SPARK
from tests.listening.saying import label, mention
from tests.measure.test_against_plain_python import ACCOUNTS, MONTHS, seen
from vigie.columns import table_of
from vigie.measure.carrying import Prepared
from vigie.measure.measuring import READS, known_indicators, values
from vigie.model import TABLES, Enrolment, Institution, Record
from vigie.store.engine import Engine
from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.store import Store

pytestmark = ON_SPARK
KEY = ("month_on", "level", "subject", "network", "indicator")
KINDS = ("text", "image", "video", None)


def observed() -> dict[str, list[Any]]:
    """Return months of many accounts: posts, looks, and what others said to them."""
    rng = np.random.default_rng(7)
    found: dict[str, list[Any]] = {name: [] for name in READS}
    for number, account in enumerate(ACCOUNTS):
        past = seen(number, account)
        found["snapshots"] += past.snapshots
        for one in past.posts:
            shown = int(rng.integers(0, 3))
            found["posts"].append(
                post(
                    one.post, account=account, published_at=one.published_at, likes=one.likes,
                    comments=one.comments, shares=one.shares, is_repost=one.is_repost,
                    kind=KINDS[int(rng.integers(0, 4))], views=int(rng.integers(0, 900)),
                    images=shown, images_described=int(rng.integers(0, shown + 1)),
                    is_reply=bool(rng.integers(0, 2)),
                )
            )  # fmt: skip
        found["accounts"].append(account)
        found["institutions"].append(
            Institution(institution=account.institution, name=account.institution,
                        kind="university", country="FR")
        )  # fmt: skip
        found["enrolments"].append(
            Enrolment(institution=account.institution, year=2025, students=100 + number)
        )
    for number in range(400):
        account = ACCOUNTS[number % 8]
        moment = seen_at(rng)
        name = f"q{number}"
        found["mentions"].append(
            mention(name, subject=account.account, published_at=moment, kind="reply",
                    author=f"p{number % 9}")
        )  # fmt: skip
        found["labels"].append(label("intent", "question", post=name, published_on=moment.date()))
        if number % 3:
            answered = moment + timedelta(hours=int(rng.integers(1, 60)))
            found["posts"].append(
                post(f"a{number}", account=account, published_at=answered, answers_to=name,
                     is_reply=True)
            )  # fmt: skip
    return found


def seen_at(rng: np.random.Generator) -> Any:
    day = MONTHS[int(rng.integers(0, 3))]
    return datetime(day.year, day.month, 1, tzinfo=UTC) + timedelta(
        hours=int(rng.integers(0, 27 * 24))
    )


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> tuple[Store, Store]:
    """Return one folder, as each engine reads it."""
    address = str(tmp_path_factory.mktemp("both"))
    first = Store(address, engine=DuckdbEngine())
    for name, rows in observed().items():
        record: type[Record] = TABLES[name]
        first.append(name, table_of(record, rows))
    return first, Store(address, engine=engine)


def measured(store: Store) -> dict[tuple[Any, ...], dict[str, Any]]:
    rows = values(store.tables(READS), months=MONTHS, prepared=Prepared(store.engine)).to_pylist()
    return {tuple(row[name] for name in KEY): row for row in rows}


def test_every_value_is_the_same(stores: tuple[Store, Store]) -> None:
    there, here = map(measured, stores)
    assert here.keys() == there.keys()
    for key, row in there.items():
        numbers = {name for name, value in row.items() if isinstance(value, float)}
        assert {name: here[key][name] for name in row.keys() - numbers} == {
            name: row[name] for name in row.keys() - numbers
        }
        # The order in which fractions are added is nobody's: their last digits are.
        for name in numbers:
            assert here[key][name] == pytest.approx(row[name], rel=1e-9, abs=1e-12), (key, name)


def test_indicators_have_something_to_say(stores: tuple[Store, Store]) -> None:
    told = {row["indicator"] for row in measured(stores[0]).values() if row["value"] is not None}
    assert known_indicators().keys() - told <= {"audience_growth_year", "identity"}
