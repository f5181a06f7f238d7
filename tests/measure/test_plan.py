from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vigie.measure.indicator import Tables
from vigie.measure.plan import Asking, Plan, made_of, planned, read, written
from vigie.measure.shared import Shared

SCHEMAS = {"posts": ibis.schema({"account": "string", "likes": "int64"})}
RANKS = {"length": [1, 2], "rank": [1, 1]}


class Compiling:
    """An engine that only puts questions into words."""

    threads = 1
    speaks = "duckdb"

    def compiled(self, question: ir.Table) -> str:
        return str(ibis.to_sql(question, dialect="duckdb"))

    def workroom(
        self, tables: Mapping[str, Any], *, repeated: Collection[str], small: Collection[str]
    ) -> Any:
        raise AssertionError


@Shared
def liked(tables: Tables) -> ir.Table:
    return tables["posts"].filter(tables["posts"].likes > 0)


@Shared
def liked_twice(tables: Tables) -> ir.Table:
    return liked(tables).filter(liked(tables).likes > 1)


def count(tables: Tables) -> ir.Table:
    return liked_twice(tables).group_by("account").agg(n=liked_twice(tables).count())


def ranked(tables: Tables) -> ir.Table:
    return count(tables).join(ibis.memtable(pa.table(RANKS)), [("n", "length")])


def asking(**asked: Callable[[Tables], ir.Table]) -> dict[str, Asking]:
    return {name: Asking(build=build) for name, build in asked.items()}


def plan_of(**asked: Callable[[Tables], ir.Table]) -> Plan:
    return planned(asking(**asked), SCHEMAS, Compiling())


def test_what_several_start_from_is_made_once_and_in_order() -> None:
    plan = plan_of(count=count, again=count)
    assert list(plan.shared) == ["liked", "liked_twice"]
    assert plan.shared["liked_twice"].uses == ("liked",)


def test_a_question_names_what_it_starts_from() -> None:
    assert plan_of(count=count).asked["count"].uses == ("liked_twice",)


def test_rows_that_a_question_brings_along_are_kept() -> None:
    (rows,) = plan_of(ranked=ranked).brought.values()
    assert rows.to_pydict() == RANKS


def test_a_plan_is_read_as_it_was_written() -> None:
    plan = plan_of(ranked=ranked)
    assert read(written(plan)) == plan


def test_a_plan_is_of_one_set_of_columns() -> None:
    more = {**SCHEMAS, "posts": ibis.schema({"account": "string", "likes": "int32"})}
    assert made_of(asking(count=count), SCHEMAS, "a") != made_of(asking(count=count), more, "a")


def test_a_plan_is_of_one_engine() -> None:
    one, other = (made_of(asking(count=count), SCHEMAS, speaks) for speaks in ("a 1", "b 1"))
    assert one != other


def test_a_plan_that_is_not_one_is_not_read() -> None:
    text = written(plan_of(count=count))
    assert read(text[:-2]) is None
    assert read("null") is None
    assert read(written(replace(plan_of(count=count), shared={})).replace("sql", "other")) is None
