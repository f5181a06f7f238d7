from datetime import UTC, date, datetime, timedelta

import ibis
import numpy as np
import pyarrow as pa
import pytest

from vigie.measure.answers import KINDS, median_of
from vigie.measure.medians import medians
from vigie.measure.uncertainty import EXACT_UP_TO

MONTHS = (date(2026, 9, 1), date(2026, 10, 1))
FIRST_LOOK = datetime(2026, 11, 1, tzinfo=UTC)
BY = [("account", "ascending"), ("month_on", "ascending")]
COLUMNS = pa.schema(
    {
        "account": pa.string(),
        "network": pa.string(),
        "month_on": pa.date32(),
        "observed_at": pa.timestamp("us", tz="UTC"),
        "observed": pa.float64(),
    }
)


def rows(count: int, accounts: int, known: float) -> pa.Table:
    """Return what so many posts say, in no order; many say the same."""
    rng = np.random.default_rng(count)
    names = [f"x:{number}" for number in rng.integers(0, accounts, count)]
    months = [MONTHS[place] for place in rng.integers(0, 2, count)]
    looks = [FIRST_LOOK + timedelta(hours=int(hours)) for hours in rng.integers(0, 99, count)]
    said = pa.array(np.round(rng.exponential(size=count), 2), mask=rng.random(count) > known)
    return pa.table([names, ["x"] * count, months, looks, said], schema=COLUMNS)


def same(found: pa.Table) -> pa.Table:
    kinds = ibis.schema(KINDS).to_pyarrow()
    return found.select(kinds.names).cast(kinds).sort_by(BY)


@pytest.mark.parametrize(
    ("count", "accounts", "known"),
    [(0, 1, 1), (1, 1, 1), (40, 12, 0.5), (500, 20, 0.9), (5 * EXACT_UP_TO, 2, 1)],
)
def test_the_median_in_memory_is_the_engines_to_the_last_digit(
    count: int, accounts: int, known: float
) -> None:
    posts = rows(count, accounts, known)
    asked = median_of(ibis.memtable(posts), least_n=5).to_pyarrow()
    assert same(medians(posts, least_n=5)).equals(same(asked))


def test_texts_may_come_as_numbers() -> None:
    posts = rows(200, 9, 0.8)
    coded = posts.set_column(0, "account", posts["account"].dictionary_encode())
    assert same(medians(coded, least_n=5)).equals(same(medians(posts, least_n=5)))
