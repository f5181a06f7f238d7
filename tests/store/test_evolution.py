from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.store.keeping import rows
from vigie.errors import StoreError
from vigie.model import Record
from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Visit(Record):
    table: ClassVar[str] = "visits"
    key: ClassVar[tuple[str, ...]] = ("visit",)

    visit: str
    pages: int | None = None


@dataclass(frozen=True, kw_only=True)
class NewerVisit(Record):
    """The same table one version later."""

    table: ClassVar[str] = "visits"
    key: ClassVar[tuple[str, ...]] = ("visit",)

    city: str | None = None
    visit: str
    tags: tuple[str, ...] = ()
    pages: int | None = None


@pytest.fixture
def older(tmp_path: Path, engine: DuckdbEngine) -> Store:
    return Store(str(tmp_path), engine=engine, records={"visits": Visit})


@pytest.fixture
def newer(tmp_path: Path, engine: DuckdbEngine) -> Store:
    return Store(str(tmp_path), engine=engine, records={"visits": NewerVisit})


def read(store: Store) -> list[dict[str, object]]:
    return store.table("visits").order_by("visit").to_pyarrow().to_pylist()


def test_new_column_is_unknown_in_old_files(older: Store, newer: Store) -> None:
    older.append("visits", rows(Visit(visit="1", pages=4)))
    newer.append("visits", rows(NewerVisit(visit="2", city="Lyon", tags=("a",))))
    assert read(newer) == [
        {"city": None, "visit": "1", "tags": None, "pages": 4},
        {"city": "Lyon", "visit": "2", "tags": ["a"], "pages": None},
    ]


def test_column_of_a_newer_version_is_ignored(older: Store, newer: Store) -> None:
    newer.append("visits", rows(NewerVisit(visit="2", city="Lyon", pages=1)))
    assert read(older) == [{"visit": "2", "pages": 1}]


def test_compaction_by_an_older_version_loses_no_column(older: Store, newer: Store) -> None:
    for visit in ("1", "2"):
        newer.append("visits", rows(NewerVisit(visit=visit, city="Lyon")))
    assert older.compact().merged == 0
    assert [row["city"] for row in read(newer)] == ["Lyon", "Lyon"]


def test_compaction_by_a_newer_version_completes_old_files(older: Store, newer: Store) -> None:
    older.append("visits", rows(Visit(visit="1")))
    newer.append("visits", rows(NewerVisit(visit="2", city="Lyon")))
    assert newer.compact().merged == 1
    assert [row["city"] for row in read(newer)] == [None, "Lyon"]


def test_column_of_a_wrong_type_is_named_with_its_file(older: Store, tmp_path: Path) -> None:
    older.append("visits", rows(Visit(visit="1")))
    wrong = tmp_path / "visits" / "all" / "wrong.parquet"
    pq.write_table(pa.table({"visit": ["2"], "pages": ["many"]}), wrong)
    with pytest.raises(StoreError, match=r"wrong\.parquet holds pages as string"):
        older.table("visits")
    assert [damage.path for damage in older.repair()] == [str(wrong)]
    assert read(older) == [{"visit": "1", "pages": None}]


def test_narrower_numbers_of_another_writer_are_read(older: Store, tmp_path: Path) -> None:
    folder = tmp_path / "visits" / "all"
    folder.mkdir(parents=True)
    table = pa.table({"visit": ["2"], "pages": pa.array([7], pa.int16())})
    pq.write_table(table, folder / "other.parquet")
    assert read(older) == [{"visit": "2", "pages": 7}]
