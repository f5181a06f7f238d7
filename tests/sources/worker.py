"""Workers that tests start and kill: ``python -m tests.sources.worker ROLE LEASE``.

They say what they do by appending lines to a file of the home folder: what, whose, and when.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from vigie.cli.records import open_records
from vigie.settings import load

if TYPE_CHECKING:
    from vigie.sources.turns import Claim
    from vigie.sources.working import Outcome

NOTES = "notes.txt"


def note(what: str, claim: Claim) -> None:
    """Add a line: one write to a file opened for appending is whole."""
    line = f"{what} {claim.connector} {claim.subject} {os.getpid()} {time.time():.6f}\n"
    descriptor = os.open(load().home / NOTES, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, line.encode())
    os.close(descriptor)


def quick(claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
    """Work for some milliseconds."""
    from vigie.sources.working import Outcome

    note("began", claim)
    time.sleep(0.01)
    note("ended", claim)
    return Outcome()


def endless(claim: Claim, should_stop: Callable[[], bool]) -> Outcome:
    """Work until told to stop."""
    from vigie.sources.working import Outcome

    note("began", claim)
    while not should_stop():
        time.sleep(0.02)
    note("stopped", claim)
    return Outcome(is_finished=False)


def main() -> None:
    open_records()
    from vigie.sources.working import Workbench

    role, lease = sys.argv[1:]
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stopping.set())
    job = {"quick": quick, "endless": endless}[role]
    bench = Workbench(
        jobs={"collect": job}, stopping=stopping, lease=timedelta(seconds=float(lease)), idle=0.05
    )
    Path(load().home / f"up.{os.getpid()}").touch()
    bench.run(once=False)


if __name__ == "__main__":
    main()
