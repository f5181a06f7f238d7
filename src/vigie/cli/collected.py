"""Says in one sentence what a run over a network did."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from vigie import flow
from vigie.collect.connecting import connectors
from vigie.collect.silence import told_silent
from vigie.model import Run
from vigie.words import Words, _


def told(found: flow.Collected) -> Words:
    """Return what became of everything that came."""
    counts = found.counts
    return _(
        "{network}: {asked} of {accounts} accounts asked. {seen} seen = {kept} kept + "
        "{duplicate} duplicate + {refused} refused + {skipped} skipped; {calls} questions, "
        "{seconds} s.",
        network=connectors()[found.connector].label,
        asked=found.asked,
        accounts=found.accounts,
        seen=counts.seen,
        kept=counts.kept,
        duplicate=counts.duplicate,
        refused=counts.refused,
        skipped=counts.skipped,
        calls=counts.calls,
        seconds=round(found.seconds, 1),
    )


def told_reread(found: flow.Collected) -> Words:
    """Return what reading kept answers again changed."""
    counts = found.counts
    return _(
        "{network}: {seen} read again = {kept} corrected + {duplicate} as before + "
        "{refused} refused + {skipped} skipped.",
        network=connectors()[found.connector].label,
        seen=counts.seen,
        kept=counts.kept,
        duplicate=counts.duplicate,
        refused=counts.refused,
        skipped=counts.skipped,
    )


def told_interrupted(run: Run, *, zone: ZoneInfo) -> Words:
    """Say that a run gives no sign of life."""
    cls = connectors().get(run.member or "")
    return told_silent(run, network=cls.label if cls else run.member or "", zone=zone)
