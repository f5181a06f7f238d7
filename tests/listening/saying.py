"""How the tests of listening make mentions and labels and read texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import ibis
import pyarrow as pa

from tests.cast import ACCOUNTS, NOON, NORTHFIELD_BLUESKY
from tests.listening.slow_and_obvious import Text
from vigie.columns import table_of
from vigie.listening.query import Query
from vigie.listening.texts import texts
from vigie.model import TABLES, Label, Mention, Record

ALWAYS: dict[str, Iterable[Record]] = {"accounts": ACCOUNTS}


def mention(name: str = "m1", **changes: Any) -> Mention:
    """Return someone's public post about Northfield, with what a test wants to say of it."""
    moment = changes.pop("published_at", NOON)
    given: dict[str, Any] = {
        "network": "bluesky",
        "post": name,
        "subject": NORTHFIELD_BLUESKY.account,
        "kind": "mention",
        "author": "pseudonym-1",
        "published_at": moment,
        "published_on": moment.date(),
        "observed_at": moment + timedelta(days=1),
        "text": "Where is the library?",
    }
    return Mention(**{**given, **changes})


def label(question: str, *answers: str, post: str = "m1", **changes: Any) -> Label:
    """Return what the rules answered about a post, unless the test says otherwise."""
    given: dict[str, Any] = {
        "network": "bluesky",
        "post": post,
        "published_on": NOON.date(),
        "question": question,
        "annotator": "rules 1",
        "answers": answers,
        "certainties": tuple(0.9 for _answer in answers),
        "labelled_at": NOON,
    }
    return Label(**{**given, **changes})


def tables(**rows: Iterable[Any]) -> dict[str, ibis.Table]:
    """Return tables of these rows, with the cast's accounts unless told otherwise."""
    given = {**ALWAYS, **rows}
    return {name: ibis.memtable(table_of(TABLES[name], found)) for name, found in given.items()}


def read(**rows: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """Return the texts by post; a post that is there twice is an error."""
    found = texts(tables(**rows)).to_pyarrow().to_pylist()
    seen = {row["post"]: row for row in found}
    assert len(seen) == len(found), "a post is read twice"
    return seen


def answered(query: Query, asked: Sequence[Text]) -> list[bool]:
    """Return what a query's condition says of each text, in an engine."""
    kinds = texts(tables()).schema().to_pyarrow()
    numbered = pa.schema([*kinds, pa.field("number", pa.int64())])
    rows = [{**text.row, "number": number} for number, text in enumerate(asked)]
    table = ibis.memtable(pa.Table.from_pylist(rows, schema=numbered))
    found = table.select("number", is_caught=query.condition(table)).order_by("number")
    return found.to_pyarrow()["is_caught"].to_pylist()
