"""Everything that changes the register: checks the right, writes the log, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vigie import model
from vigie.errors import RegisterError
from vigie.register import log, models
from vigie.register.applying import Outcome, apply
from vigie.register.contents import Covered, Register
from vigie.register.difference import difference
from vigie.register.item import QUESTIONS, Item, from_json, id_of, to_json
from vigie.register.offices import free_slug
from vigie.register.replying import mistake_of
from vigie.register.rights import CHANGE_REGISTER, COMMAND_LINE, Author, require
from vigie.register.rows import read_register, write_register
from vigie.words import Words, _

__all__ = [
    "Applied", "apply_items", "apply_update", "propose", "prove", "put_event", "put_service",
    "read_register", "reject", "write_statement",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What became of an update."""

    update: int
    accepted: int
    rejected: int
    pending: int
    counts: Mapping[str, int] = field(default_factory=dict)
    """Accepted items by kind."""
    refused: tuple[tuple[str, Words], ...] = ()
    """Items that no longer fit the register, which stay pending, and why."""


def propose(
    new: Register,
    *,
    source: str,
    file_name: str = "",
    digest: str = "",
    by: Author = COMMAND_LINE,
    seen_at: datetime | None = None,
) -> int:
    """Compare a new look with the register and keep the difference for review.

    ``source`` names what the look came from (the importer): of what it brought itself, it may say
    that it changed or ended. An item that was rejected before stays rejected. Returns the
    update's number.
    """
    require(by, CHANGE_REGISTER)
    moment = seen_at or timezone.now()
    with transaction.atomic():
        found = difference(read_register(), new, seen_on=moment.date(), covered=_covered(source))
        update = models.Update.objects.create(
            source=source,
            file_name=file_name,
            digest=digest,
            proposed_by=by.name,
            proposed_at=moment,
            seen_on=moment.date(),
        )
        _keep_items(update, found.items)
        facts = {"source": source, "file": file_name, "digest": digest, "items": found.counts()}
        change = log.Change(action="update.propose", subject=str(update.pk), facts=facts)
        log.write([change], by=by, at=moment)
    return int(update.pk)


def _covered(source: str) -> Covered:
    institutions = models.Institution.objects.filter(source=source).values_list("slug", flat=True)
    accounts = models.Account.objects.filter(source=source).values_list("account", flat=True)
    return Covered(institutions=frozenset(institutions), accounts=frozenset(accounts))


def _keep_items(update: models.Update, items: Iterable[Item]) -> None:
    decided = models.UpdateItem.objects.exclude(state="pending").order_by("decided_at", "id")
    last = {name: (state, who) for name, state, who in
            decided.values_list("item", "state", "decided_by")}  # fmt: skip
    rejected = {name: who for name, (state, who) in last.items() if state == "rejected"}
    kept = []
    for position, item in enumerate(items):
        content = to_json(item)
        name = id_of(content)
        kept.append(
            models.UpdateItem(
                update=update,
                position=position,
                item=name,
                kind=item.kind,
                institution=item.institution,
                content=content,
                state="rejected" if name in rejected else "pending",
                decided_by=rejected.get(name, ""),
                decided_at=update.proposed_at if name in rejected else None,
            )
        )
    models.UpdateItem.objects.bulk_create(kept, batch_size=500)


def apply_update(
    update: int,
    *,
    accepted: Collection[str] | None = None,
    by: Author = COMMAND_LINE,
    at: datetime | None = None,
) -> Applied:
    """Apply items of an update: those named, or all that ask no question.

    Everything is written or nothing is. An item that no longer fits stays pending and is
    reported with the reason.
    """
    require(by, CHANGE_REGISTER)
    moment = at or timezone.now()
    with transaction.atomic():
        kept = _update(update)
        chosen = _chosen(kept, accepted)
        outcome = _write(chosen.values(), source=kept.source)
        refused = {id(item): words for item, words in outcome.refused}
        done = [row for row, item in chosen.items() if id(item) not in refused]
        _decide(done, "accepted", by=by, at=moment)
        log.write(
            (_change(kept, chosen[row], row.item) for row in done if row in chosen),
            by=by,
            at=moment,
        )
    left = tuple(
        (row.item, refused[id(item)]) for row, item in chosen.items() if id(item) in refused
    )
    return _applied(kept, Counter(item.kind for item in outcome.applied), left)


def apply_items(
    items: Iterable[Item],
    *,
    source: str = "hand",
    by: Author,
    at: datetime | None = None,
) -> Outcome:
    """Apply items that a person made, not a file; what does not fit is in the outcome."""
    require(by, CHANGE_REGISTER)
    with transaction.atomic():
        outcome = _write(items, source=source)
        changes = [
            log.Change(
                action=f"register.{item.kind}", subject=item.institution, facts=to_json(item)
            )
            for item in outcome.applied
        ]
        log.write(changes, by=by, at=at)
    return outcome


def _write(items: Iterable[Item], *, source: str) -> Outcome:
    before = read_register()
    outcome = apply(before, items)
    moved = {
        row.account
        for item in outcome.applied
        if item.kind in {"account_moved", "conflict"}
        for row in item.accounts
    }
    write_register(before, outcome.register, source=source, moved=moved)
    return outcome


def reject(
    update: int, items: Collection[str], *, by: Author = COMMAND_LINE, at: datetime | None = None
) -> Applied:
    """Leave the register as it is in these points; the same items will not be asked again."""
    require(by, CHANGE_REGISTER)
    moment = at or timezone.now()
    with transaction.atomic():
        kept = _update(update)
        chosen = _chosen(kept, items)
        _decide(list(chosen), "rejected", by=by, at=moment)
        changes = [
            log.Change(
                action="update.reject",
                subject=row.institution,
                facts={"update": kept.pk, "item": row.item, "kind": row.kind},
            )
            for row in chosen
        ]
        log.write(changes, by=by, at=moment)
    return _applied(kept, {}, ())


def _update(number: int) -> models.Update:
    try:
        return models.Update.objects.select_for_update().get(pk=number)
    except models.Update.DoesNotExist as error:
        raise RegisterError(
            _("There is no update {number}. List them to see which there are.", number=number)
        ) from error


def _chosen(update: models.Update, names: Collection[str] | None) -> dict[models.UpdateItem, Item]:
    if names is None:
        rows = update.items.filter(state="pending").exclude(kind__in=QUESTIONS)
    else:
        # What was rejected, now or before, may still be named: people change their minds.
        rows = update.items.exclude(state="accepted")
    wanted = None if names is None else set(names)
    chosen = {row: from_json(row.content) for row in rows if wanted is None or row.item in wanted}
    unknown = (wanted or set()) - {row.item for row in chosen}
    if unknown:
        raise RegisterError(
            _(
                "Update {number} has no item {items} to decide. It may have been accepted "
                "meanwhile: look at it again.",
                number=update.pk,
                items=", ".join(sorted(unknown)),
            )
        )
    return chosen


def _decide(rows: list[models.UpdateItem], state: str, *, by: Author, at: datetime) -> None:
    keys = [row.pk for row in rows]
    for begin in range(0, len(keys), 500):
        models.UpdateItem.objects.filter(pk__in=keys[begin : begin + 500]).update(
            state=state, decided_by=by.name, decided_at=at
        )


def _change(update: models.Update, item: Item, name: str) -> log.Change:
    return log.Change(
        action=f"update.{item.kind}",
        subject=item.institution,
        facts={"update": update.pk, "item": name, "name": item.name},
    )


def _applied(
    update: models.Update,
    counts: Mapping[str, int],
    refused: tuple[tuple[str, Words], ...],
) -> Applied:
    states = Counter(update.items.values_list("state", flat=True))
    return Applied(
        update=int(update.pk),
        accepted=states["accepted"],
        rejected=states["rejected"],
        pending=states["pending"],
        counts=dict(counts),
        refused=refused,
    )


def prove(
    account: str, proof: str, *, by: Author = COMMAND_LINE, at: datetime | None = None
) -> None:
    """Note who links to whom, the site to the account or it to the site, and when it was seen."""
    require(by, CHANGE_REGISTER)
    moment = at or timezone.now()
    with transaction.atomic():
        row = _account(account)
        row.proof, row.proved_at = proof, moment
        row.save(update_fields=["proof", "proved_at"])
        change = log.Change(action="account.prove", subject=account, facts={"proof": proof})
        log.write([change], by=by, at=moment)


def put_event(event: model.Event, *, by: Author = COMMAND_LINE) -> None:
    """Remember what breaks or explains a series; an event of the same name is replaced."""
    require(by, CHANGE_REGISTER)
    with transaction.atomic():
        models.Event.objects.update_or_create(
            event=event.event,
            defaults={
                "day": event.day,
                "kind": event.kind,
                "breaks_series": event.breaks_series,
                "network": event.network,
                "institution": _institution(event.institution) if event.institution else None,
                "account": _account(event.account) if event.account else None,
                "words": event.words,
            },
        )
        facts = {"day": event.day.isoformat(), "kind": event.kind, "words": event.words}
        change = log.Change(action="event.put", subject=event.event, facts=facts)
        log.write([change], by=by)


def note_identifier(account: str, identifier: str, *, by: Author = COMMAND_LINE) -> bool:
    """Remember the number a network gives an account, where none was known; return whether.

    A number that is known is not changed: another one means another account, which a person
    must look at.
    """
    require(by, CHANGE_REGISTER)
    with transaction.atomic():
        unnamed = models.Account.objects.filter(account=account, identifier__isnull=True)
        if not unnamed.update(identifier=identifier):
            return False
        facts = {"identifier": identifier}
        log.write([log.Change(action="account.identify", subject=account, facts=facts)], by=by)
    return True


def write_statement(statement: model.Statement, *, by: Author = COMMAND_LINE) -> None:
    """Keep an institution's reply to a published figure: what was said is not taken back."""
    require(by, CHANGE_REGISTER)
    mistake = mistake_of(statement.words.strip())
    if mistake is not None:
        raise RegisterError(mistake)
    with transaction.atomic():
        same = models.Statement.objects.filter(
            institution__slug=statement.institution,
            edition=statement.edition,
            words=statement.words,
        )
        if same.exists():
            raise RegisterError(_("These words are kept already, beside this row."))
        _row, is_new = models.Statement.objects.get_or_create(
            statement=statement.statement,
            defaults={
                "institution": _institution(statement.institution),
                "edition": statement.edition,
                "written_at": statement.written_at,
                "words": statement.words,
                "asks_correction": statement.asks_correction,
            },
        )
        if not is_new:
            raise RegisterError(_("This reply is kept already. Write another one."))
        facts = {"edition": statement.edition, "asks_correction": statement.asks_correction}
        change = log.Change(action="statement.write", subject=statement.institution, facts=facts)
        log.write([change], by=by)


def put_service(
    institution: str,
    name: str,
    *,
    correspondent: models.Person | None = None,
    deputy: models.Person | None = None,
    by: Author,
) -> models.Service:
    """Name an office of an institution, who answers for it, and who stands in."""
    require(by, CHANGE_REGISTER)
    if correspondent is not None and correspondent == deputy:
        raise RegisterError(
            _("{name} cannot stand in for themselves. Choose another deputy.",
              name=str(deputy))
        )  # fmt: skip
    with transaction.atomic():
        service, _is_new = models.Service.objects.update_or_create(
            institution=_institution(institution),
            name=name.strip(),
            defaults={"correspondent": correspondent, "deputy": deputy},
            create_defaults={
                "correspondent": correspondent,
                "deputy": deputy,
                "slug": free_slug(institution, name),
            },
        )
        facts = {
            "service": service.name,
            "correspondent": str(correspondent or ""),
            "deputy": str(deputy or ""),
        }
        log.write([log.Change(action="service.put", subject=institution, facts=facts)], by=by)
    return service


def _institution(slug: str) -> models.Institution:
    try:
        return models.Institution.objects.get(slug=slug)
    except models.Institution.DoesNotExist as error:
        raise RegisterError(_("{name} is not in the register. Add it first.", name=slug)) from error


def _account(key: str) -> models.Account:
    try:
        return models.Account.objects.get(account=key)
    except models.Account.DoesNotExist as error:
        raise RegisterError(
            _("The account {name} is not in the register. Add it first.", name=key)
        ) from error
