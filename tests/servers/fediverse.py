"""Starts a server with Mastodon's interface, and people who post there."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

CACHE = Path(__file__).parents[2] / ".servers" / "mastodon-mock"
"""Where the server is installed once: it takes half a minute."""
WANTED = "mastodon-mock==0.6.1"
READY_SECONDS = 60
PEOPLE = ("northfield", "alice", "bob")


def installed() -> Path:
    """Return the server's program, installing it the first time in an environment of its own."""
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    with (CACHE.parent / "mastodon-mock.lock").open("w") as lock:
        # Tests run in several processes: one installs, the others wait for it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _install()
    return CACHE / "bin" / "mastodon_mock"


def _install() -> None:
    mark = CACHE / "installed"
    if mark.exists() and mark.read_text("utf-8") == WANTED:
        return
    shutil.rmtree(CACHE, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(CACHE)], check=True)
    subprocess.run([str(CACHE / "bin" / "pip"), "install", "--quiet", WANTED], check=True)
    mark.write_text(WANTED, "utf-8")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


@dataclass(kw_only=True)
class Server:
    """A server whose accounts and posts are in a folder: they outlive its process."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def address(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "server.toml"
        config.write_text(self._config(), "utf-8")
        here = f"127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [str(installed()), "serve", "--config", str(config), "--host", "127.0.0.1",
             "--port", str(self.port), "--domain", here, "--log-level", "error"],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
        limit = time.monotonic() + READY_SECONDS
        while time.monotonic() < limit:
            try:
                urllib.request.urlopen(f"{self.address}/api/v1/streaming/health", timeout=5).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("The server with Mastodon's interface did not start; see above.")

    def _config(self) -> str:
        people = "".join(
            f'[[seed.accounts]]\nusername = "{name}"\naccess_token = "{name}_token"\n'
            for name in PEOPLE
        )
        return f'[database]\npath = "{self.folder / "server.sqlite3"}"\n{people}'

    def empty(self) -> None:
        """Forget all that was published, and everything that was to go wrong."""
        self._tell("reset", {})

    def spoil(self, path: str, effect: dict[str, object], *, count: int = 1) -> None:
        """Have the next answers at paths of this shape go wrong."""
        rule = {"match": {"path_regex": path}, "effect": effect, "count": count}
        self._tell("faults", rule)

    def _tell(self, what: str, told: dict[str, Any]) -> None:
        request = urllib.request.Request(
            f"{self.address}/api/v1/_mock/{what}",
            method="POST",
            data=json.dumps(told).encode(),
            headers={"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=30).close()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(timeout=30)
            self.process = None

    def person(self, name: str) -> Person:
        """Return one who has an account there."""
        return Person(name=name, server=self)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who posts, answers, boosts, follows, edits and deletes."""

    name: str
    server: Server

    def post(self, text: str, **more: str) -> Any:
        """Publish."""
        return self._put("POST", "/api/v1/statuses", status=text, **more)

    def edit(self, status: Any, text: str) -> Any:
        """Change the words of a post."""
        return self._put("PUT", f"/api/v1/statuses/{status['id']}", status=text)

    def delete(self, status: Any) -> None:
        """Take a post down."""
        self._put("DELETE", f"/api/v1/statuses/{status['id']}")

    def boost(self, status: Any) -> Any:
        """Repeat someone's post."""
        return self._put("POST", f"/api/v1/statuses/{status['id']}/reblog")

    def like(self, status: Any) -> None:
        """Like a post."""
        self._put("POST", f"/api/v1/statuses/{status['id']}/favourite")

    def follow(self, name: str) -> None:
        """Follow someone."""
        with urllib.request.urlopen(
            f"{self.server.address}/api/v1/accounts/lookup?acct={name}", timeout=30
        ) as answer:
            number = json.load(answer)["id"]
        self._put("POST", f"/api/v1/accounts/{number}/follow")

    def _put(self, method: str, path: str, **form: str) -> Any:
        request = urllib.request.Request(
            f"{self.server.address}{path}",
            method=method,
            data=urlencode(form).encode() if form else None,
            headers={"Authorization": f"Bearer {self.name}_token"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
