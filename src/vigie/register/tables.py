"""What may leave the register: plain rows, without services, persons or roles."""

from __future__ import annotations

from vigie import model
from vigie.register import models
from vigie.register.rows import read_register


def rows() -> dict[str, list[model.Record]]:
    """Return every public row, by table."""
    register = read_register()
    return {
        "institutions": list(register.institutions),
        "enrolments": list(register.enrolments),
        "accounts": list(register.accounts),
        "events": _events(),
        "statements": _statements(),
    }


def _events() -> list[model.Record]:
    kept = models.Event.objects.select_related("institution", "account").order_by("day", "event")
    return [
        model.Event(
            event=row.event,
            day=row.day,
            kind=row.kind,
            breaks_series=row.breaks_series,
            network=row.network,
            institution=row.institution.slug if row.institution else None,
            account=row.account.account if row.account else None,
            words=row.words,
        )
        for row in kept
    ]


def _statements() -> list[model.Record]:
    kept = models.Statement.objects.select_related("institution")
    return [
        model.Statement(
            statement=row.statement,
            institution=row.institution.slug,
            edition=row.edition,
            written_at=row.written_at,
            words=row.words,
            asks_correction=row.asks_correction,
        )
        for row in kept.order_by("written_at", "statement")
    ]
