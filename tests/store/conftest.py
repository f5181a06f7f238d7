"""An empty store for each test, and its clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest

from tests.store.keeping import Clock
from vigie.store.engines.duckdb import DuckdbEngine
from vigie.store.store import Store


@pytest.fixture(scope="session")
def engine() -> DuckdbEngine:
    return DuckdbEngine()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, engine: DuckdbEngine, clock: Clock) -> Store:
    return Store(str(tmp_path / "store"), engine=engine, clock=clock)


@pytest.fixture
def far_store(engine: DuckdbEngine, clock: Clock) -> Iterator[Store]:
    address = f"memory://{uuid4().hex}"
    yield Store(address, engine=engine, clock=clock)
    files = fsspec.filesystem("memory")
    files.rm(address, recursive=True)
