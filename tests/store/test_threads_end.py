"""Threads come and go; what they asked by stays, and is taken up by those that come after."""

from __future__ import annotations

import threading

from tests.cast import post
from vigie.columns import table_of
from vigie.model import Post
from vigie.store.engines.duckdb import CONNECTIONS_KEPT, DuckdbEngine
from vigie.store.store import Store


def test_threads_one_after_the_other_do_not_pile_up_connections(store: Store) -> None:
    store.append("posts", table_of(Post, [post("p1")]))
    found: list[int] = []
    for _number in range(100):
        asking = threading.Thread(
            target=lambda: found.append(store.table("posts").count().to_pyarrow().as_py())
        )
        asking.start()
        asking.join()
    assert found == [1] * 100
    assert isinstance(store.engine, DuckdbEngine)
    assert len(store.engine._backends) <= CONNECTIONS_KEPT
