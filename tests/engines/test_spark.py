"""A store read by Spark: the same rows, and a plain word where it cannot."""

from __future__ import annotations

import threading
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pytest

from tests.cast import ACCOUNTS, post
from tests.engines import ON_SPARK
from tests.store.keeping import LATER, likes, rows
from vigie.errors import DamagedFileError, SettingError, StoreError
from vigie.store.engine import Engine
from vigie.store.engines.spark import SparkEngine, _address
from vigie.store.store import Store

pytestmark = ON_SPARK


def test_newest_look_is_read(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2", likes=3)))
    store.append("posts", rows(post("1", likes=9, observed_at=LATER)))
    assert likes(store) == {"1": 9, "2": 3}


def test_merged_files_hold_the_same(store: Store) -> None:
    for number in range(3):
        store.append("posts", rows(post(str(number), likes=number)))
    store.compact()
    assert likes(store) == {"0": 0, "1": 1, "2": 2}


def test_what_is_forgotten_is_gone(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2", account=ACCOUNTS[1])))
    store.forget(account=ACCOUNTS[1].account)
    assert set(likes(store)) == {"1"}


def test_a_column_that_a_file_lacks_is_unknown(store: Store, tmp_path: Path) -> None:
    store.append("posts", rows(post("1")).drop_columns(["likes"]))
    assert likes(store) == {"1": None}


def test_times_are_told_in_utc(store: Store) -> None:
    store.append("posts", rows(post("1")))
    column = store.table("posts").published_at
    assert str(column.to_pyarrow().type) == "timestamp[us, tz=UTC]"
    assert column.hour().to_pyarrow().to_pylist() == [12]


def test_address_with_signs_that_stand_for_others_is_only_a_name(
    tmp_path: Path, engine: Engine
) -> None:
    store = Store(str(tmp_path / 'l\'été [2026]{a,b}* "x" a=1'), engine=engine)
    store.append("posts", rows(post("1", likes=4)))
    assert likes(store) == {"1": 4}


def test_a_file_that_is_gone_is_named(store: Store) -> None:
    store.append("posts", rows(post("1")))
    table = store.table("posts")
    for path in Path(store.files.root).rglob("*.parquet"):
        path.unlink()
    with pytest.raises(DamagedFileError, match=r"\.parquet"):
        table.to_pyarrow()


def test_an_altered_file_is_refused(store: Store) -> None:
    store.append("posts", rows(*(post(str(number)) for number in range(500))))
    (path,) = Path(store.files.root).rglob("posts/**/*.parquet")
    table = store.table("posts")
    content = bytearray(path.read_bytes())
    content[2_000:2_200] = bytes(200)
    path.write_bytes(content)
    with pytest.raises(DamagedFileError):
        table.to_pyarrow()


@pytest.fixture
def far(engine: Engine) -> Store:
    address = f"memory://{uuid4().hex}"
    return Store(address, engine=engine)


def test_a_store_that_spark_cannot_open_is_refused(far: Store) -> None:
    with pytest.raises(StoreError, match="memory://"):
        _address("a/b.parquet", far.files.system)


def test_threads_ask_at_once(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2")))
    told: list[int] = []
    ask = lambda: told.append(store.table("posts").count().to_pyarrow().as_py())  # noqa: E731
    threads = [threading.Thread(target=ask) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [2, 2, 2]


def test_rooms_do_not_know_each_other(store: Store) -> None:
    one, other = ({"given": pa.table({"x": [x]})} for x in (1, 2))
    with store.engine.workroom(one) as first, store.engine.workroom(other) as second:
        first.keep("doubled", "SELECT x * 2 AS y FROM given")
        assert first.answer("SELECT y FROM doubled")["y"].to_pylist() == [2]
        assert second.answer("SELECT x FROM given")["x"].to_pylist() == [2]


def test_a_small_table_is_taken_in_once(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2")))
    with store.engine.workroom({"posts": store.table("posts")}, small=["posts"]) as room:
        room.take_in("posts")
        assert room.answer("SELECT count(*) AS n FROM posts")["n"].to_pylist() == [2]


@pytest.mark.parametrize("memory", ["100MB", "80%"])
def test_memory_that_spark_cannot_do_with_is_refused(engine: Engine, memory: str) -> None:
    with pytest.raises(SettingError, match=memory):
        SparkEngine(memory=memory)


def test_a_sum_beyond_all_numbers_is_refused(engine: Engine) -> None:
    with (
        engine.workroom({"given": pa.table({"x": [2**62, 2**62]})}) as room,
        pytest.raises(Exception, match="overflow"),
    ):
        room.answer("SELECT sum(x) AS y FROM given")


def test_no_folder_is_left_where_one_is(store: Store) -> None:
    store.append("posts", rows(post("1")))
    assert set(likes(store)) == {"1"}
    assert not Path("spark-warehouse").exists()
