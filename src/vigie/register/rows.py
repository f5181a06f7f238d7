"""Between the records people keep and the plain rows that travel."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import TypeVar

from django.db import models as django

from vigie import model
from vigie.register import models
from vigie.register.contents import Register

D = TypeVar("D", bound=django.Model)

_INSTITUTION = tuple(
    field.name
    for field in fields(model.Institution)
    if field.name not in {"institution", "parent", "merged_into", "aliases", "other_uais"}
)
_ACCOUNT = tuple(field.name for field in fields(model.Account) if field.name not in {"institution"})
_INSTITUTION_COLUMNS = (*_INSTITUTION, "aliases", "other_uais", "parent_id", "merged_into_id")
_ACCOUNT_COLUMNS = (*_ACCOUNT, "institution_id")
_BATCH = 500


def read_register() -> Register:
    """Return institutions, enrolments and accounts as plain records."""
    kept = list(models.Institution.objects.order_by("id"))
    slugs = {row.pk: row.slug for row in kept}
    return Register(
        institutions=tuple(_institution(row, slugs) for row in kept),
        enrolments=tuple(
            model.Enrolment(institution=slugs[owner], year=year, students=students)
            for owner, year, students in models.Enrolment.objects.order_by(
                "institution_id", "year"
            ).values_list("institution_id", "year", "students")
        ),
        accounts=tuple(_account(row, slugs) for row in models.Account.objects.order_by("id")),
    )


def _institution(row: models.Institution, slugs: Mapping[int, str]) -> model.Institution:
    return model.Institution(
        institution=row.slug,
        **{name: getattr(row, name) for name in _INSTITUTION},
        aliases=tuple(row.aliases),
        other_uais=tuple(row.other_uais),
        parent=slugs.get(row.parent_id or 0),
        merged_into=slugs.get(row.merged_into_id or 0),
    )


def _account(row: models.Account, slugs: Mapping[int, str]) -> model.Account:
    return model.Account(
        institution=slugs[row.institution_id], **{name: getattr(row, name) for name in _ACCOUNT}
    )


def write_register(
    before: Register, after: Register, *, source: str, moved: Collection[str] = ()
) -> None:
    """Write what differs between two registers; rows are added and changed, none goes.

    New rows, and accounts that moved, are from this source.
    """
    _write_institutions(before, after, source=source)
    ids = dict(models.Institution.objects.values_list("slug", "id"))
    _write_enrolments(before, after, ids)
    _write_accounts(before, after, ids, source=source, moved=moved)


def _write_institutions(before: Register, after: Register, *, source: str) -> None:
    known = {row.institution: row for row in before.institutions}
    changed = [row for row in after.institutions if known.get(row.institution) != row]
    fresh = [row for row in changed if row.institution not in known]
    made = [models.Institution(slug=row.institution, source=source) for row in fresh]
    for kept, row in zip(made, fresh, strict=True):
        _fill_institution(kept, row, {})
    models.Institution.objects.bulk_create(made, batch_size=_BATCH)
    # A parent or an heir may be as new as the row that names it: these are set once all exist.
    rest = {
        row.institution: row
        for row in changed
        if row.institution in known or row.parent or row.merged_into
    }
    if not rest:
        return
    ids = dict(models.Institution.objects.values_list("slug", "id"))
    altered = _by_slug(rest)
    _free_codes(altered, rest)
    for kept in altered:
        _fill_institution(kept, rest[kept.slug], ids)
    models.Institution.objects.bulk_update(altered, _INSTITUTION_COLUMNS, batch_size=100)


def _by_slug(rows: Mapping[str, model.Institution]) -> list[models.Institution]:
    slugs = list(rows)
    return [
        kept
        for begin in range(0, len(slugs), _BATCH)
        for kept in models.Institution.objects.filter(slug__in=slugs[begin : begin + _BATCH])
    ]


def _free_codes(
    altered: Sequence[models.Institution], rows: Mapping[str, model.Institution]
) -> None:
    """Let go of codes that pass from one institution to another, which only one may hold."""
    leaving = [kept.pk for kept in altered if kept.uai and kept.uai != rows[kept.slug].uai]
    for begin in range(0, len(leaving), _BATCH):
        models.Institution.objects.filter(pk__in=leaving[begin : begin + _BATCH]).update(uai=None)


def _fill_institution(
    kept: models.Institution, row: model.Institution, ids: Mapping[str, int]
) -> None:
    for name in _INSTITUTION:
        setattr(kept, name, getattr(row, name))
    kept.aliases = list(row.aliases)
    kept.other_uais = list(row.other_uais)
    kept.parent_id = ids.get(row.parent or "")
    kept.merged_into_id = ids.get(row.merged_into or "")


def _write_enrolments(before: Register, after: Register, ids: Mapping[str, int]) -> None:
    known = {(row.institution, row.year): row.students for row in before.enrolments}
    changed = [
        models.Enrolment(institution_id=ids[row.institution], year=row.year, students=row.students)
        for row in after.enrolments
        if known.get((row.institution, row.year)) != row.students
    ]
    models.Enrolment.objects.bulk_create(
        changed,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["institution", "year"],
        update_fields=["students"],
    )


def _write_accounts(
    before: Register,
    after: Register,
    ids: Mapping[str, int],
    *,
    source: str,
    moved: Collection[str],
) -> None:
    known = {row.account: row for row in before.accounts}
    changed = {row.account: row for row in after.accounts if known.get(row.account) != row}
    keys = [key for key in changed if key in known]
    altered = [
        kept
        for begin in range(0, len(keys), _BATCH)
        for kept in models.Account.objects.filter(account__in=keys[begin : begin + _BATCH])
    ]
    # First all step back, then some step forward: two never lead a network at once.
    stepping = [kept.pk for kept in altered if kept.is_principal]
    for begin in range(0, len(stepping), _BATCH):
        models.Account.objects.filter(pk__in=stepping[begin : begin + _BATCH]).update(
            is_principal=False
        )
    for kept in altered:
        _fill_account(kept, changed[kept.account], ids)
        if kept.account in moved:
            kept.source = source
    models.Account.objects.bulk_update(altered, (*_ACCOUNT_COLUMNS, "source"), batch_size=100)
    fresh = [row for key, row in changed.items() if key not in known]
    made = [models.Account(source=source) for _row in fresh]
    for kept, row in zip(made, fresh, strict=True):
        _fill_account(kept, row, ids)
    models.Account.objects.bulk_create(made, batch_size=_BATCH)


def _fill_account(kept: models.Account, row: model.Account, ids: Mapping[str, int]) -> None:
    for name in _ACCOUNT:
        setattr(kept, name, getattr(row, name))
    kept.institution_id = ids[row.institution]
