"""Boxes: connecting one, opening its channel, and the office that admits what comes in by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify

from vigie.errors import InboxError, PluginError, SecretError
from vigie.inbox.admission import Office
from vigie.inbox.channel import Channel, known_channels
from vigie.inbox.forgetting import marks
from vigie.inbox.models import Box, Rule
from vigie.inbox.owing import terms
from vigie.inbox.routing import Rule as Routed
from vigie.inbox.routing import understood
from vigie.inbox.understanding import by_rules
from vigie.register import log
from vigie.register.models import Institution, Service
from vigie.register.rights import COMMAND_LINE, CONNECT_INBOX, Author, require
from vigie.sealing import Seal, open_seal
from vigie.secret import kept_secret
from vigie.settings import Settings
from vigie.words import _

MARK_KEY = "inbox-mark-key"
SHOWN_LETTERS = 4


def member_of(box: Box) -> type[Channel]:
    """Return the channel a box is of."""
    try:
        return known_channels()[box.channel]
    except KeyError as error:
        raise PluginError(
            _("There is no channel {channel}. The channels are: {channels}.",
              channel=box.channel, channels=", ".join(known_channels()))
        ) from error  # fmt: skip


def opened(box: Box, settings: Settings) -> Channel:
    """Return a box's channel with its secrets opened."""
    secrets = _unsealed(box, open_seal(settings))
    return member_of(box)({**box.options, **secrets}, address=box.address)


def carrier(box: Box, settings: Settings) -> Channel:
    """Return the channel by which the answers of a box go out: its own, or that of another box."""
    named = box.options.get(member_of(box).sends_by, "")
    if not named:
        return opened(box, settings)
    other = Box.objects.filter(name=named).first()
    if other is None or member_of(other).sends_by:
        raise InboxError(
            _("The box {name}, by which answers from {box} go out, is not connected. Connect it, "
              "or name another one.", name=named, box=box.label)
        )  # fmt: skip
    return opened(other, settings)


def put_box(
    channel: str,
    *,
    institution: Institution,
    label: str,
    address: str,
    options: Mapping[str, str],
    settings: Settings,
    service: Service | None = None,
    needs_approval: bool | None = None,
    asks_satisfaction: bool | None = None,
    box: Box | None = None,
    by: Author = COMMAND_LINE,
    now: datetime,
) -> Box:
    """Connect a box, or change one: secrets are sealed, what is not given stays as it was."""
    require(by, CONNECT_INBOX)
    row = box or Box(channel=channel, institution=institution)
    member = member_of(row)
    secret = {option.name for option in member.options if option.is_secret}
    known = {option.name for option in member.options}
    given = {name: value.strip() for name, value in options.items() if value.strip()}
    unknown = sorted(set(given) - known)
    if unknown or not label.strip():
        raise InboxError(
            _("A box needs a name, and {channel} has no option {names}.",
              channel=member.label, names=", ".join(unknown) or "–")
        )  # fmt: skip
    seal = open_seal(settings)
    # Only when some of it stays must the old seal still open.
    is_new = bool(row.hints) and not set(row.hints) - set(given)
    before = {} if is_new else _unsealed(row, seal)
    sealed = {**before, **{name: value for name, value in given.items() if name in secret}}
    row.options = {**row.options, **{n: v for n, v in given.items() if n not in secret}}
    _require_whole(member, {**row.options, **sealed})
    row.label, row.address, row.service = label.strip(), address.strip(), service
    if asks_satisfaction is not None:
        row.asks_satisfaction = asks_satisfaction
    if needs_approval is not None:
        row.needs_approval = needs_approval
    row.state, row.failure, row.misses = "new", None, 0
    row.sealed = seal.close(sealed) if sealed else ""
    row.hints = {
        **row.hints,
        **{n: _hint(v, now.date()) for n, v in given.items() if n in secret},
    }
    with transaction.atomic():
        row.name = row.name or _free_name(label)
        row.save()
        facts = {"channel": row.channel, "address": row.address, "secrets": sorted(sealed)}
        log.write([log.Change(action="inbox.box", subject=row.name, facts=facts)], by=by, at=now)
    return row


def _unsealed(box: Box, seal: Seal) -> Mapping[str, str]:
    """Return the secret options of a box, opened."""
    if not box.sealed:
        return {}
    try:
        return seal.open(box.sealed, name=box.label)
    except SecretError as error:
        raise SecretError(
            _("What was entered in secret for {box} cannot be opened: the key that sealed it is "
              "not among token_keys. Put the old key back behind the new one, or enter it again "
              "on the page of the box.", box=box.label)
        ) from error  # fmt: skip


def _require_whole(member: type[Channel], options: Mapping[str, str]) -> None:
    missing = [one for one in member.options if one.is_needed and not options.get(one.name)]
    if missing:
        raise InboxError(
            _("{channel} cannot be connected without: {option}.",
              channel=member.label, option=missing[0].label)
        )  # fmt: skip


def _hint(value: str, day: date) -> list[str]:
    return [value[-SHOWN_LETTERS:] if len(value) > 3 * SHOWN_LETTERS else "", day.isoformat()]


def _free_name(label: str) -> str:
    wanted = slugify(label)[:70] or "box"
    taken = set(Box.objects.filter(name__startswith=wanted).values_list("name", flat=True))
    names = (f"{wanted}-{number}" if number else wanted for number in range(len(taken) + 1))
    return next(name for name in names if name not in taken)


def office_of(box: Box, *, settings: Settings, now: datetime) -> Office:
    """Return what admits the messages of a box: rules in order, services by kind, clocks."""
    rules = Rule.objects.filter(institution=box.institution_id, is_on=True)
    services = Service.objects.filter(institution=box.institution_id, is_active=True)
    return Office(
        home=settings.home,
        rules=tuple(
            Routed(
                rule=row.pk,
                name=row.name,
                conditions=understood(row.conditions),
                service=row.service_id,
                urgency=row.urgency,
            )
            for row in rules
        ),
        services={row.kind: row.pk for row in services.exclude(kind="").order_by("-pk")},
        slugs={row.slug: row.pk for row in services.exclude(slug="")},
        terms=terms(zone=settings.zone, now=now),
        understand=by_rules,
        mark=marks(kept_secret(settings.home, MARK_KEY)),
        now=now,
    )
