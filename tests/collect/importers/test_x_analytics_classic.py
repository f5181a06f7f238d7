"""Three exports of Twitter Analytics as an organisation received them, read whole."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from tests.collect.expected import context_of
from vigie.collect.importer import Parsed
from vigie.collect.recognising import recognise

DATA = Path(__file__).parents[3] / ".." / "shared" / "data" / "x-analytics-classic"
COUNTS = {
    "tweet_activity_metrics_rOpenSci_20170101_20170201_en.csv": 37,
    "tweet_activity_metrics_rOpenSci_20190301_20190401_en.csv": 38,
    "tweet_activity_metrics_rOpenSci_20211101_20211201_en.csv": 33,
}
"""Lines that begin with an identifier in quotes: 37 + 38 + 33 = 108 posts."""

needs_data = pytest.mark.skipif(not DATA.exists(), reason="the real exports are not at hand")


def read(name: str) -> Parsed:
    found = recognise(DATA / name)
    assert found.importer_name == "x_analytics_classic"
    (batch,) = found.importer.read(found.sample)
    return found.importer.parse(batch, context_of({}))


def posts(name: str) -> pa.Table:
    return read(name).tables["posts"]


@needs_data
@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_every_row_of_a_real_export_becomes_a_post(name: str, count: int) -> None:
    parsed = read(name)
    assert (parsed.read, parsed.refused, parsed.passed_over) == (count, (), 0)
    assert parsed.tables["posts"].num_rows == count
    assert len(parsed.tables["posts"]["post"].unique()) == count


@needs_data
@pytest.mark.parametrize("name", COUNTS)
def test_posts_of_a_real_export_are_of_the_account_and_month_of_its_name(name: str) -> None:
    found = posts(name)
    begin = name.split("_")[4]
    assert found["account"].unique().to_pylist() == ["x:ropensci"]
    assert {day.strftime("%Y%m") for day in found["published_on"].to_pylist()} <= {begin[:6]}


@needs_data
def test_counts_of_a_real_export_are_whole() -> None:
    found = posts("tweet_activity_metrics_rOpenSci_20211101_20211201_en.csv").to_pylist()
    (first,) = [post for post in found if post["post"] == "1465712230054432768"]
    assert (first["impressions"], first["likes"], first["shares"]) == (1777, 2, 0)
