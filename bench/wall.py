"""Three hundred people ask at once on one wall, over SQLite, and each sees what the room asks.

Claim: 300 browsers that load the wall and then send a question in the same moment are all taken,
grouped and answered within 10 s, none refused and none lost; the whole wall of 300 questions is
made within 150 ms and a refresh that finds nothing new within 15 ms (medians, one reader). Peer:
the same server before a plain Django view, with one table and one form, that keeps the text and
lists it, without grouping, votes, approval or limits. The ratio says what those cost.
"""

from __future__ import annotations

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

PEOPLE = 300
READS = 40
WITHIN_S, PAGE_MS, REFRESH_MS = 10.0, 150.0, 15.0
VIGIE = (sys.executable, "-c", "from vigie.cli.main import main; main()")
OPEN = """
import os; os.environ["DJANGO_SETTINGS_MODULE"] = "vigie.web.settings"
import django; django.setup()
from datetime import UTC, datetime, timedelta
from vigie.culture.asking import ask
from vigie.culture.wall import Draft
from vigie.culture.wall_changes import open_wall
from vigie.register.rights import COMMAND_LINE
now = datetime.now(UTC)
closes = now + timedelta(days=1)
draft = Draft(hashtag="asked", title="Asked", is_moderated=False, closes_at=closes)
open_wall(draft, by=COMMAND_LINE, at=now)
draft = Draft(hashtag="full", title="Full", is_moderated=False, closes_at=closes)
full = open_wall(draft, by=COMMAND_LINE, at=now)
for number in range(300):
    ask(full.pk, f"Why does exercise {number} use the standard entropy?", at=now)
"""
COUNT = """
import os; os.environ["DJANGO_SETTINGS_MODULE"] = "vigie.web.settings"
import django; django.setup()
from vigie.culture.wall_models import Question, Wording
for kept in (Wording, Question):
    print(kept.objects.filter(wall__tag="asked").count())
"""
BARE = """
import sys
from granian import Granian
from granian.constants import Interfaces
Granian("bench.plain_wall:application", address="127.0.0.1", port=int(sys.argv[1]),
        interface=Interfaces.WSGI, blocking_threads=4, log_enabled=False).serve()
"""
SUBJECTS = (
    "entropy", "enthalpy", "the Nernst equation", "chapter {n}", "exercise {n}", "the lab report",
    "the reading list", "the quiz of week {n}", "group work", "the formula on slide {n}",
)  # fmt: skip
ASKED = (
    "When is {} due?", "hello, when is {} due please", "Can you explain {} again?",
    "could you explain {}", "Is {} in the exam?", "Why does {} matter for lecture {n}?",
)  # fmt: skip


def question(number: int) -> str:
    """Return what one person asks: some ask the same as others, in other words."""
    subject = SUBJECTS[number % len(SUBJECTS)].format(n=number % 13 + 1)
    return ASKED[number // 10 % len(ASKED)].format(subject, n=number % 7 + 1)


class Browser:
    """One person's browser: a connection, its cookies, the token of its form."""

    def __init__(self, port: int, path: str) -> None:
        self.path = path
        self._client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def get(self, query: str = "", *, is_piece: bool = False) -> tuple[int, bytes]:
        """Load the page, or the piece of it that a script asks for."""
        status, body = self._ask("GET", self.path + query, None, is_piece)
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', body)
        self.token = found.group(1).decode() if found else self.token
        return status, body

    def ask(self, text: str) -> int:
        """Send a question."""
        body = urlencode({"csrfmiddlewaretoken": self.token, "question": text})
        return self._ask("POST", self.path, body, True)[0]

    def _ask(self, method: str, path: str, body: str | None, is_piece: bool) -> tuple[int, bytes]:
        headers = {"Accept-Language": "en"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={kept}" for name, kept in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if is_piece:
            headers["HX-Request"] = "true"
        self._client.request(method, path, body, headers)
        answer = self._client.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _equals, kept = value.partition(";")[0].partition("=")
                self.cookies[key] = kept
        return answer.status, answer.read()


def main() -> int:
    """Measure both, print what was found, and fail when the claim does not hold."""
    print(f"load before: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        ours = _ours(folder)
        theirs = _theirs(folder)
    for name, row in (("vigie", ours), ("plain view", theirs)):
        print(
            f"{name:>10}: {row['taken']:.0f} of {PEOPLE} taken in {row['seconds']:.2f} s "
            f"({row['taken'] / row['seconds']:.0f} a second; slowest {row['slowest']:.2f} s); "
            f"page of {PEOPLE} questions {row['page']:.1f} ms, refresh {row['refresh']:.1f} ms"
        )
    print(
        f"ratios: asking {ours['seconds'] / theirs['seconds']:.1f}, "
        f"page {ours['page'] / theirs['page']:.1f}; load after: {os.getloadavg()[0]:.1f}"
    )
    holds = (
        ours["taken"] == PEOPLE == ours["kept"]
        and ours["seconds"] < WITHIN_S
        and ours["page"] < PAGE_MS
        and ours["refresh"] < REFRESH_MS
    )
    return 0 if holds else 1


def _ours(folder: str) -> dict[str, float]:
    environment = {**os.environ, "VIGIE_HOME": folder}
    subprocess.run(
        [*VIGIE, "register", "list"], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    subprocess.run([sys.executable, "-c", OPEN], env=environment, check=True)
    port = _free_port()
    with _serving([*VIGIE, "serve", "--port", str(port)], port, environment):
        found = _measured(port, asked="/wall/asked/", read="/wall/full/")
    counted = subprocess.run(
        [sys.executable, "-c", COUNT], env=environment, check=True, capture_output=True, text=True
    )
    kept, questions = counted.stdout.split()
    print(f"     vigie: {kept} wordings kept as {questions} questions")
    return {**found, "kept": float(kept)}


def _theirs(folder: str) -> dict[str, float]:
    environment = {**os.environ, "PLAIN_WALL": str(Path(folder) / "plain.sqlite3")}
    port = _free_port()
    with _serving([sys.executable, "-c", BARE, str(port)], port, environment):
        found = _measured(port, asked="/", read="/")
    return {**found, "kept": found["taken"]}


def _seen(body: bytes) -> str:
    """Return what a script sends to learn whether anything changed since."""
    found = re.search(rb"\?seen=\d+", body)
    return found.group().decode() if found else ""


def _measured(port: int, *, asked: str, read: str) -> dict[str, float]:
    browsers = [Browser(port, asked) for _person in range(PEOPLE)]
    for browser in browsers:
        browser.get()
    times, statuses = [0.0] * PEOPLE, [0] * PEOPLE
    together = threading.Barrier(PEOPLE + 1)

    def ask(number: int) -> None:
        together.wait()
        begun = time.perf_counter()
        statuses[number] = browsers[number].ask(question(number))
        times[number] = time.perf_counter() - begun

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    together.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    reader = Browser(port, read)
    seen = _seen(reader.get()[1])
    page = statistics.median(_milliseconds(reader.get) for _read in range(READS))
    # A plain view knows nothing of changes: a refresh is the whole page again.
    again = statistics.median(
        _milliseconds(lambda: reader.get(seen, is_piece=bool(seen))) for _read in range(READS)
    )
    return {
        "taken": float(sum(status in (200, 302) for status in statuses)),
        "seconds": seconds,
        "slowest": max(times),
        "page": page,
        "refresh": again,
    }


def _milliseconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


@contextmanager
def _serving(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _try in range(600):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
