"""A real browser before a real server, over an invented sector made once."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

PASSWORD = "a lamp on the north tower"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 60
"""Seconds the server may take to answer for the first time."""


@dataclass(kw_only=True)
class Site:
    """The process that serves, and what it says."""

    port: int
    environment: dict[str, str]
    said: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve, and wait for the first answer."""
        with self.said.open("ab") as said:
            self.process = subprocess.Popen(
                [*_COMMAND, "serve", "--port", str(self.port)], env=self.environment,
                start_new_session=True, stdout=said, stderr=said,
            )  # fmt: skip
        _wait_for(f"{self.address}/institutions/")

    def stand(self) -> None:
        """Serve again where the process has ended, and say so."""
        ended = self.process.poll() if self.process else None
        if ended is not None:
            last = self.said.read_text(errors="replace")[-2000:]
            sys.stderr.write(f"The site had ended ({ended}) and is served again. It said:\n{last}")
            self.start()

    def stop(self) -> None:
        """Stop serving."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(timeout=20)


@dataclass(frozen=True, kw_only=True)
class Served:
    """A site that answers."""

    site: Site

    address: str
    institutions: tuple[str, ...]
    home: Path


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the invented sector; Erin may sign in."""
    home = tmp_path_factory.mktemp("site") / "home"
    environment = {**os.environ, "VIGIE_HOME": str(home)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    made = os.environ.get("TESTS_DEMO")
    if made:  # made a while ago by the same commit: to make it takes a minute
        shutil.copytree(made, home)
    else:
        _vigie(["demo", "--no-serve", "--folder", str(home)], environment)
    _vigie(["user", "add", "erin", "--password-file", "-"], environment, given=PASSWORD)
    port = _free_port()
    site = Site(port=port, environment=environment, said=home.parent / "site.log")
    site.start()
    try:
        institutions = _institutions(home)
        yield Served(address=site.address, institutions=institutions, home=home, site=site)
    finally:
        site.stop()


@pytest.fixture(autouse=True)
def _standing(request: pytest.FixtureRequest) -> None:
    """Begin no test before a site that is gone: say what it said last, and serve it again."""
    if "served" in request.fixturenames:
        request.getfixturevalue("served").site.stand()


_COMMAND = (sys.executable, "-c", "from vigie.cli.main import main; main()")


def _vigie(arguments: list[str], environment: dict[str, str], *, given: str = "") -> None:
    subprocess.run(
        [*_COMMAND, *arguments], env=environment, input=given, text=True, check=True, timeout=300,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(address, timeout=10):
                return
        except (URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _institutions(home: Path) -> tuple[str, ...]:
    from vigie.settings import Settings
    from vigie.store.store import open_store

    table = open_store(Settings(home=home)).table("institutions")
    return tuple(sorted(table.institution.to_pyarrow().to_pylist()))


# Of these tests alone, not of the session: while the player lives, Django takes whatever runs on
# this thread for asynchronous and refuses the database, so every later test that needs one would
# break before it begins. A worker of pytest-xdist begins with the largest group, which is this one.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium; without it these tests are skipped, and say so."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as player:
        started = player.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture(scope="package")
def signed_in(browser: Browser, served: Served) -> Iterator[str]:
    """Return the cookies of a browser in which Erin is signed in, as saved state."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{served.address}/sign-in/")
    page.get_by_label("Name to sign in with").fill("erin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{served.address}/")
    state = Path(os.environ.get("TMPDIR", "/tmp")) / f"vigie-browser-{os.getpid()}.json"
    context.storage_state(path=state)
    context.close()
    yield str(state)
    state.unlink()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Return a stranger's browser window in English."""
    opened = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()
