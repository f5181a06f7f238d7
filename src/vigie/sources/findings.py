"""What was found of institutions' accounts, and what people decided of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from vigie import model
from vigie.collect.proof import PROOFS, TWO_WAY, Proof
from vigie.errors import RegisterError
from vigie.register import log
from vigie.register import models as register
from vigie.register.changes import apply_items, prove
from vigie.register.item import Item
from vigie.register.rights import CHANGE_REGISTER, COMMAND_LINE, RUN_SOURCES, Author, require
from vigie.sources.models import Finding, Look
from vigie.sources.turns import make_due
from vigie.words import LANGUAGES, Words, _, say

DISCOVER = "discover"
"""The kind of work; its subject is the institution."""
SOURCE = "discovery"
"""What brought an account, as the register says it."""


class Looked(Protocol):
    """What a look at an institution's site showed."""

    @property
    def institution(self) -> str: ...
    @property
    def site(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def proofs(self) -> Sequence[Proof]: ...
    @property
    def pages(self) -> Sequence[str]: ...
    @property
    def failures(self) -> Sequence[Words]: ...


def note(looked: Looked) -> None:
    """Keep what a look showed; written by machines, so not in the log.

    What was rejected stays so unless its evidence changed. What is no longer found and nobody
    decided on is forgotten, but not because a site did not answer.
    """
    with transaction.atomic():
        Look.objects.update_or_create(
            institution=looked.institution,
            defaults={
                "at": looked.at,
                "site": looked.site,
                "pages": list(looked.pages),
                "failures": [_by_language(words) for words in looked.failures],
            },
        )
        if not looked.pages:
            return
        known = {row.account: row for row in Finding.objects.filter(institution=looked.institution)}
        for proof in looked.proofs:
            _put(proof, known.pop(proof.account, None), looked)
        gone = [row.pk for row in known.values() if row.state != "rejected"]
        Finding.objects.filter(pk__in=gone).delete()


def _put(proof: Proof, row: Finding | None, looked: Looked) -> None:
    mark = mark_of(proof)
    row = row or Finding(institution=looked.institution, account=proof.account)
    state = _state(proof, row, mark)
    if state != row.state:
        row.decided_by, row.decided_at = "", None
    row.state, row.mark = state, mark
    row.network, row.url = proof.address.network, proof.address.url
    row.handle, row.identifier = proof.address.handle, proof.identifier
    row.name, row.followers = proof.name, proof.followers
    row.verdict, row.evidence = proof.verdict, _evidence(proof)
    row.is_idle, row.latest_post = proof.is_idle, proof.latest_post
    row.found_at = looked.at
    row.save()


def _state(proof: Proof, row: Finding, mark: str) -> str:
    if proof.is_known:
        return "accepted"
    return "rejected" if row.state == "rejected" and row.mark == mark else "pending"


def mark_of(proof: Proof) -> str:
    """Return what tells other evidence from the same: not where it stands, but what it is."""
    told = [proof.verdict, *sorted({one.kind for one in proof.found})]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def _evidence(proof: Proof) -> Mapping[str, object]:
    return {
        "named": [
            {"page": one.page, "said": _by_language(one.said), "words": one.words}
            for one in proof.found
            if one.kind != "guess"
        ],
        "reasons": [_by_language(words) for words in proof.reasons],
    }


def _by_language(words: Words) -> dict[str, str]:
    return {language: say(words, language) for language in LANGUAGES}


def accept(finding: int, *, by: Author = COMMAND_LINE, at: datetime | None = None) -> Finding:
    """Put an account into the register with its proof; of one that is there, note the proof."""
    require(by, CHANGE_REGISTER)
    moment = at or timezone.now()
    with transaction.atomic():
        row = _finding(finding)
        if not _is_registered(row):
            _add(row, by=by, at=moment)
        proof = PROOFS.get(row.verdict, "")
        if proof:
            prove(row.account, proof, by=by, at=moment)
        _decide(row, "accepted", by=by, at=moment)
    return row


def accept_proved(
    institution: str, *, by: Author = COMMAND_LINE, at: datetime | None = None
) -> tuple[list[Finding], list[Words]]:
    """Accept what is proved both ways; return it, and why other such accounts were refused."""
    proved = Finding.objects.filter(institution=institution, verdict=TWO_WAY)
    accepted, refused = [], []
    for row in proved.exclude(state="rejected"):
        if row.state == "accepted" and proof_kept(row) == PROOFS[TWO_WAY]:
            continue
        try:
            accepted.append(accept(row.pk, by=by, at=at))
        except RegisterError as error:
            refused.append(error.words)
    return accepted, refused


def reject(finding: int, *, by: Author = COMMAND_LINE, at: datetime | None = None) -> Finding:
    """Remember that an account is not the institution's: it is not asked about again."""
    require(by, CHANGE_REGISTER)
    with transaction.atomic():
        row = _finding(finding)
        if _is_registered(row):
            raise RegisterError(
                _(
                    "{account} is in the register. If it is not the institution's, close it there.",
                    account=row.account,
                )
            )
        _decide(row, "rejected", by=by, at=at or timezone.now())
    return row


def look_again(institution: str, *, by: Author, at: datetime | None = None) -> None:
    """Have an institution's site looked at by the next free worker."""
    require(by, RUN_SOURCES)
    moment = at or timezone.now()
    row = _institution(institution)
    if not (row.website or "").strip():
        raise RegisterError(
            _(
                "The register gives no web site of {name}: there is nowhere to look. Add it first.",
                name=row.name,
            )
        )
    with transaction.atomic():
        make_due(DISCOVER, "", institution, now=moment)
        change = log.Change(action="discovery.look", subject=institution, facts={})
        log.write([change], by=by, at=moment)


def proof_kept(row: Finding) -> str | None:
    """Return the proof that the register has of an account; none: it is not in the register."""
    kept = register.Account.objects.filter(account=row.account, closed_on__isnull=True)
    return kept.filter(institution__slug=row.institution).values_list("proof", flat=True).first()


def _is_registered(row: Finding) -> bool:
    return proof_kept(row) is not None


def _add(row: Finding, *, by: Author, at: datetime) -> None:
    account = model.Account(
        account=row.account,
        institution=row.institution,
        network=row.network,
        handle=row.handle,
        identifier=row.identifier,
        url=row.url or None,
        name=row.name,
    )
    name = _institution(row.institution).name
    item = Item(
        kind="account_new", institution=row.institution, name=name, accounts=(account,)
    )  # fmt: skip
    outcome = apply_items([item], source=SOURCE, by=by, at=at)
    for _item, words in outcome.refused:
        raise RegisterError(words)


def _decide(row: Finding, state: str, *, by: Author, at: datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, by.name, at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    facts = {"account": row.account, "verdict": row.verdict}
    change = log.Change(action=f"finding.{state}", subject=row.institution, facts=facts)
    log.write([change], by=by, at=at)


def _finding(number: int) -> Finding:
    try:
        return Finding.objects.select_for_update().get(pk=number)
    except Finding.DoesNotExist as error:
        raise RegisterError(
            _("This account is no longer among those found. Look at the list again.")
        ) from error


def _institution(slug: str) -> register.Institution:
    try:
        return register.Institution.objects.get(slug=slug)
    except register.Institution.DoesNotExist as error:
        raise RegisterError(_("{name} is not in the register. Add it first.", name=slug)) from error
