"""What the public may know of what this site listens to, gathered for its pages."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from vigie.collect.connecting import days_of_others
from vigie.collect.rights import Rights
from vigie.listening import tables
from vigie.listening.public_register import Public
from vigie.register.models import Institution


def public_listening(now: datetime) -> Public:
    """Return the queries, the persons who may be listened for, and how long things are kept."""
    configured = settings.CONFIGURED
    ours = Institution.objects.filter(slug=configured.institution).first()
    return Public(
        institution=ours.name if ours else "",
        contact=configured.contact,
        queries=tables.queries(only_on=False),
        figures=tables.figures(on=now.astimezone(configured.zone).date()),
        days={**days_of_others(), "other": Rights.keep_others_days},
    )
