"""What a practice is: its kinds, whose it may be, and what each state takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import urlsplit

from vigie.words import Words, _

SPOTTED, DESCRIBED, SUPPORTED, REUSED = STATES = ("spotted", "described", "supported", "reused")
"""In the order a practice goes through them."""

STATE_WORDS: Mapping[str, Words] = {
    SPOTTED: _("Spotted"),
    DESCRIBED: _("Described"),
    SUPPORTED: _("Supported"),
    REUSED: _("Reused"),
}
STATE_MEANINGS: Mapping[str, Words] = {
    SPOTTED: _("Somebody saw it."),
    DESCRIBED: _("What was seen and what others can copy are written down."),
    SUPPORTED: _("Whoever does it was helped: a tool, advice, time, money."),
    REUSED: _("Somebody else does it too."),
}

KINDS: Mapping[str, Words] = {
    "teaching": _("Teaching"),
    "student_life": _("Student life"),
    "science": _("Science told to the public"),
    "answering": _("Answering people"),
    "community": _("Keeping a community"),
    "other": _("Something else"),
}

PERSON = "person"
OWNERS: Mapping[str, Words] = {
    "unit": _("A teaching unit"),
    "service": _("A service"),
    "group": _("A group: an association, a residence"),
    PERSON: _("A person, who agreed to be named"),
}
"""Whose a practice may be."""

LONGEST_TITLE = 160
LONGEST = 4000


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What people write of a practice."""

    title: str
    kind: str = "other"
    seen: str = ""
    copying: str = ""
    """What others can copy."""
    network: str = ""
    hashtag: str = ""
    url: str = ""
    owner_kind: str = ""
    """Empty: nobody is named."""
    owner: str = ""
    consent: str = ""
    """How the person agreed to be named."""
    consented_on: date | None = None
    support: str = ""
    reused_by: str = ""
    notes: str = ""


FIELDS = tuple(field.name for field in fields(Draft))


def mistakes_of(draft: Draft, *, today: date) -> dict[str, Words]:
    """Return what cannot be kept as it is written, by field."""
    found = {**_lengths(draft), **_owner(draft, today)}
    if not draft.title:
        found["title"] = _("A practice needs a title: say in a few words what is done.")
    if draft.kind not in KINDS:
        found["kind"] = _("Choose one of the kinds of the list.")
    if draft.url and not _is_web(draft.url):
        found["url"] = _("{address} is no web address. Begin it with https://.", address=draft.url)
    return found


def _lengths(draft: Draft) -> dict[str, Words]:
    most = dict.fromkeys(FIELDS, LONGEST) | {"title": LONGEST_TITLE}
    return {
        name: _("At most {most} characters; this has {count}.", most=most[name], count=len(text))
        for name in FIELDS
        if isinstance(text := getattr(draft, name), str) and len(text) > most[name]
    }


def _owner(draft: Draft, today: date) -> dict[str, Words]:
    if draft.owner_kind and draft.owner_kind not in OWNERS:
        return {"owner_kind": _("Choose one of the list, or nobody.")}
    if draft.owner_kind and not draft.owner:
        return {"owner": _("Write the name, or choose nobody.")}
    if draft.owner and not draft.owner_kind:
        return {"owner_kind": _("Say whether this is a unit, a service, a group or a person.")}
    return _consent(draft, today) if draft.owner_kind == PERSON else {}


def _consent(draft: Draft, today: date) -> dict[str, Words]:
    found = {}
    if not draft.consent:
        found["consent"] = _(
            "A person is named only with their consent. Say how they gave it, or name the unit "
            "or the service instead."
        )
    if draft.consented_on is None:
        found["consented_on"] = _("Say on which day the person agreed.")
    elif draft.consented_on > today:
        found["consented_on"] = _("This day has not come yet.")
    return found


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def next_state(state: str) -> str | None:
    """Return the state after this one; none after the last."""
    place = STATES.index(state) + 1
    return STATES[place] if place < len(STATES) else None


def state_before(state: str) -> str | None:
    """Return the state before this one; none before the first."""
    place = STATES.index(state)
    return STATES[place - 1] if place else None


def lacking(draft: Draft, state: str) -> tuple[str, Words] | None:
    """Return the field that must be written before a practice enters a state, and why."""
    needed: Mapping[str, tuple[tuple[str, Words], ...]] = {
        DESCRIBED: (
            ("seen", _("Write what was seen first.")),
            ("copying", _("Write what others can copy first.")),
        ),
        SUPPORTED: (("support", _("Write what help was given first.")),),
        REUSED: (("reused_by", _("Write who does it too first.")),),
    }
    for field, words in needed.get(state, ()):
        if not getattr(draft, field):
            return field, words
    return None
