"""Everything that people change about sources: checks the right, writes the log, at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from vigie.errors import SettingError
from vigie.register import log
from vigie.register.rights import COMMAND_LINE, CONNECT_SOURCES, RUN_SOURCES, Author, require
from vigie.sealing import open_seal
from vigie.settings import Settings
from vigie.sources.connections import hint, known_names, lacking
from vigie.sources.models import Connection, Work
from vigie.sources.renewals import UNTRIED, end_of_key
from vigie.sources.source import Source, checked, source
from vigie.sources.turns import COLLECT, REREAD, make_due, schedule
from vigie.words import _


def connect(
    name: str,
    given: Mapping[str, str],
    *,
    settings: Settings,
    label: str = "",
    by: Author = COMMAND_LINE,
    at: datetime | None = None,
) -> Connection:
    """Keep what a person entered for a source, secrets sealed; what is left empty stays as it was.

    A connector is due at once: its first answer says whether the key is taken.
    """
    require(by, CONNECT_SOURCES)
    found, moment = source(name), at or timezone.now()
    new = checked(found, given)
    with transaction.atomic():
        row = Connection.objects.select_for_update().filter(connector=name).first()
        _require_whole(found, new, row, settings)
        kept = _put(found, new, row, settings=settings, label=label, by=by, at=moment)
        facts = {
            "options": {key: value for key, value in new.items() if key in kept.options},
            "secrets": sorted(key for key in new if key in kept.hints),
        }
        change = log.Change(action="connection.put", subject=name, facts=facts)
        log.write([change], by=by, at=moment)
        schedule(settings, now=moment)
        if not found.is_webhook:
            make_due(COLLECT, name, now=moment)
    return kept


def _require_whole(
    found: Source, new: Mapping[str, str], row: Connection | None, settings: Settings
) -> None:
    missing = [
        option
        for option in lacking(found.name, found.options, row=row, settings=settings)
        if not new.get(option.name)
    ]
    if missing:
        raise SettingError(
            _(
                "{source} cannot be connected without: {option}.",
                source=found.label,
                option=missing[0].label,
            )
        )
    if not any(new.values()) and not known_names(row):
        raise SettingError(_("Enter at least one option; there is nothing to keep."))


def _put(
    found: Source,
    new: Mapping[str, str],
    row: Connection | None,
    *,
    settings: Settings,
    label: str,
    by: Author,
    at: datetime,
) -> Connection:
    secret = {option.name for option in found.options if option.is_secret}
    seal = open_seal(settings)
    # Only when some of it stays must the old seal still open.
    stays = row is not None and bool(set(row.hints) - set(new))
    before = seal.open(row.sealed, name=found.name) if row and stays else {}
    hints = {
        key: {"ends": hint(value), "on": at.date().isoformat()}
        for key, value in new.items()
        if key in secret
    }
    kept, _is_new = Connection.objects.update_or_create(
        connector=found.name,
        defaults={
            "label": label.strip() or (row.label if row else ""),
            "options": _plain(row, new, secret),
            "sealed": seal.close({**before, **{k: v for k, v in new.items() if k in secret}}),
            "hints": {**(row.hints if row else {}), **hints},
            "connected_by": by.name,
            "connected_at": at,
            "state": "new",
            "granted": None,
            "checked_at": None,
            **({"ends_at": end_of_key(found.name, new, at=at), **UNTRIED} if hints else {}),
        },
    )
    return kept


def _plain(
    row: Connection | None, new: Mapping[str, str], secret: Collection[str]
) -> dict[str, str]:
    both = {**(row.options if row else {}), **new}
    return {key: value for key, value in both.items() if value and key not in secret}


def disconnect(
    name: str, *, settings: Settings, by: Author = COMMAND_LINE, at: datetime | None = None
) -> None:
    """Erase what was entered for a source; what was observed stays."""
    require(by, CONNECT_SOURCES)
    found, moment = source(name), at or timezone.now()
    with transaction.atomic():
        erased, _each = Connection.objects.filter(connector=name).delete()
        if not erased:
            raise SettingError(
                _("Nothing was entered for {source}: nothing to erase.", source=found.label)
            )
        log.write([log.Change(action="connection.erase", subject=name, facts={})], by=by, at=moment)
        schedule(settings, now=moment)


def pause(
    name: str, *, settings: Settings, by: Author = COMMAND_LINE, at: datetime | None = None
) -> None:
    """Ask a network nothing until someone says so."""
    _switch(name, settings, is_paused=True, by=by, at=at or timezone.now())


def resume(
    name: str, *, settings: Settings, by: Author = COMMAND_LINE, at: datetime | None = None
) -> None:
    """Ask a network again: it is due at once."""
    moment = at or timezone.now()
    _switch(name, settings, is_paused=False, by=by, at=moment)
    make_due(COLLECT, name, now=moment)


def _switch(name: str, settings: Settings, *, is_paused: bool, by: Author, at: datetime) -> None:
    require(by, RUN_SOURCES)
    _askable(name, settings=settings, now=at)
    with transaction.atomic():
        Work.objects.filter(connector=name).update(is_paused=is_paused)
        action = "work.pause" if is_paused else "work.resume"
        log.write([log.Change(action=action, subject=name, facts={})], by=by, at=at)


def run_now(
    name: str, *, settings: Settings, by: Author = COMMAND_LINE, at: datetime | None = None
) -> None:
    """Make a connector due now; the next free worker takes it."""
    require(by, RUN_SOURCES)
    moment = at or timezone.now()
    _askable(name, settings=settings, now=moment)
    with transaction.atomic():
        make_due(COLLECT, name, now=moment, is_whole=True)
        log.write([log.Change(action="work.run_now", subject=name, facts={})], by=by, at=moment)


def reread(
    name: str, *, settings: Settings, by: Author = COMMAND_LINE, at: datetime | None = None
) -> None:
    """Have what is in quarantine read again, with what is known of the network today."""
    require(by, RUN_SOURCES)
    moment = at or timezone.now()
    source(name)
    with transaction.atomic():
        make_due(REREAD, name, now=moment)
        log.write([log.Change(action="work.reread", subject=name, facts={})], by=by, at=moment)


def _askable(name: str, *, settings: Settings, now: datetime) -> None:
    found = source(name)
    schedule(settings, now=now)
    if not Work.objects.filter(Q(kind=COLLECT, connector=name, subject="")).exists():
        raise SettingError(_("{source} cannot be asked yet: connect it first.", source=found.label))


def rotate(*, settings: Settings, by: Author = COMMAND_LINE, at: datetime | None = None) -> int:
    """Seal everything again with the first key; return how many connections there are.

    All or nothing: when one cannot be opened, none is changed.
    """
    require(by, CONNECT_SOURCES)
    seal = open_seal(settings)
    with transaction.atomic():
        rows = list(Connection.objects.select_for_update().order_by("connector"))
        for row in rows:
            row.sealed = seal.again(row.sealed, name=row.connector)
        Connection.objects.bulk_update(rows, ["sealed"])
        facts = {"connections": len(rows)}
        change = log.Change(action="connection.rotate", subject="", facts=facts)
        log.write([change], by=by, at=at or timezone.now())
    return len(rows)
