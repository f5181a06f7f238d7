import threading
from pathlib import Path

import pytest
from fsspec.implementations.local import LocalFileSystem

from tests.cast import post
from tests.store.keeping import LATER, likes, rows
from vigie.errors import SettingError, StoreError
from vigie.settings import Settings
from vigie.store import views
from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.store import Store, open_store


def test_store_is_opened_where_the_settings_say(tmp_path: Path) -> None:
    opened = open_store(Settings(home=tmp_path))
    opened.append("posts", rows(post("1")))
    assert list((tmp_path / "store" / "posts" / "2026-10").glob("*.parquet"))


def test_unknown_engine_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="duckdb"):
        open_store(Settings(home=tmp_path, engine="oracle"))


def test_threads_read_and_write_one_store_at_once(store: Store) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(5):
                store.append("posts", rows(post(f"{name}-{number}")))
                assert {f"{name}-{n}" for n in range(number + 1)} <= set(likes(store))
        except BaseException as error:  # noqa: BLE001  # shown by the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(likes(store)) == 20


def test_other_questions_may_be_asked_while_rows_stream(store: Store) -> None:
    store.append("posts", rows(*(post(str(number)) for number in range(5_000))))
    table = store.table("posts")
    streamed = 0
    for part in table.to_pyarrow_batches(chunk_size=2048):
        streamed += part.num_rows
        assert table.count().to_pyarrow().as_py() == 5_000
    assert streamed == 5_000


def test_rows_in_memory_join_rows_of_the_store(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2")))
    wanted = store.engine.memory_table(rows(post("2")).select(["post"]))
    found = store.table("posts").semi_join(wanted, "post").select("post").to_pyarrow()
    assert found.column(0).to_pylist() == ["2"]


def test_times_are_told_in_utc(store: Store) -> None:
    store.append("posts", rows(post("1")))
    column = store.table("posts").published_at
    assert str(column.to_pyarrow().type) == "timestamp[us, tz=UTC]"
    assert column.hour().to_pyarrow().to_pylist() == [12]


def test_address_with_quotes_and_accents_is_only_a_name(
    tmp_path: Path, engine: DuckdbEngine
) -> None:
    store = Store(str(tmp_path / 'l\'été "2026"'), engine=engine)
    store.append("posts", rows(post("1")))
    store.append("posts", rows(post("1", likes=9, observed_at=LATER)))
    assert likes(store) == {"1": 9}


def test_old_views_are_dropped(
    store: Store, engine: DuckdbEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "VIEWS_KEPT", 10)
    for number in range(8):
        store.append("posts", rows(post(str(number))))
    assert len(engine._views) == 10
    assert len(likes(store)) == 8


def test_question_beyond_the_memory_allowed_says_so() -> None:
    backend = DuckdbEngine(memory="20MB", threads=1)._backend
    sql = "SELECT list(range) AS every FROM range(50000000)"
    question = backend.sql(sql, schema={"every": "array<int64>"})
    with pytest.raises(StoreError, match="memory"):
        question.to_pyarrow()


def test_rows_in_memory_are_let_go_once_answered() -> None:
    engine = DuckdbEngine()
    given = engine.memory_table(rows(post("1")))
    backend = engine.parquet({}, rows(post("1")).schema, LocalFileSystem()).get_backend()
    for _time in range(2):
        assert backend.to_pyarrow(given.count()).as_py() == 1
    held = "SELECT count(*) FROM duckdb_views() WHERE view_name LIKE 'ibis%'"
    assert backend.con.execute(held).fetchone() == (0,)
