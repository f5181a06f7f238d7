import threading
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from tests.cast import ACCOUNTS, post
from tests.store.keeping import rows
from vigie.model import Post
from vigie.store.drafting import in_order
from vigie.store.store import Store

BY_ACCOUNT = 'SELECT "account", count(*) AS n FROM "posts" GROUP BY 1 ORDER BY 1'


def test_tables_are_asked_by_their_names(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2", account=ACCOUNTS[1]), post("3")))
    with store.engine.workroom({"posts": store.table("posts")}, repeated=["account"]) as room:
        found = room.answer(BY_ACCOUNT)
    assert found["n"].to_pylist() == [2, 1]


def test_an_answer_says_what_its_numbers_stand_for(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2", account=ACCOUNTS[1])))
    with store.engine.workroom({"posts": store.table("posts")}, repeated=["account"]) as room:
        found = room.answer(BY_ACCOUNT)
    assert found["account"].to_pylist() == sorted(one.account for one in ACCOUNTS[:2])


def test_a_table_without_rows_has_nothing_to_number(store: Store) -> None:
    with store.engine.workroom({"posts": store.table("posts")}, repeated=["account"]) as room:
        assert room.answer(BY_ACCOUNT).num_rows == 0


def test_an_answer_that_is_kept_is_asked_by_its_name_in_any_thread(store: Store) -> None:
    told: list[pa.Table] = []
    with store.engine.workroom({"given": pa.table({"x": [1, 2]})}) as room:
        room.keep("doubled", "SELECT x * 2 AS y FROM given")
        thread = threading.Thread(target=lambda: told.append(room.answer("FROM doubled")))
        thread.start()
        thread.join()
    assert told[0]["y"].to_pylist() == [2, 4]


def test_a_small_table_is_taken_in_once(store: Store) -> None:
    store.append("posts", rows(post("1"), post("2")))
    posts = {"posts": store.table("posts")}
    with store.engine.workroom(posts, repeated=["account"], small=["posts"]) as room:
        room.take_in("posts")
        assert room.answer(BY_ACCOUNT)["n"].to_pylist() == [2]


def test_questions_of_a_room_leave_the_engine_its_threads(store: Store) -> None:
    def threads() -> object:
        backend = store.table("posts").get_backend()
        return backend.con.execute("SELECT current_setting('threads')").fetchone()

    before = threads()
    with store.engine.workroom({}), store.engine.workroom({}):
        assert threads() == (1,)
    assert threads() == before


def test_rooms_do_not_know_each_other(store: Store) -> None:
    one, other = ({"given": pa.table({"x": [x]})} for x in (1, 2))
    with store.engine.workroom(one) as first, store.engine.workroom(other) as second:
        assert first.answer("FROM given")["x"].to_pylist() == [1]
        assert second.answer("FROM given")["x"].to_pylist() == [2]


def test_nothing_is_left_in_memory(store: Store) -> None:
    with store.engine.workroom({"given": pa.table({"x": [1]})}) as room:
        room.keep("kept", "FROM given")
    with store.engine.workroom({}) as room:
        tables = room.answer("SELECT table_name FROM duckdb_tables()")
    assert tables.num_rows == 0


@pytest.mark.parametrize(
    ("numbers", "expected"), [("123", True), ("132", False), ("112", False), ("1", True)]
)
def test_rows_are_written_as_they_are_when_they_are_in_order(numbers: str, expected: bool) -> None:
    moment = datetime(2026, 10, 1, tzinfo=UTC)
    held = rows(*(post(number, published_at=moment) for number in numbers))
    assert in_order(Post, held) is expected
