"""``vigie run``: does what is due, again and again, beside the site."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import TYPE_CHECKING

import click

from vigie import flow, settings
from vigie.cli.collected import told_interrupted
from vigie.cli.records import open_records
from vigie.cli.saying import tell
from vigie.errors import StoreError
from vigie.store.store import open_store
from vigie.words import _, marked, plural

if TYPE_CHECKING:
    from vigie.sources.working import Workbench


@click.command(
    help=marked(
        "Do what is due: ask the networks, read what they sent, measure. It goes on until it is "
        "stopped. Several may run, on one machine or more: none does the work of another."
    ),
    epilog=marked("Example: vigie run --once"),
)
@click.option("--once", is_flag=True, help=marked("Stop when nothing is due any more."))
@click.option(
    "--lease",
    type=click.FloatRange(min=1),
    default=120.0,
    show_default=True,
    help=marked("Seconds of silence after which others take over the work of a worker."),
)
@click.option(
    "--beside",
    type=int,
    hidden=True,
    help=marked("Stop when this process, the site, is no longer there."),
)
def command(once: bool, lease: float, beside: int | None) -> None:
    """Work until stopped, then say how much was done."""
    open_records()
    stopping = threading.Event()
    if beside is not None:
        _stop_without(beside, stopping)
    if not once:
        tell(
            _("Doing what is due. Stop it with Ctrl-C: what is in hand is finished or given back.")
        )
    _say_what_broke_off()
    with _stopping_on_signals(stopping):
        bench = workbench(stopping, lease=timedelta(seconds=lease), is_told=not once)
        done = bench.run(once=once)
    tell(plural("{count} piece of work was done.", "{count} pieces of work were done.", count=done))


def _say_what_broke_off() -> None:
    """Say and write down which runs give no sign of life: the next ones go on from there."""
    try:
        configured = settings.load()
        for run in flow.close_silent(open_store(configured), now=datetime.now(UTC)):
            tell(told_interrupted(run, zone=configured.zone))
    except StoreError as error:
        # The disk may have no room: the work waits for it, and so can this.
        tell(error.words, err=True)


def workbench(stopping: threading.Event, *, lease: timedelta, is_told: bool = True) -> Workbench:
    """Return a worker with the jobs of this installation; told at once where servers tell."""
    from vigie.cli import box_notices, inbox_work
    from vigie.cli.jobs import Jobs
    from vigie.cli.told_at_once import Waiting
    from vigie.http import open_http
    from vigie.sources import deliveries, notices, turns
    from vigie.sources.models import Work
    from vigie.sources.shelf import Shelf
    from vigie.sources.working import Workbench

    configured = settings.load()
    http = open_http(configured)
    jobs = Jobs(store=open_store(configured), settings=configured, http=http)
    sends = notices.ways(configured, http)
    shelf = Shelf(home=configured.home)
    waiting = Waiting(settings=configured, http=http, stopping=stopping)

    def before(now: datetime) -> None:
        turns.schedule(configured, now=now)
        inbox_work.schedule(now=now)
        deliveries.file_new(shelf, now=now)
        if is_told:
            waiting.look_after()

    def after(work: Work) -> None:
        notices.consider(work, settings=configured, sends=sends, now=jobs.clock())
        box_notices.consider(work, settings=configured, http=http, now=jobs.clock())

    return Workbench(
        jobs=jobs.by_kind, stopping=stopping, before=before, after=after, tell=tell, lease=lease
    )


@contextmanager
def _stopping_on_signals(stopping: threading.Event) -> Iterator[None]:
    """Stop gracefully at the first signal; at the second, at once."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.set()
        signal.signal(number, signal.SIG_DFL)

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, known in before.items():
            signal.signal(number, known)


def _stop_without(parent: int, stopping: threading.Event) -> None:
    """Stop when the process that started this one is gone, however it went."""

    def watch() -> None:
        while not stopping.wait(1.0):
            if os.getppid() != parent:
                stopping.set()

    threading.Thread(target=watch, daemon=True).start()
