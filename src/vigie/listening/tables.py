"""What may leave listening: plain values, without the persons who keep them or are warned."""

from __future__ import annotations

from datetime import date

from vigie.listening import models
from vigie.listening.kept import KeptEvent, KeptFigure, KeptQuery, KeptSpeciality


def queries(*, only_on: bool = True) -> tuple[KeptQuery, ...]:
    """Return the queries that are listened to, or every one."""
    rows = models.Query.objects.filter(is_on=True) if only_on else models.Query.objects.all()
    return tuple(query_of(row) for row in rows)


def query_of(row: models.Query) -> KeptQuery:
    """Return a query as a plain value."""
    return KeptQuery(
        name=row.name,
        title=row.title,
        words=row.words,
        purpose=row.purpose,
        office=row.office,
        languages=tuple(row.languages),
        networks=tuple(row.networks),
        is_on=row.is_on,
        to_inbox=tuple(row.to_inbox),
        since=row.created_at.date(),
        permitted_because=row.permitted_because,
    )


def events() -> tuple[KeptEvent, ...]:
    """Return the events of the calendar, in order."""
    return tuple(
        KeptEvent(
            name=row.name,
            title=row.title,
            kind=row.kind,
            first_day=row.first_day,
            last_day=row.last_day,
            factor=row.factor,
            network=row.network,
            institution=row.institution,
            source=row.source,
        )
        for row in models.CalendarEvent.objects.all()
    )


def figures(*, on: date) -> tuple[KeptFigure, ...]:
    """Return the persons who may be listened for on a day."""
    return tuple(
        KeptFigure(
            name=row.name,
            handles=tuple(row.handles),
            role=row.role,
            reason=row.reason,
            until=row.until,
        )
        for row in models.PublicFigure.objects.filter(until__gte=on)
    )


def specialities(institution: str | None = None) -> tuple[KeptSpeciality, ...]:
    """Return what an institution declares, or what all do."""
    rows = models.Speciality.objects.all()
    if institution is not None:
        rows = rows.filter(institution=institution)
    return tuple(
        KeptSpeciality(institution=row.institution, name=row.name, words=tuple(row.words))
        for row in rows
    )
