"""Runs without a sign of life: they broke off, and nobody was left to write it down."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from vigie.model import Run
from vigie.words import Words, _

SILENT = timedelta(minutes=10)
"""A run that gives no sign for so long was interrupted."""


def is_silent(run: Run, *, now: datetime) -> bool:
    """Whether a run that should go on gives no sign of life; a clock may have been set since."""
    return run.state == "running" and abs(now - run.ended_at) > SILENT


def as_it_stands(run: Run, *, now: datetime) -> Run:
    """Return a run as it stands: one without a sign of life was interrupted."""
    return replace(run, state="interrupted") if is_silent(run, now=now) else run


def told_silent(run: Run, *, network: Words | str, zone: ZoneInfo) -> Words:
    """Say of a run that it broke off, and what that means; its moments are those of a zone."""
    return _(
        "{network}: the run that began on {begun} gave no sign of life after {last}. It was "
        "interrupted; what it had kept stays, and the next one goes on from there.",
        network=network,
        begun=run.started_at.astimezone(zone),
        last=run.ended_at.astimezone(zone),
    )
