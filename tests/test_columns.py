"""A record becomes a row and comes back."""

from __future__ import annotations

from tests.cast import INSTITUTIONS, NORTHFIELD, post
from vigie.columns import records_of, schema_of, table_of
from vigie.model import TABLES, Institution, Post


def test_records_come_back_from_a_table() -> None:
    assert records_of(Institution, table_of(Institution, INSTITUTIONS)) == list(INSTITUTIONS)


def test_no_records_still_have_columns() -> None:
    assert table_of(Post, []).schema == schema_of(Post)


def test_unknown_stays_unknown() -> None:
    assert table_of(Post, [post(likes=None)])["likes"].to_pylist() == [None]


def test_a_column_from_a_later_version_is_left_out() -> None:
    table = table_of(Institution, [NORTHFIELD]).append_column("colour", [["blue"]])
    assert records_of(Institution, table) == [NORTHFIELD]


def test_every_table_names_columns_it_has() -> None:
    for record in TABLES.values():
        named = {*record.key, record.month, record.looked} - {None}
        assert named <= set(schema_of(record).names), record
