"""Says how a source stands, in words of everyday."""

from __future__ import annotations

from vigie.sources.health import Health
from vigie.words import Words, _, plural

NAMES: dict[str, Words] = {
    "refused": _("Refused"),
    "failing": _("Could not be read"),
    "late": _("Late"),
    "asking": _("Being asked"),
    "working": _("Works"),
    "waiting": _("Not asked yet"),
    "paused": _("Paused"),
    "idle": _("No account"),
    "needs": _("Needs a key"),
}
"""State → the word on its badge."""


def said(one: Health) -> Words:
    """Say in a sentence how a source stands and what to do."""
    if one.state == "needs":
        return _("Needs: {options}.", options=_listed(one))
    if one.state in ("refused", "failing"):
        return _failed(one)
    return _SENTENCES[one.state]


_SENTENCES: dict[str, Words] = {
    "late": _("It was to be asked, and nobody did: is “vigie run” running?"),
    "asking": _("It is being asked at this moment."),
    "working": _("It answers, and what it says is kept."),
    "waiting": _("Everything is ready: it is asked at the next turn."),
    "paused": _("Someone paused it: nothing is asked."),
    "idle": _("The register holds no account it could be asked about."),
}


def _failed(one: Health) -> Words:
    if one.state == "refused":
        return _("It refuses our key. Only you can mend this: enter a new one.")
    return plural(
        "It could not be asked the last time. It is tried again by itself.",
        "It could not be asked the last {count} times. It is tried again by itself.",
        count=one.misses,
    )


def _listed(one: Health) -> Words | str:
    """Return the options that are lacking; several are named one after the other."""
    first, *others = (option.label for option in one.lacking)
    for other in others:
        first = _("{first}, {second}", first=first, second=other)
    return first
