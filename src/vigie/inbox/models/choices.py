"""The values that columns of the inbox may hold, and the constraints that say so."""

from __future__ import annotations

from django.db.models import CheckConstraint, Q

STATES = ("open", "waiting", "snoozed", "closed", "unwanted")
"""waiting: for the person who wrote; unwanted: nobody asks anything of us there."""
KINDS = ("mail", "direct", "comment", "mention", "review", "form", "found")
"""How someone wrote; found: a public post that listening turned into a conversation."""
DIRECTIONS = ("in", "out")
MESSAGE_STATES = ("received", "proposed", "due", "sending", "sent", "failed", "refused",
                  "withdrawn")  # fmt: skip
"""An outgoing message is proposed (waits for approval), due, sending, then sent or
failed; refused: it was taken, and came back."""
ARRIVAL_STATES = ("waiting", "done", "refused", "ignored")
URGENCIES = ("normal", "high")
BOX_STATES = ("new", "working", "broken", "paused")


def one_of(*names: str) -> list[tuple[str, str]]:
    """Return names as the choices of a column."""
    return [(name, name) for name in names]


def known(constraint: str, column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Return the constraint that a column holds one of these values."""
    return CheckConstraint(name=constraint, condition=Q(**{f"{column}__in": values}))
