"""Spark, once for all tests of a process: a Java machine takes seconds to start."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import ibis
import pytest

from tests.store.keeping import Clock
from vigie.plugins import members
from vigie.store import engines
from vigie.store.engine import Engine
from vigie.store.store import Store


@pytest.fixture(scope="session")
def engine() -> Engine:
    pytest.importorskip("pyspark", reason="Spark is not installed: make spark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17: apt install default-jre-headless")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # how pyspark starts Java is not ours to mend
        return members(engines, Engine)["spark"](threads=1)


@pytest.fixture
def store(tmp_path: Path, engine: Engine) -> Store:
    return Store(str(tmp_path / "store"), engine=engine, clock=Clock())


@pytest.fixture
def asked(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ask Spark, not DuckDB, of what is in memory."""
    before = ibis.options.default_backend
    ibis.set_backend(engine._backend)  # type: ignore[attr-defined]
    yield
    ibis.options.default_backend = before
