"""The posts behind the medians that are compared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import ibis
import ibis.expr.types as ir
import pytest

from tests.cast import ACCOUNTS, INSTITUTIONS, NOON, post, snapshot
from tests.index.invented import OCTOBER
from tests.measure.test_responsiveness import label, question, reply
from vigie.columns import schema_of, table_of
from vigie.index.inputs import SAMPLES
from vigie.index.observations import post_samples
from vigie.model import Account, Institution, Label, Mention, Post, Record, Snapshot


def tables(posts: Iterable[Post]) -> dict[str, ir.Table]:
    held: dict[type[Record], Iterable[Record]] = {
        Post: posts,
        Snapshot: [snapshot()],
        Account: ACCOUNTS,
        Institution: INSTITUTIONS,
    }
    return {
        record.table: ibis.memtable(
            table_of(record, rows), schema=ibis.Schema.from_pyarrow(schema_of(record))
        )
        for record, rows in held.items()
    }


def test_each_post_says_its_interactions() -> None:
    found = post_samples(tables([post(str(i), likes=i) for i in range(6)]), month_on=OCTOBER)
    rows = [r for r in found.to_pylist() if r["indicator"] == "interactions_per_post"]
    assert sorted(row["value"] for row in rows) == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert {(row["institution"], row["network"]) for row in rows} == {("northfield", "bluesky")}


def test_each_question_says_how_long_it_was_followed_and_whether_it_was_answered() -> None:
    asked = question("q1"), question("q2")
    held = tables([reply("r", "q1", after=timedelta(hours=2))])
    more = {Mention: asked, Label: [label(one, "question") for one in asked]}
    held |= {record.table: ibis.memtable(table_of(record, rows)) for record, rows in more.items()}
    found = post_samples(held, month_on=OCTOBER)
    rows = [r for r in found.to_pylist() if r["indicator"] == "response_share_24h"]
    told = sorted((row["is_answered"], row["value"]) for row in rows)
    assert told[-1] == (True, 2.0)
    assert [is_answered for is_answered, _hours in told] == [False, True]


def test_posts_of_another_month_are_left_out() -> None:
    early = post(published_at=NOON - timedelta(days=5))
    assert post_samples(tables([early]), month_on=OCTOBER).num_rows == 0


@pytest.mark.parametrize("posts", [[], [post(likes=None, comments=None, shares=None)]])
def test_nothing_known_gives_an_empty_table(posts: list[Post]) -> None:
    assert post_samples(tables(posts), month_on=OCTOBER).equals(SAMPLES.empty_table())
