"""Starts Spark: in this process, or on the cluster that a setting names."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from pyspark.errors import PySparkRuntimeError
from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from vigie.errors import SettingError
from vigie.words import _

UNITS = {"KB": 10, "MB": 20, "GB": 30, "TB": 40, "KIB": 10, "MIB": 20, "GIB": 30, "TIB": 40}
"""Powers of two: Java's processes know no others."""
LEAST_MEMORY = 512
"""Megabytes; with less Spark does not start."""
ALIKE = {
    "spark.sql.session.timeZone": "UTC",
    # What would overflow, or is no number, stops the question instead of giving another answer.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.mapKeyDedupPolicy": "LAST_WIN",
}
"""What every session must hold so that a question means what it means to every engine."""
QUIET = {
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
PATIENT = {
    # A damaged file is refused, never read as something else.
    "spark.hadoop.parquet.page.verify-checksum.enabled": "true",
    # The files are listed by the store: to look for them again would be a task of its own.
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",
}

_starting = threading.Lock()


def started(*, memory: str, threads: int, cluster: str) -> SparkSession:
    """Return a session with views of its own; Spark is started where it does not run yet."""
    with _starting:
        if SparkSession.getActiveSession() is None:
            _require_java()
        try:
            shared = _builder(memory=memory, threads=threads, cluster=cluster).getOrCreate()
        except PySparkRuntimeError as error:
            raise _did_not_start() from error
        # Every error is raised: Spark would print it, too, with the whole of its plan.
        PySparkLogger.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
        if shared.sparkContext.master.startswith("local") and "PYSPARK_PYTHON" not in os.environ:
            # Spark would ask any python3 there is, which need not know our words.
            shared.sparkContext.pythonExec = sys.executable
    return own(shared)


def own(session: SparkSession) -> SparkSession:
    """Return a session beside this one, which sees none of its views."""
    beside = session.newSession()
    for name, wanted in ALIKE.items():
        beside.conf.set(name, wanted)
    return beside


def _builder(*, memory: str, threads: int, cluster: str) -> SparkSession.Builder:
    decided = {**ALIKE, **QUIET, **PATIENT, "spark.driver.memory": f"{megabytes(memory)}m"}
    # Where tables of its own would be kept: it has none, and would make the folder where we are.
    decided["spark.sql.warehouse.dir"] = str(Path(tempfile.gettempdir(), "vigie-spark"))
    if not cluster:
        decided |= {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.shuffle.partitions": str(threads),
        }
    builder = SparkSession.builder.appName("vigie").master(cluster or f"local[{threads}]")
    for name, wanted in decided.items():
        builder = builder.config(name, wanted)
    return builder


def megabytes(memory: str) -> int:
    """Return the setting ``memory`` in megabytes."""
    found = re.fullmatch(r"\s*(\d+)\s*([KMGT]I?B)\s*", memory.upper())
    if found is None:
        raise SettingError(
            _(
                "The engine spark cannot take {memory} of memory. Write it as in 2GB.",
                memory=memory,
            )
        )
    amount = (int(found[1]) << UNITS[found[2]]) >> UNITS["MB"]
    if amount < LEAST_MEMORY:
        raise SettingError(
            _(
                "The engine spark needs {least} MB at least, and the setting memory allows it "
                "{memory}. Raise it, or set the engine to duckdb.",
                least=LEAST_MEMORY,
                memory=memory,
            )
        )
    return amount


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    found = Path(home, "bin", "java").exists() if home else shutil.which("java")
    if not found:
        raise SettingError(
            _(
                "The engine spark needs Java 17 or newer, and there is none. Install it (on "
                "Debian: apt install default-jre-headless), or set the engine to duckdb."
            )
        )


def _did_not_start() -> SettingError:
    return SettingError(
        _(
            "Spark did not start: what it said stands above. It needs Java 17 or newer and as much "
            "memory as the setting memory says. Mend that, or set the engine to duckdb."
        )
    )
