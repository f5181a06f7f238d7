"""The form of an event of the calendar: filled, read, refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.text import slugify

from vigie.errors import ListeningError
from vigie.listening.kept import KeptEvent
from vigie.listening.kinds import EVENT_KINDS
from vigie.listening.models import CalendarEvent
from vigie.words import LANGUAGES, Words, _

KIND_NAMES: Mapping[str, Words] = {
    "term": _("Start of term"),
    "admissions": _("Admissions"),
    "exams": _("Exams"),
    "results": _("Results"),
    "holidays": _("Holidays"),
    "strike": _("Strike"),
    "open_days": _("Open days"),
    "other": _("Other"),
}
LONGEST = 48


def filled(event: KeptEvent | None) -> Mapping[str, str]:
    """Return what the form holds of an event; of none, what is usual."""
    if event is None:
        return {"kind": "other"}
    titles = {f"title_{language}": event.title.get(language, "") for language in LANGUAGES}
    return {
        **titles,
        "event": event.name,
        "kind": event.kind,
        "first_day": event.first_day.isoformat(),
        "last_day": event.last_day.isoformat(),
        "factor": "" if event.factor is None else f"{event.factor:g}",
        "network": event.network or "",
        "institution": event.institution or "",
    }


def entered(given: Mapping[str, str], *, usual: frozenset[str]) -> KeptEvent:
    """Read the form, or say what is wrong; ``usual`` are the names of the events by rule."""
    titles = {language: given.get(f"title_{language}", "").strip()[:200] for language in LANGUAGES}
    first = _day(given.get("first_day", ""))
    last = _day(given.get("last_day", "") or given.get("first_day", ""))
    name = given.get("event", "") or _free_name(next(filter(None, titles.values()), ""), first)
    kind = given.get("kind", "")
    return KeptEvent(
        name=name,
        title=titles,
        kind=kind if kind in EVENT_KINDS else "other",
        first_day=first,
        last_day=last,
        factor=_factor(given.get("factor", "")),
        network=given.get("network") or None,
        institution=given.get("institution") or None,
        source="default" if name in usual else "team",
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ListeningError(_("Give the first day and the last, as 2026-06-01.")) from error


def _factor(text: str) -> float | None:
    plain = text.strip().replace(",", ".").replace("\u202f", "").replace("×", "").strip()
    if not plain:
        return None
    try:
        factor = float(plain)
    except ValueError as error:
        raise ListeningError(
            _("A factor is a number: 2 is twice what is usual, 0.5 is half. Correct {given}.",
              given=text[:20])
        ) from error  # fmt: skip
    if not 0 < factor <= 100:
        raise ListeningError(_("A factor lies between 0 and 100: 2 is twice what is usual."))
    return factor


def _free_name(title: str, first: date) -> str:
    """Return a name that no event has yet."""
    base = f"{slugify(title)[:LONGEST].strip('-') or 'event'}-{first:%Y-%m}"
    taken = set(CalendarEvent.objects.filter(name__startswith=base).values_list("name", flat=True))
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
