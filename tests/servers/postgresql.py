"""A PostgreSQL of our own: a cluster in a folder, for as long as a test or a measurement takes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.bluesky.running import free_ports, postgres_program, quiet

USER = "pg"


@contextmanager
def running(*, is_durable: bool = False) -> Iterator[str]:
    """Start an empty cluster and yield the address of its database ``vigie``; stop it after.

    Raises ``MissingProgramError`` where PostgreSQL is not installed. Tests need nothing to outlive
    a crash; what is measured must be as durable as it claims.
    """
    initdb = postgres_program("initdb")
    with tempfile.TemporaryDirectory(prefix="vigie-postgresql-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        home = folder / "cluster"
        home.mkdir()
        as_owner: list[str] = []
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            shutil.chown(home, "postgres")
            as_owner = ["runuser", "-u", "postgres", "--"]
        port = free_ports(1)
        data = ["-D", str(home / "data")]
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home}"
        if not is_durable:
            options += " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
        control = [*as_owner, postgres_program("pg_ctl"), *data]
        made = [*as_owner, initdb, *data, "-A", "trust", "-U", USER, "-E", "UTF8"]
        quiet([*made, "--locale=C.UTF-8", "--no-sync"], cwd=home)
        quiet([*control, "-w", "-l", str(home / "log"), "-o", options, "start"], cwd=home)
        try:
            where = ["-h", "127.0.0.1", "-p", str(port), "-U", USER]
            quiet([postgres_program("createdb"), *where, "vigie"])
            yield f"postgresql://{USER}@127.0.0.1:{port}/vigie"
        finally:
            quiet([*control, "-m", "immediate", "stop"], cwd=home)
