"""The worker: jobs that fail do not stop it, real processes share work and outlive each other."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError

from tests.cast import NOON
from tests.sources.worker import NOTES
from vigie.errors import BusyError, DeniedError, StoreError
from vigie.sources import turns
from vigie.sources.models import Work, Worker
from vigie.sources.turns import COLLECT, Claim
from vigie.sources.working import MOST_ATTEMPTS, Job, Outcome, Workbench
from vigie.store.room import full
from vigie.words import _

ROOT = Path(__file__).parents[2]
MINUTE = timedelta(minutes=1)


def bench(jobs: Mapping[str, Job], **changes: object) -> Workbench:
    given: dict[str, object] = {"clock": lambda: NOON, "chance": lambda: 1.0, **changes}
    return Workbench(jobs=jobs, stopping=threading.Event(), **given)  # type: ignore[arg-type]


def raising(error: Exception) -> Job:
    def job(_claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        raise error

    return job


def done(_claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
    return Outcome()


@pytest.mark.django_db(transaction=True)
def test_what_is_due_is_done_once() -> None:
    turns.make_due(COLLECT, "one", now=NOON, every=MINUTE)
    assert bench({COLLECT: done}).run(once=True) == 1
    assert Work.objects.get().due_at == NOON + MINUTE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "error", [StoreError(_("The disk is full.")), KeyError("odd")], ids=["foreseen", "unforeseen"]
)
def test_job_that_breaks_does_not_stop_the_others(error: Exception) -> None:
    turns.make_due(COLLECT, "one", now=NOON - MINUTE, every=MINUTE)
    turns.make_due("measure", now=NOON)
    assert bench({COLLECT: raising(error), "measure": done}).run(once=True) == 2
    assert Work.objects.get(connector="one").misses == 1


@pytest.mark.django_db(transaction=True)
def test_full_database_is_said_to_be_full() -> None:
    turns.make_due(COLLECT, "one", now=NOON, every=MINUTE)
    bench({COLLECT: raising(OperationalError("database or disk is full"))}).run(once=True)
    failure = Work.objects.get().failure
    assert failure is not None
    assert "The disk of the database is full" in failure["en"]


@pytest.mark.django_db(transaction=True)
def test_refused_key_is_noted_as_one() -> None:
    turns.make_due(COLLECT, "one", now=NOON, every=MINUTE)
    error = DeniedError(_("The key is old."), status=401)
    bench({COLLECT: raising(error)}).run(once=True)
    row = Work.objects.get()
    assert (row.is_denied, row.failure and row.failure["en"]) == (True, "The key is old.")


@pytest.mark.django_db(transaction=True)
def test_network_that_says_when_is_asked_then() -> None:
    turns.make_due(COLLECT, "one", now=NOON, every=MINUTE)
    error = BusyError(_("Later."), status=429, until=NOON + 90 * MINUTE)
    bench({COLLECT: raising(error)}).run(once=True)
    assert Work.objects.get().due_at == NOON + 90 * MINUTE


@pytest.mark.django_db(transaction=True)
def test_work_that_breaks_its_worker_again_and_again_counts_as_failed() -> None:
    turns.make_due(COLLECT, "one", now=NOON, every=MINUTE)
    Work.objects.update(attempts=MOST_ATTEMPTS)
    bench({COLLECT: done}).run(once=True)
    row = Work.objects.get()
    assert (row.misses, row.attempts) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_worker_is_known_while_it_works_and_forgotten_when_it_stops() -> None:
    turns.make_due(COLLECT, "one", now=NOON)
    seen: list[int] = []

    def look(_claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        seen.append(Worker.objects.count())
        return Outcome()

    bench({COLLECT: look}).run(once=True)
    assert (seen, Worker.objects.count()) == ([1], 0)


@pytest.mark.django_db(transaction=True)
def test_database_that_is_away_for_a_moment_is_waited_for() -> None:
    turns.make_due(COLLECT, "one", now=NOON)
    answers = iter([OperationalError("gone"), OperationalError("gone"), None])

    def before(_now: datetime) -> None:
        answer = next(answers, None)
        if answer is not None:
            raise answer

    def last(_claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        worker.stopping.set()
        return Outcome()

    worker = bench({COLLECT: last}, before=before, idle=0.01)
    assert worker.run() == 1


@pytest.mark.django_db(transaction=True)
def test_disk_without_room_is_waited_for() -> None:
    turns.make_due(COLLECT, "one", now=NOON)
    answers = iter([full("/home"), OSError(28, "no room"), None])

    def before(_now: datetime) -> None:
        answer = next(answers, None)
        if answer is not None:
            raise answer

    def last(_claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        worker.stopping.set()
        return Outcome()

    worker = bench({COLLECT: last}, before=before, idle=0.01)
    assert worker.run() == 1


@pytest.mark.django_db(transaction=True)
def test_unfinished_work_is_given_back() -> None:
    turns.make_due(COLLECT, "one", now=NOON, every=MINUTE)
    worker = bench({COLLECT: lambda _claim, _stop: _stopping(worker)})
    worker.run()
    row = Work.objects.get()
    assert (row.claimed_by, row.due_at, row.misses) == ("", NOON, 0)


def _stopping(worker: Workbench) -> Outcome:
    worker.stopping.set()
    return Outcome(is_finished=False)


# ── real processes over one database ──────────────────────────────────────────────────


class Installation:
    """A home folder with its own database, and the workers started on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.workers: list[subprocess.Popen[bytes]] = []
        self.environment = {**os.environ, "VIGIE_HOME": str(home)}
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)

    def prepare(self) -> None:
        code = "from vigie.cli.records import open_records; open_records()"
        subprocess.run([sys.executable, "-c", code], env=self.environment, check=True, cwd=ROOT)

    def start(self, role: str, lease: float) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.sources.worker", role, str(lease)]
        worker = subprocess.Popen(command, env=self.environment, cwd=ROOT)
        self.workers.append(worker)
        wait_for(lambda: (self.home / f"up.{worker.pid}").exists(), "the worker is up")
        return worker

    def plan(self, *works: tuple[str, str]) -> None:
        now = datetime.now(UTC).isoformat(sep=" ")
        columns = (
            "kind, connector, subject, due_at, is_paused, is_whole, claimed_by, attempts, misses, "
            "is_denied"
        )
        with sqlite3.connect(self.home / "vigie.sqlite3", timeout=20) as database:
            database.executemany(
                f"INSERT INTO sources_work ({columns}) VALUES ('collect', ?, ?, ?, 0, 0, '', 0, "
                "0, 0)",
                [(connector, subject, now) for connector, subject in works],
            )

    def left(self) -> int:
        with sqlite3.connect(self.home / "vigie.sqlite3", timeout=20) as database:
            (count,) = database.execute("SELECT count(*) FROM sources_work").fetchone()
        return int(count)

    def notes(self) -> list[list[str]]:
        path = self.home / NOTES
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def wait_for(is_so: Callable[[], bool], what: str, *, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            pytest.fail(f"{what}: not within {seconds} seconds")
        time.sleep(0.02)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "home")
    made.prepare()
    yield made
    for worker in made.workers:
        worker.kill()
        worker.wait()


@pytest.mark.slow
def test_two_processes_never_do_the_same_work(installation: Installation) -> None:
    works = [(f"network{number % 4}", f"a{number}") for number in range(120)]
    for _worker in range(2):
        installation.start("quick", 30)
    installation.plan(*works)
    wait_for(lambda: installation.left() == 0, "all work is done")
    notes = installation.notes()
    assert Counter(note[2] for note in notes if note[0] == "began") == Counter(
        subject for _connector, subject in works
    )
    assert len({note[3] for note in notes}) == 2, "one process did everything"


@pytest.mark.slow
def test_two_processes_never_ask_one_network_at_the_same_time(installation: Installation) -> None:
    for _worker in range(2):
        installation.start("quick", 30)
    installation.plan(*[("one", f"a{number}") for number in range(60)])
    wait_for(lambda: installation.left() == 0, "all work is done")
    ordered = sorted(installation.notes(), key=lambda note: float(note[4]))
    assert [note[0] for note in ordered] == ["began", "ended"] * 60


@pytest.mark.slow
def test_killed_workers_work_is_taken_over_after_its_lease(installation: Installation) -> None:
    first = installation.start("endless", 2)
    installation.plan(("one", "a"))
    wait_for(lambda: len(installation.notes()) == 1, "the work has begun")
    time.sleep(2.5)  # Signs of life keep it, though the lease is shorter.
    second = installation.start("quick", 2)
    killed_at = time.time()
    os.kill(first.pid, signal.SIGKILL)
    wait_for(lambda: installation.left() == 0, "the work is taken over")
    began = [note for note in installation.notes() if note[0] == "began"]
    assert [note[3] for note in began] == [str(first.pid), str(second.pid)]
    assert 1.0 < float(began[1][4]) - killed_at < 6.0


@pytest.mark.slow
def test_stopped_worker_gives_its_work_back_at_once(installation: Installation) -> None:
    first = installation.start("endless", 600)
    installation.plan(("one", "a"))
    wait_for(lambda: len(installation.notes()) == 1, "the work has begun")
    first.terminate()
    assert first.wait(timeout=20) == 0
    installation.start("quick", 600)
    wait_for(lambda: installation.left() == 0, "another worker takes it")
    assert [note[0] for note in installation.notes()] == ["began", "stopped", "began", "ended"]
