"""What a service's page shows of its hours and its closed days."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest

from vigie.inbox.changes import Hand
from vigie.inbox.models import Hours
from vigie.inbox.owing import zone_of
from vigie.listening import tables
from vigie.listening.calendar import calendar
from vigie.register.models import Service
from vigie.register.rights import READ_LISTENING
from vigie.web import closure_form, hours_form
from vigie.web.people import may
from vigie.web.sentences import reader_language
from vigie.web.service_acts import Outcome
from vigie.web.service_now import closures_ahead, holidays_ahead, holidays_of

YEAR = timedelta(days=365)


def hours(
    _request: HttpRequest, service: Service, hand: Hand, outcome: Outcome
) -> dict[str, object]:
    """Show its hours, as they were entered where that is refused."""
    kept = Hours.objects.filter(service=service).first()
    entered = outcome.shown.get("hours_entered")
    given = entered if isinstance(entered, hours_form.Entered) else None
    language = reader_language()
    return {
        "rows": hours_form.rows(kept, language, given),
        "holidays": holidays_ahead(service, now=hand.now, language=language),
        "keeps_holidays": kept.keeps_holidays if kept else True,
    }


def closures(
    request: HttpRequest, service: Service, hand: Hand, _outcome: Outcome
) -> dict[str, object]:
    """Show the days on which it is closed, and those of a calendar where asked."""
    zone, language = zone_of(service, hand.terms.zone), reader_language()
    found: dict[str, object] = {
        "closures": closures_ahead(service, now=hand.now, zone=zone, language=language),
        "form": request.POST.dict(),
        "may_listen": may(request, READ_LISTENING),
        "offer_zone": zone,
    }
    if request.GET.get("calendar") == "listening" and may(request, READ_LISTENING):
        found["offer"] = _academic(service, hand)
    return found


def _academic(service: Service, hand: Hand) -> closure_form.Offer:
    """Offer the breaks of the academic calendar that listening keeps; holidays count already."""
    zone, language = zone_of(service, hand.terms.zone), reader_language()
    today = hand.now.astimezone(zone).date()
    known = calendar(
        tables.events(), first=today, last=today + YEAR, zone=settings.CONFIGURED.timezone
    )
    holidays = holidays_of(service, now=hand.now, language=language)
    events = [
        closure_form.whole_days(
            event.name, event.title.get(language) or event.name, event.first_day, event.last_day,
            zone=zone,
        )
        for event in known
        if event.kind == "holidays"
        and event.institution in (None, service.institution.slug)
        and not (event.first_day == event.last_day and event.first_day in holidays)
    ]  # fmt: skip
    return closure_form.offer(closure_form.ACADEMIC, events, now=hand.now, is_ticked=False)
