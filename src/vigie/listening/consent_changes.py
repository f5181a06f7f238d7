"""Asks authors for consent, and keeps what they answer. No yes is ever assumed.

What an author answers through their link is in the log by the number of the request, never with
the name they chose: the log is kept for good, and a name must go when its yes does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vigie.errors import ListeningError
from vigie.listening.consent_links import digest_of, is_ours, new_code, new_link
from vigie.listening.consenting import (
    ANSWER_WITHIN,
    LONGEST_CREDIT,
    Asking,
    may_answer,
    may_withdraw,
    mistakes_of,
    state,
)
from vigie.listening.models import Consent
from vigie.register import log
from vigie.register.rights import WRITE_LISTENING, Author, require
from vigie.words import _

AUTHOR = Author(name="author of the post")
"""Who answers a link, in the log: nobody knows more of them."""
KEPT_UNANSWERED = timedelta(days=30)
"""How long a request without an answer is kept once its link is over."""


@dataclass(frozen=True, kw_only=True)
class Requested:
    """A request, and the token of its link: told once."""

    consent: Consent
    token: str


def ask(asking: Asking, *, by: Author, at: datetime | None = None) -> Requested:
    """Make a request for the author of a post, with a link that only they should get."""
    require(by, WRITE_LISTENING)
    moment = at or timezone.now()
    for words in mistakes_of(asking, today=moment.date()).values():
        raise ListeningError(words)
    assert asking.used_until is not None  # a mistake otherwise
    with transaction.atomic():
        _require_unasked(asking, moment)
        link = new_link(until=asking.used_until)
        row = Consent.objects.create(
            network=asking.network,
            post=asking.post,
            url=asking.url,
            purpose=asking.purpose,
            scope=asking.scope,
            used_until=asking.used_until,
            way=asking.way,
            code=new_code() if asking.way == "reply" else "",
            asked_at=moment,
            asked_by=by.name,
            token_digest=link.digest,
            expires_at=moment + ANSWER_WITHIN,
        )
        facts = {"network": row.network, "post": row.post, "scope": row.scope, "way": row.way}
        _log("consent.ask", row, facts, by=by, at=moment)
    return Requested(consent=row, token=link.token)


def _require_unasked(asking: Asking, now: datetime) -> None:
    """Refuse to ask again who said no, who took a yes back, or who still has a link."""
    rows = Consent.objects.filter(network=asking.network, post=asking.post)
    for row in rows.select_for_update():
        stands = state(row, now)
        if stands in ("no", "withdrawn"):
            raise ListeningError(
                _("The author of this post said no, or took a yes back. They are not asked again.")
            )
        if stands == "waiting" and row.scope == asking.scope:
            raise ListeningError(
                _("The author of this post was asked already. Wait for the answer.")
            )
        if stands == "expired":
            row.delete()


def answer(token: str, *, is_yes: bool, credit: str = "", at: datetime | None = None) -> Consent:
    """Keep what an author answers: a yes with the name they choose, or a no."""
    moment = at or timezone.now()
    named = " ".join(credit.split())
    if len(named) > LONGEST_CREDIT:
        raise ListeningError(
            _("A name holds at most {most} characters. Shorten it.", most=LONGEST_CREDIT)
        )
    with transaction.atomic():
        row = _of(token, moment)
        if not may_answer(row, moment):
            raise ListeningError(_("This request was answered, or its time is over."))
        row.answer, row.answered_at = ("yes" if is_yes else "no"), moment
        row.credit = named if is_yes else ""
        row.save(update_fields=["answer", "answered_at", "credit"])
        _log(f"consent.{row.answer}", row, {}, by=AUTHOR, at=moment)
    return row


def withdraw(token: str, *, at: datetime | None = None) -> Consent:
    """Take a yes back: from now on the post is not used, and its author not named."""
    moment = at or timezone.now()
    with transaction.atomic():
        row = _of(token, moment)
        if not may_withdraw(row, moment):
            raise ListeningError(_("There is no yes to take back."))
        row.withdrawn_at, row.credit = moment, ""
        row.save(update_fields=["withdrawn_at", "credit"])
        _log("consent.withdraw", row, {}, by=AUTHOR, at=moment)
    return row


def confirm(consent: int, *, by: Author, at: datetime | None = None) -> Consent:
    """Note that the code of a public request came from the author's own account."""
    require(by, WRITE_LISTENING)
    moment = at or timezone.now()
    with transaction.atomic():
        row = _row(consent)
        if state(row, moment) != "unconfirmed":
            raise ListeningError(_("There is no yes to confirm."))
        row.confirmed_at, row.confirmed_by = moment, by.name
        row.save(update_fields=["confirmed_at", "confirmed_by"])
        _log("consent.confirm", row, {}, by=by, at=moment)
    return row


def take_back(consent: int, *, by: Author, at: datetime | None = None) -> None:
    """Take a request back that nobody answered: its link leads nowhere."""
    require(by, WRITE_LISTENING)
    moment = at or timezone.now()
    with transaction.atomic():
        row = _row(consent)
        if row.answer:
            raise ListeningError(
                _("The author has answered: what they said is kept, not the request taken back.")
            )
        _log("consent.take_back", row, {}, by=by, at=moment)
        row.delete()


def forget_over(*, at: datetime) -> int:
    """Forget unanswered requests long over, and names whose use is over; return how many."""
    stale = Consent.objects.filter(answer="", expires_at__lt=at - KEPT_UNANSWERED)
    erased, _each = stale.delete()
    named = Consent.objects.exclude(credit="").filter(used_until__lt=at.date())
    return erased + named.update(credit="")


def of_token(token: str, *, now: datetime) -> Consent | None:
    """Return the request a link belongs to; none when the link is not ours or is over."""
    if not is_ours(token, now=now):
        return None
    return Consent.objects.filter(token_digest=digest_of(token)).first()


def _of(token: str, now: datetime) -> Consent:
    found = of_token(token, now=now)
    if found is None:
        raise ListeningError(_("This link leads nowhere, or its time is over."))
    return Consent.objects.select_for_update().get(pk=found.pk)


def _row(consent: int) -> Consent:
    try:
        return Consent.objects.select_for_update().get(pk=consent)
    except Consent.DoesNotExist as error:
        raise ListeningError(_("There is no such request. Look at the list again.")) from error


def _log(action: str, row: Consent, facts: log.Facts, *, by: Author, at: datetime) -> None:
    change = log.Change(action=action, subject=f"consent {row.pk}", facts=facts)
    log.write([change], by=by, at=at)
