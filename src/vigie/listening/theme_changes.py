"""What people change about themes: their names, and which are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vigie.errors import ListeningError
from vigie.listening.models import Theme
from vigie.listening.themes import Known
from vigie.model import ThemeFound
from vigie.register import log
from vigie.register.rights import COMMAND_LINE, WRITE_LISTENING, Author, require
from vigie.words import _

LONGEST = 80


def name_theme(
    found: ThemeFound, name: str, *, by: Author = COMMAND_LINE, at: datetime | None = None
) -> Theme:
    """Call a theme by a name; an empty one gives it back to its terms."""
    require(by, WRITE_LISTENING)
    said = " ".join(name.split())[:LONGEST]
    moment = at or timezone.now()
    with transaction.atomic():
        row = _remembered(found, by=by, at=moment)
        row.name = said
        row.save(update_fields=("name", "changed_by", "changed_at"))
        _write("theme.name", found.theme, {"name": said}, by=by, at=moment)
    return row


def merge_theme(
    found: ThemeFound, into: ThemeFound, *, by: Author = COMMAND_LINE, at: datetime | None = None
) -> Theme:
    """Count a theme with another from now on, also in later runs."""
    require(by, WRITE_LISTENING)
    moment = at or timezone.now()
    with transaction.atomic():
        target = _root(_remembered(into, by=by, at=moment))
        row = _remembered(found, by=by, at=moment)
        if target.pk == row.pk:
            raise ListeningError(_("A theme cannot be merged into itself. Choose another."))
        row.merged_into = target
        row.save(update_fields=("merged_into", "changed_by", "changed_at"))
        facts = {"into": target.fingerprint}
        _write("theme.merge", found.theme, facts, by=by, at=moment)
    return row


def part_theme(fingerprint: str, *, by: Author = COMMAND_LINE, at: datetime | None = None) -> None:
    """Count a merged theme by itself again."""
    require(by, WRITE_LISTENING)
    moment = at or timezone.now()
    with transaction.atomic():
        changed = Theme.objects.filter(fingerprint=fingerprint, merged_into__isnull=False).update(
            merged_into=None, changed_by=by.name, changed_at=moment
        )
        if not changed:
            raise ListeningError(_("This theme is not merged into another."))
        _write("theme.part", fingerprint, {}, by=by, at=moment)


def remembered() -> tuple[Known, ...]:
    """Return the themes that people named or merged, as a run finds them again."""
    return tuple(
        Known(
            fingerprint=row.fingerprint,
            # The strongest terms weigh most, as they do in a run.
            weights={term: 1 / (1 + place) for place, term in enumerate(row.terms)},
        )
        for row in Theme.objects.all()
    )


def _remembered(found: ThemeFound, *, by: Author, at: datetime) -> Theme:
    row, _is_new = Theme.objects.select_for_update().update_or_create(
        fingerprint=found.theme,
        defaults={"terms": list(found.terms), "changed_by": by.name, "changed_at": at},
    )
    return row


def _root(row: Theme) -> Theme:
    """Return the theme that a theme is counted with; a merge never leads in a circle."""
    seen: Sequence[int] = ()
    while row.merged_into is not None and row.pk not in seen:
        seen = (*seen, row.pk)
        row = row.merged_into
    return row


def _write(
    action: str, subject: str, facts: Mapping[str, object], *, by: Author, at: datetime
) -> None:
    log.write([log.Change(action=action, subject=subject, facts=facts)], by=by, at=at)
