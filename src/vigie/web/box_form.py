"""The form of a box, made from what its channel asks for; what is secret is never shown again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vigie.inbox.channel import Channel
from vigie.inbox.models import Box
from vigie.register.models import Institution, Service
from vigie.web.options import FIELD, Field
from vigie.words import Words, _


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A box as it was entered."""

    institution: Institution | None
    label: str
    address: str
    options: Mapping[str, str]
    service: Service | None
    needs_approval: bool
    asks_satisfaction: bool


def fields(
    member: type[Channel], box: Box | None, posted: Mapping[str, str]
) -> tuple[list[Field], list[Field]]:
    """Return what a person fills in, and what is seldom changed."""
    own: list[Field] = []
    seldom: list[Field] = []
    for option in member.options:
        ends, day = (box.hints.get(option.name) if box else None) or ("", "")
        kept = "" if option.is_secret else (box.options if box else {}).get(option.name, "")
        shown = "" if option.is_secret else posted.get(FIELD + option.name, kept) or option.default
        field = Field(
            name=option.name,
            label=option.label,
            is_secret=option.is_secret,
            is_required=option.is_needed and not day,
            value=shown,
            ends=ends,
            entered_on=date.fromisoformat(day) if day else None,
            is_in_settings=False,
        )
        (seldom if option.default or not option.is_needed else own).append(field)
    return own, seldom


def entered(
    given: Mapping[str, str], member: type[Channel], box: Box | None
) -> tuple[Wanted, dict[str, Words]]:
    """Read the form; beside each field stands what is wrong with it."""
    institution = box.institution if box else _institution(given.get("institution", ""))
    options = {
        option.name: given.get(FIELD + option.name, "").strip()
        for option in member.options
        if given.get(FIELD + option.name, "").strip() not in ("", option.default)
    }
    wanted = Wanted(
        institution=institution,
        label=given.get("label", "").strip()[:200],
        address=given.get("address", "").strip()[:320],
        options=options,
        service=_service(given.get("service", ""), institution),
        needs_approval=bool(given.get("needs_approval")),
        asks_satisfaction=not given.get("asks_nobody"),
    )
    return wanted, _mistakes(wanted, member, box)


def _mistakes(wanted: Wanted, member: type[Channel], box: Box | None) -> dict[str, Words]:
    mistakes: dict[str, Words] = {}
    if not wanted.label:
        mistakes["label"] = _("Say what people call this box: Questions, for example.")
    if wanted.institution is None:
        mistakes["institution"] = _("Choose the institution that is written to.")
    if not wanted.address and member.has_address:
        mistakes["address"] = _("Give the mail address or the account that people write to.")
    for option in member.options:
        known = box is not None and (option.name in box.options or option.name in box.hints)
        if (
            option.is_needed
            and not option.default
            and not known
            and option.name not in wanted.options
        ):
            mistakes[FIELD + option.name] = _("This is needed.")
    return mistakes


def _institution(slug: str) -> Institution | None:
    return Institution.objects.filter(slug=slug).first()


def _service(key: str, institution: Institution | None) -> Service | None:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return Service.objects.filter(institution=institution, pk=int(key)).first()
