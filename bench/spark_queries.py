"""The same two questions put to DuckDB and to Spark over one folder, on one machine.

``python -m bench.spark_queries [--posts N] [--folder DIR] [--workers N]``

The first counts posts by month and network: columns only. The second counts the posts that a
listening query catches: every text is folded and looked into. With ``--workers`` Spark is a cluster
of so many processes on this machine, started here, so that it is seen to answer the same.

Claims: the same counts. What reads columns only is slower on Spark, which thinks every question
over for longer; what folds texts may be quicker, for Spark runs as many Pythons as there are
threads. Starting Spark is told apart.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

QUERY = "(inscription OR admission OR candidature) NEAR/5 (bug OR panne) NOT spam"
ADDRESS, PORT = "127.0.0.1", 17_077
MEMORY, THREADS = "2GB", 2


def asked(engine: str, folder: Path, cluster: str) -> dict[str, Any]:
    """Ask both questions, each twice, and return the answers with the seconds of the second."""
    from vigie.listening.query import parse
    from vigie.listening.query_evaluation import with_folded
    from vigie.listening.texts import texts, unlabelled
    from vigie.settings import Settings
    from vigie.store.store import open_store

    begun = time.monotonic()
    given = Settings(home=folder, engine=engine, memory=MEMORY, threads=THREADS, cluster=cluster)
    store = open_store(given)
    started = time.monotonic() - begun

    def columns() -> int:
        rows = store.table("mentions")
        by = rows.group_by("network", month=rows.published_on.month()).agg(n=rows.count())
        return int(by.n.sum().to_pyarrow().as_py())

    def words() -> int:
        rows = with_folded(texts(unlabelled(store)))
        return int(rows.filter(parse(QUERY).condition(rows)).count().to_pyarrow().as_py())

    told: dict[str, Any] = {"started": started}
    for name, question in (("columns", columns), ("words", words)):
        question()
        begun = time.monotonic()
        told |= {f"{name} found": question(), name: time.monotonic() - begun}
    return told


@contextmanager
def running(workers: int) -> Iterator[str]:
    """Start a cluster on this machine and return its address; none: nothing is started."""
    if not workers:
        yield ""
        return
    import pyspark

    command = Path(pyspark.__file__).parent / "bin" / "spark-class"
    deploy, at = "org.apache.spark.deploy", f"spark://{ADDRESS}:{PORT}"
    master = [f"{deploy}.master.Master", "--host", ADDRESS, "--port", str(PORT)]
    worker = [f"{deploy}.worker.Worker", at, "--host", ADDRESS, "--cores", "1", "--memory", "2g"]
    with tempfile.TemporaryDirectory() as folder:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        settled = {**os.environ, "SPARK_WORKER_DIR": folder, "SPARK_LOCAL_IP": ADDRESS}
        started = []
        try:
            for said in (master, *[worker] * workers):
                whole = [str(command), *said, "--webui-port", "0"]
                started.append(subprocess.Popen(whole, env=settled, **quiet))  # type: ignore[call-overload]
                time.sleep(3)
            yield at
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait()


def _in_own_process(engine: str, folder: Path, cluster: str = "") -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.spark_queries", "--folder", str(folder)]
    command += ["--as", engine, "--cluster", cluster]
    here = {"SPARK_LOCAL_IP": ADDRESS, "PYSPARK_PYTHON": sys.executable}
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **here}
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _compare(folder: Path, workers: int) -> int:
    there = _in_own_process("duckdb", folder)
    with running(workers) as cluster:
        here = _in_own_process("spark", folder, cluster)
    print(f"Spark: {f'{workers} workers' if workers else 'in one process'}")
    for name in ("columns", "words"):
        print(
            f"{name}: DuckDB {there[name]:.2f} s, Spark {here[name]:.2f} s "
            f"({here[name] / there[name]:.1f} times as long), found {here[f'{name} found']:,}"
        )
    is_same = all(here[f"{name} found"] == there[f"{name} found"] for name in ("columns", "words"))
    print(
        f"starting: DuckDB {there['started']:.1f} s, Spark {here['started']:.1f} s; "
        f"load {os.getloadavg()[0]:.1f}; the same counts: {is_same}"
    )
    return 0 if is_same else 1


def main(given: Sequence[str] | None = None) -> int:
    """Compare, or be one of those compared."""
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument("--posts", type=int, default=500_000)
    reader.add_argument("--folder", type=Path)
    reader.add_argument("--workers", type=int, default=0)
    reader.add_argument("--as", dest="engine", choices=("duckdb", "spark"))
    reader.add_argument("--cluster", default="")
    told = reader.parse_args(given)
    if told.engine:
        print(json.dumps(asked(told.engine, told.folder, told.cluster)))
        return 0
    if not find_spec("pyspark"):
        print("Spark is not installed: make spark")
        return 0
    from bench.listening_texts import fill

    with tempfile.TemporaryDirectory() as temporary:
        folder = told.folder or Path(temporary)
        if not (folder / "store").exists():
            fill(folder / "store", posts=told.posts, months=6)
        return _compare(folder, told.workers)


if __name__ == "__main__":
    sys.exit(main())
