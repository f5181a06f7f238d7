"""A listening query catches the same on Spark, on DuckDB and one text after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines import ON_SPARK
from tests.listening import at_random
from tests.listening.saying import tables
from tests.listening.slow_and_obvious import Text, is_caught
from tests.listening.test_texts import *  # noqa: F403  # they are asked of Spark here
from vigie.listening.query import Query
from vigie.listening.query_evaluation import with_folded
from vigie.listening.texts import texts
from vigie.store.engine import Engine

pytestmark = [*ON_SPARK, pytest.mark.usefixtures("asked")]


def asked_all(queries: Sequence[Query], asked: Sequence[Text]) -> ibis.Table:
    """Return the question which of these texts each query catches."""
    kinds = texts(tables()).schema().to_pyarrow()
    numbered = pa.schema([*kinds, pa.field("number", pa.int64())])
    rows = [{**text.row, "number": number} for number, text in enumerate(asked)]
    table = with_folded(ibis.memtable(pa.Table.from_pylist(rows, schema=numbered)))
    caught: dict[str, Any] = {
        f"q{place}": query.condition(table) for place, query in enumerate(queries)
    }
    return table.select("number", **caught).order_by("number")


@given(
    queries=st.lists(at_random.queries, min_size=15, max_size=25),
    written=st.lists(at_random.texts, min_size=30, max_size=60),
)
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_random_queries_catch_the_same(
    engine: Engine, queries: list[Any], written: list[Text]
) -> None:
    question = asked_all([Query(node) for node in queries], written)
    on_spark = engine._backend.to_pyarrow(question)  # type: ignore[attr-defined]
    on_duckdb = ibis.duckdb.connect().to_pyarrow(question)
    for place, node in enumerate(queries):
        expected = [is_caught(node, text) for text in written]
        assert on_spark[f"q{place}"].to_pylist() == expected, str(node)
        assert on_duckdb[f"q{place}"].to_pylist() == expected, str(node)
