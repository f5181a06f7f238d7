"""What is said of who was told from whom, by the command and by due work."""

from __future__ import annotations

from vigie import flow
from vigie.present.writing import Month, together
from vigie.words import Words, _, plural


def told_identities(found: flow.Identified) -> Words:
    """Say how many institutions have a figure, and how many have none."""
    return together(
        _("Up to {month}:", month=Month(found.month)),
        plural(
            "{count} institution has a figure,",
            "{count} institutions have a figure,",
            count=len(found.told),
        ),
        plural(
            "{count} has too few posts or peers.",
            "{count} have too few posts or peers.",
            count=len(found.untold),
        ),
    )
