"""A list of mentions leaves whole, however long it is."""

from __future__ import annotations

from datetime import timedelta

import ibis
import pyarrow as pa

from tests.cast import NOON
from vigie import flow
from vigie.listening.mention_document import document
from vigie.listening.mention_list import COLUMNS, all_of
from vigie.listening.sampled import Estimate

MANY = 21_000


def mentions() -> pa.Table:
    """Many mentions, a second after each other."""
    said = {
        "network": pa.array(["bluesky"] * MANY),
        "post": pa.array([f"{number:06}" for number in range(MANY)]),
        "published_at": pa.array([NOON + timedelta(seconds=number) for number in range(MANY)]),
        "text": pa.array(["The library is closed."] * MANY),
    }
    unknown = pa.nulls(MANY, pa.string())
    return pa.table({name: said.get(name, unknown) for name in COLUMNS})


def test_file_of_many_mentions_has_every_row() -> None:
    found = all_of(ibis.memtable(mentions()))
    made = document(found, Estimate(kept=MANY, posts=MANY), choices={}, now=NOON)
    rows = b"".join(flow.render(made, "csv", "en")).decode().splitlines()
    assert len(rows) == MANY + 1
    assert (rows[-1].split(",")[0], made.choices["mentions"]) == (str(MANY), str(MANY))
