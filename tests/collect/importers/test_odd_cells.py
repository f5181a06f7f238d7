"""Whatever stands in a cell, an importer keeps the row, refuses it or passes it over."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.collect.expected import context_of, samples, stated
from vigie.collect.importer import Parsed
from vigie.collect.recognising import Recognised, recognise
from vigie.collect.sample import JSON, PROBLEM, ROW

ODD = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "-", "1.22641E+18", "-5", "9" * 40, "2026-13-45", "0000-00-00", "31/12/9999", "=1+1",
         "NaN", "∞", "²", "٣", "Total", "https://x.com/a/status/1", "1e400", "\x00", "𝟚𝟘𝟚𝟞"]
    ),
    st.text(max_size=30),
)  # fmt: skip
ODD_VALUES = st.one_of(
    ODD, st.integers(), st.floats(), st.booleans(), st.just([]), st.just({}), st.just([None])
)
SAMPLES = [path for path in samples() if path.stat().st_size < 60_000]


@cache
def known(sample: Path) -> Recognised:
    return recognise(sample)


@cache
def batch_of(sample: Path) -> pa.Table:
    found = known(sample)
    return pa.concat_tables(found.importer.read(found.sample), promote_options="default")


def mended(cell: str, change: Any) -> str:
    """Return a JSON object with one of its values replaced."""
    found = json.loads(cell)
    holder = change(st.sampled_from(list(holders(found)) or [{}]))
    if holder:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        holder[change(st.sampled_from(keys))] = change(ODD_VALUES)
    return json.dumps(found)


def holders(value: Any) -> Any:
    """Yield every object and list in a value."""
    if isinstance(value, (dict, list)):
        yield value
        for part in value.values() if isinstance(value, dict) else value:
            yield from holders(part)


def parsed(sample: Path, batch: pa.Table) -> Parsed:
    return known(sample).importer.parse(batch, context_of(stated(sample)["context"]))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(change=st.data())
def test_odd_cell_is_never_a_surprise(sample: Path, change: st.DataObject) -> None:
    batch = batch_of(sample)
    rows = batch.to_pylist()
    for _time in range(change.draw(st.integers(1, 4))):
        row = change.draw(st.sampled_from(rows))
        name = change.draw(st.sampled_from([n for n in row if n not in (ROW, PROBLEM)]))
        row[name] = mended(row[JSON], change.draw) if name == JSON else change.draw(ODD)
    odd = pa.Table.from_pylist(rows, schema=batch.schema)
    found = parsed(sample, odd)
    whole = sum(not refusal.is_partial for refusal in found.refused)
    kept = found.read - whole - found.passed_over
    assert found.read == odd.num_rows
    assert kept >= 0
    assert bool(kept) == bool(found.tables)


def test_table_of_which_every_row_is_refused_holds_nothing() -> None:
    (sample,) = [path for path in SAMPLES if path.parent.name == "generic"][:1]
    rows = [{**row, "network": None} for row in batch_of(sample).to_pylist()]
    found = parsed(sample, pa.Table.from_pylist(rows, schema=batch_of(sample).schema))
    assert (found.tables, found.read > 0) == ({}, True)
