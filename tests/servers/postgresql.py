"""A PostgreSQL of our own: a cluster in a folder, for as long as a test or a measurement takes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers.bluesky.running import free_ports, postgres_program, quiet

USER = "pg"


@contextmanager
def running(
    *, is_durable: bool = False, begun_from: Path | None = None, left_at: Path | None = None
) -> Iterator[str]:
    """Start a cluster and yield the address of its database ``vigie``; stop it after.

    It is empty, or a copy of one that was left in a folder when another was stopped.

    Raises ``MissingProgramError`` where PostgreSQL is not installed. Tests need nothing to outlive
    a crash; what is measured must be as durable as it claims.
    """
    postgres_program("initdb")
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
        _make(home, as_owner, begun_from)
        control = [*as_owner, postgres_program("pg_ctl"), "-D", str(home / "data")]
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home}"
        if not is_durable:
            options += " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
        quiet([*control, "-w", "-l", str(home / "log"), "-o", options, "start"], cwd=home)
        try:
            if begun_from is None:
                where = ["-h", "127.0.0.1", "-p", str(port), "-U", USER]
                quiet([postgres_program("createdb"), *where, "vigie"], cwd=home)
            yield f"postgresql://{USER}@127.0.0.1:{port}/vigie"
        finally:
            how = "immediate" if left_at is None else "fast"
            quiet([*control, "-m", how, "stop"], cwd=home)
        if left_at is not None:
            left_at.parent.mkdir(parents=True, exist_ok=True)
            quiet(["cp", "-a", str(home / "data"), str(left_at)], cwd=home)


def _make(home: Path, as_owner: Sequence[str], begun_from: Path | None) -> None:
    if begun_from is not None:
        quiet(["cp", "-a", str(begun_from), str(home / "data")], cwd=home)
        return
    made = [postgres_program("initdb"), "-D", str(home / "data"), "-A", "trust", "-U", USER]
    quiet([*as_owner, *made, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], cwd=home)
