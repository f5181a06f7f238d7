"""Everything that people change about listening: checks the right, writes the log, at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from vigie.collect.address import NETWORKS
from vigie.errors import ListeningError, PersonError
from vigie.listening.allowed import allowed
from vigie.listening.kept import KeptEvent, KeptQuery
from vigie.listening.kinds import EVENT_KINDS, INBOX_INTENTS
from vigie.listening.models import CalendarEvent, PublicFigure, Query, Speciality
from vigie.listening.persons import require_no_person
from vigie.listening.query import parse
from vigie.register import log
from vigie.register.models import Institution
from vigie.register.rights import (
    COMMAND_LINE,
    PERMIT_LISTENING,
    WRITE_LISTENING,
    Author,
    require,
)
from vigie.words import _

RESERVED = frozenset({"new", "starter", "all"})
"""Names that stand for something else in addresses."""


def keep_query(query: KeptQuery, *, by: Author = COMMAND_LINE, at: datetime | None = None) -> Query:
    """Keep what listening looks for, with its purpose and the office that keeps it.

    Refused are words that cannot be read (``QueryError``) and, unless an administrator says why
    (``permitted_because``), those that look for a person (``PersonError``).
    """
    require(by, WRITE_LISTENING)
    moment = at or timezone.now()
    _require_words(title=query.title, words=query.words, purpose=query.purpose, office=query.office)
    with transaction.atomic():
        permit = _permit(query, by, moment.date())
        facts = {
            "title": query.title.strip(),
            "words": query.words.strip(),
            "purpose": query.purpose.strip(),
            "office": query.office.strip(),
            "languages": list(query.languages),
            "networks": list(query.networks),
            "is_on": query.is_on,
            "to_inbox": [intent for intent in INBOX_INTENTS if intent in query.to_inbox],
            **permit,
        }
        changed = {**facts, "kept_by": by.name, "changed_at": moment}
        kept, _is_new = Query.objects.update_or_create(
            name=query.name, defaults=changed, create_defaults={**changed, "created_at": moment}
        )
        _write("query.put", query.name, facts, by=by, at=moment)
    return kept


def keep_new(
    queries: Iterable[KeptQuery], *, by: Author = COMMAND_LINE, at: datetime | None = None
) -> list[Query]:
    """Keep several new queries, each under a name no other has: all of them, or none."""
    with transaction.atomic():
        return [
            keep_query(replace(one, name=free_name(one.title)), by=by, at=at) for one in queries
        ]


def _permit(query: KeptQuery, by: Author, on: date) -> dict[str, str]:
    """Return who lets a query pass that looks for a person, and why; refuse it otherwise."""
    words, reason = query.words.strip(), query.permitted_because.strip()
    read = parse(words)
    before = Query.objects.filter(name=query.name, words=words).exclude(permitted_by="").first()
    if before is not None and reason in ("", before.permitted_because):
        return {
            "permitted_by": before.permitted_by,
            "permitted_because": before.permitted_because,
        }
    if reason:
        require(by, PERMIT_LISTENING)
        return {"permitted_by": by.name, "permitted_because": reason}
    require_no_person(read, words, allowed(on=on))
    return {"permitted_by": "", "permitted_because": ""}


def switch_off_refused(*, by: Author = COMMAND_LINE, at: datetime | None = None) -> list[str]:
    """Switch off queries on persons whose time in the register is over; return their names."""
    require(by, WRITE_LISTENING)
    moment = at or timezone.now()
    over = []
    for row in Query.objects.filter(is_on=True, permitted_by=""):
        try:
            require_no_person(parse(row.words), row.words, allowed(on=moment.date()))
        except PersonError:
            switch_query(row.name, is_on=False, by=by, at=moment)
            over.append(row.name)
    return over


def switch_query(
    name: str, *, is_on: bool, by: Author = COMMAND_LINE, at: datetime | None = None
) -> None:
    """Listen for a query, or stop; what was caught stays as long as the networks allow."""
    require(by, WRITE_LISTENING)
    moment = at or timezone.now()
    with transaction.atomic():
        row = query_named(name)
        row.is_on, row.kept_by, row.changed_at = is_on, by.name, moment
        row.save(update_fields=("is_on", "kept_by", "changed_at"))
        _write("query.on" if is_on else "query.off", name, {}, by=by, at=moment)


def erase_query(name: str, *, by: Author = COMMAND_LINE, at: datetime | None = None) -> None:
    """Erase a query with its alerts; the log keeps that it was there, and what it looked for."""
    require(by, WRITE_LISTENING)
    with transaction.atomic():
        row = query_named(name)
        facts = {"title": row.title, "words": row.words, "purpose": row.purpose}
        row.delete()
        _write("query.erase", name, facts, by=by, at=at)


def query_named(name: str) -> Query:
    """Return a query, or say which there are."""
    row = Query.objects.filter(name=name).first()
    if row is None:
        names = ", ".join(Query.objects.order_by("name").values_list("name", flat=True)[:20])
        raise ListeningError(
            _("There is no query {name}. The queries are: {names}.", name=name, names=names or "—")
        )
    return row


def free_name(title: str) -> str:
    """Return a name for a new query that no other has."""
    base = slugify(title)[:48].strip("-") or "query"
    taken = set(Query.objects.filter(name__startswith=base).values_list("name", flat=True))
    taken |= RESERVED
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def keep_event(
    event: KeptEvent, *, by: Author = COMMAND_LINE, at: datetime | None = None
) -> CalendarEvent:
    """Keep days on which more or less is said than usual."""
    require(by, WRITE_LISTENING)
    title = {language: said.strip() for language, said in event.title.items() if said.strip()}
    _require_words(title=" ".join(title.values()), name=event.name)
    if event.last_day < event.first_day:
        raise ListeningError(_("An event ends on the day it begins, or later. Correct its days."))
    facts = {
        "title": title,
        "kind": event.kind,
        "first_day": event.first_day,
        "last_day": event.last_day,
        "factor": event.factor,
        "network": event.network,
        "institution": event.institution,
        "source": event.source,
    }
    _require_known(event)
    with transaction.atomic():
        kept, _is_new = CalendarEvent.objects.update_or_create(
            name=event.name, defaults={**facts, "changed_by": by.name}
        )
        _write("calendar.put", event.name, _plain(facts), by=by, at=at)
    return kept


def erase_event(name: str, *, by: Author = COMMAND_LINE, at: datetime | None = None) -> None:
    """Take an event out of the calendar."""
    require(by, WRITE_LISTENING)
    with transaction.atomic():
        erased, _each = CalendarEvent.objects.filter(name=name).delete()
        if not erased:
            raise ListeningError(_("There is no event {name} in the calendar.", name=name))
        _write("calendar.erase", name, {}, by=by, at=at)


def permit_figure(
    name: str,
    *,
    role: str,
    reason: str,
    until: date,
    handles: Collection[str] = (),
    by: Author = COMMAND_LINE,
    at: datetime | None = None,
) -> PublicFigure:
    """Say that a person is a public figure, why, and until when."""
    require(by, PERMIT_LISTENING)
    moment = at or timezone.now()
    _require_words(name=name, role=role, reason=reason)
    if until < moment.date():
        raise ListeningError(_("The last day is over already. Choose a later one."))
    facts = {
        "role": role.strip(),
        "reason": reason.strip(),
        "until": until,
        "handles": sorted({one.strip().lstrip("@").lower() for one in handles if one.strip()}),
    }
    with transaction.atomic():
        kept, _is_new = PublicFigure.objects.update_or_create(
            name=" ".join(name.split()),
            defaults={**facts, "permitted_by": by.name, "permitted_at": moment},
        )
        _write("figure.permit", kept.name, _plain(facts), by=by, at=moment)
    return kept


def erase_figure(name: str, *, by: Author = COMMAND_LINE, at: datetime | None = None) -> None:
    """Take a person out of the register of public figures."""
    require(by, PERMIT_LISTENING)
    with transaction.atomic():
        erased, _each = PublicFigure.objects.filter(name=name).delete()
        if not erased:
            raise ListeningError(
                _("The register of public figures does not hold {name}.", name=name)
            )
        _write("figure.erase", name, {}, by=by, at=at)


def declare_speciality(
    institution: str,
    name: str,
    *,
    words: Collection[str],
    by: Author = COMMAND_LINE,
    at: datetime | None = None,
) -> Speciality:
    """Keep what an institution says it is known for, and the words that speak of it."""
    require(by, WRITE_LISTENING)
    moment = at or timezone.now()
    said = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    _require_words(name=name, words=" ".join(said))
    if not Institution.objects.filter(slug=institution).exists():
        raise ListeningError(_("The register holds no institution {slug}.", slug=institution))
    with transaction.atomic():
        kept, _is_new = Speciality.objects.update_or_create(
            institution=institution,
            name=name.strip(),
            defaults={"words": said, "declared_by": by.name, "declared_at": moment},
        )
        facts = {"name": kept.name, "words": said}
        _write("speciality.declare", institution, facts, by=by, at=moment)
    return kept


def erase_speciality(
    institution: str, name: str, *, by: Author = COMMAND_LINE, at: datetime | None = None
) -> None:
    """Take back what an institution declared."""
    require(by, WRITE_LISTENING)
    with transaction.atomic():
        erased, _each = Speciality.objects.filter(institution=institution, name=name).delete()
        if not erased:
            raise ListeningError(
                _(
                    "{institution} declared no speciality {name}.",
                    institution=institution,
                    name=name,
                )
            )
        _write("speciality.erase", institution, {"name": name}, by=by, at=at)


_FIELDS = {
    "title": _("Give it a title."),
    "words": _("Write the words that are looked for."),
    "purpose": _("Say what it is for: everyone may read it in the public register."),
    "office": _("Say which office keeps it: everyone may read it in the public register."),
    "name": _("Give it a name."),
    "role": _("Say which public role the person has."),
    "reason": _("Say why: a person is listened for only with a reason that everyone may read."),
}


def _require_words(**fields: str) -> None:
    for name, value in fields.items():
        if not value.strip():
            raise ListeningError(_FIELDS[name])


def _require_known(event: KeptEvent) -> None:
    choices = ((event.kind, EVENT_KINDS), (event.network or NETWORKS[0], NETWORKS))
    for chosen, known in choices:
        if chosen not in known:
            raise ListeningError(
                _(
                    "{chosen} is not known. Choose one of: {known}.",
                    chosen=chosen,
                    known=", ".join(known),
                )
            )
    if event.factor is not None and event.factor <= 0:
        raise ListeningError(_("A factor is above zero: 2 is twice what is usual, 0.5 is half."))


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
    }


def _write(action: str, subject: str, facts: log.Facts, *, by: Author, at: datetime | None) -> None:
    log.write([log.Change(action=action, subject=subject, facts=facts)], by=by, at=at)
