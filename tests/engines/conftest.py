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

QUICK = {
    # Questions over a few rows: to make a program of each would take longer than to answer it.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    pytest.importorskip("pyspark", reason="Spark is not installed: make spark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17: apt install default-jre-headless")
    folder = tmp_path_factory.mktemp("spark")
    lines = "".join(f"{name} {value}\n" for name, value in QUICK.items())
    (folder / "spark-defaults.conf").write_text(lines)
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patched:
        patched.setenv("SPARK_CONF_DIR", str(folder))
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
