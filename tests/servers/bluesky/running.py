"""Starts the vendor's own Bluesky servers, with PostgreSQL and Redis of their own.

``python -m tests.servers.bluesky.running`` installs them once, beside the checkout's own files;
nothing but Python's own library is needed for it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path(__file__).parents[3] / ".servers" / "bluesky"
"""Where the package is installed once: it takes three minutes."""
POSTGRES = Path("/usr/lib/postgresql")
READY_SECONDS = 120


class MissingProgramError(Exception):
    """A program that the servers need is not on this machine."""


def installed() -> Path:
    """Return the folder with the package, installing it the first time."""
    for program in ("node", "npm", "redis-server"):
        if shutil.which(program) is None:
            raise MissingProgramError(
                f"The Bluesky servers need {program}. On Debian: "
                "apt-get install postgresql redis-server nodejs npm libnode-dev"
            )
    wanted = (HERE / "package.json").read_text("utf-8")
    mark = CACHE / "installed.json"
    if mark.exists() and mark.read_text("utf-8") == wanted:
        return CACHE
    shutil.rmtree(CACHE, ignore_errors=True)
    CACHE.mkdir(parents=True)
    (CACHE / "package.json").write_text(wanted, "utf-8")
    npm = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(npm, cwd=CACHE, check=True)
    if not list(CACHE.glob("node_modules/better-sqlite3/build/Release/*.node")):
        subprocess.run(["npm", "rebuild", "better-sqlite3", "sharp"], cwd=CACHE, check=True)
    mark.write_text(wanted, "utf-8")
    return CACHE


def postgres_program(name: str) -> str:
    """Return the newest of PostgreSQL's own programs: Debian keeps them out of the path."""
    found = sorted(POSTGRES.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    if not found:
        raise MissingProgramError(
            "The Bluesky servers need PostgreSQL. On Debian: apt-get install postgresql"
        )
    return str(found[-1])


def free_ports(count: int) -> int:
    """Return the first of so many ports in a row that nobody listens on."""
    for first in range(21_000 + os.getpid() % 500 * 20, 60_000, count):
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise RuntimeError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@dataclass(kw_only=True)
class Databases:
    """PostgreSQL and Redis in a folder, on ports of their own."""

    folder: Path
    """Empty, and open to be gone through: as root, PostgreSQL runs as somebody else."""
    first_port: int
    as_owner: tuple[str, ...] = field(default=(), init=False)

    def start(self) -> None:
        """Start both, empty."""
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            shutil.chown(self.folder, "postgres")
            self.as_owner = ("runuser", "-u", "postgres", "--")
        options = (
            f"-p {self.first_port} -c listen_addresses=127.0.0.1 -c fsync=off "
            f"-c unix_socket_directories={self.folder} -c max_connections=200"
        )
        self._own("initdb", "-A", "trust", "-U", "pg", "-E", "UTF8", "--locale=C.UTF-8")
        self._own("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")
        where = ["-h", "127.0.0.1", "-p", str(self.first_port), "-U", "pg"]
        quiet([postgres_program("createdb"), *where, "atproto"])
        self.redis = subprocess.Popen(
            ["redis-server", "--port", str(self.first_port + 1), "--bind", "127.0.0.1",
             "--save", "", "--appendonly", "no", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def stop(self) -> None:
        """Stop both."""
        self.redis.terminate()
        self.redis.wait(timeout=20)
        self._own("pg_ctl", "-m", "immediate", "stop")

    def _own(self, program: str, *given: str) -> None:
        data = ["-D", str(self.folder / "pg")]
        quiet([*self.as_owner, postgres_program(program), *data, *given], cwd=self.folder)

    @property
    def environment(self) -> Mapping[str, str]:
        """What the servers read."""
        return {
            "DB_POSTGRES_URL": f"postgresql://pg@127.0.0.1:{self.first_port}/atproto",
            "DB_POSTGRES_SCHEMA": "devenv",
            "REDIS_HOST": f"127.0.0.1:{self.first_port + 1}",
        }


def quiet(command: Sequence[str], *, cwd: Path | None = None) -> None:
    """Run a program; show what it said only where it fails."""
    done = subprocess.run(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}")


@dataclass(kw_only=True)
class Network:
    """PLC directory, PDS and AppView in one process."""

    databases: Databases
    first_port: int
    is_limited: bool = False
    process: subprocess.Popen[str] | None = field(default=None, init=False)

    @property
    def pds(self) -> str:
        """Where accounts are kept and written to."""
        return f"http://localhost:{self.first_port + 1}"

    @property
    def appview(self) -> str:
        """Where everybody reads."""
        return f"http://localhost:{self.first_port + 2}"

    @property
    def firehose(self) -> str:
        """The stream of everything written on the PDS."""
        return self.pds.replace("http", "ws") + "/xrpc/com.atproto.sync.subscribeRepos"

    def start(self) -> None:
        """Start the servers and wait until they answer."""
        folder = installed()
        for name in ("start.mjs", "loopback.cjs"):
            shutil.copy(HERE / name, folder / name)
        self.process = subprocess.Popen(
            ["node", "--require", "./loopback.cjs", "start.mjs"],
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": os.environ.get("HOME", "/"),
                "LOG_ENABLED": "false",
                "BASE_PORT": str(self.first_port),
                "LIMITED": "yes" if self.is_limited else "no",
                **self.databases.environment,
            },
            stdout=subprocess.PIPE,
            stderr=sys.stderr,
            text=True,
        )
        limit = time.monotonic() + READY_SECONDS
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip() == "ready":
                return
            if time.monotonic() > limit:
                break
        raise RuntimeError("The Bluesky servers did not start; see what they said above.")

    def kill(self) -> None:
        """End the servers at once, as a crash would: nothing of theirs is worth keeping."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=30)
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None


@contextmanager
def running(*, is_limited: bool = False) -> Iterator[Network]:
    """Have servers of our own for a while."""
    with tempfile.TemporaryDirectory(prefix="vigie-bluesky-") as folder:
        Path(folder).chmod(0o755)
        first = free_ports(10)
        databases = Databases(folder=Path(folder) / "databases", first_port=first)
        databases.folder.mkdir()
        databases.start()
        network = Network(databases=databases, first_port=first + 2, is_limited=is_limited)
        try:
            network.start()
            yield network
        finally:
            network.kill()
            databases.stop()


if __name__ == "__main__":
    installed()
