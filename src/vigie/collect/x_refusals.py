"""What the refusals of X mean, and what to do about each."""

from __future__ import annotations

from vigie.collect.connector import Ask
from vigie.collect.nested import Item
from vigie.collect.received import Refusal
from vigie.errors import BusyError, DeniedError, MissingError, RefusedError
from vigie.words import _

MISSING = "/resource-not-found"
HIDDEN = ("/not-authorized-for-resource", "/resource-unavailable", "/disallowed-resource")
"""How the kinds of problems end that X finds in a question it otherwise answers."""


def meaning(refusal: Refusal) -> RefusedError | None:
    """Return what a refusal of X means; none where its status says enough."""
    status, said = refusal.status, refusal.body.text("detail") or refusal.said
    if status == 401:
        words = _(
            "X refused the bearer token. Copy the token of the app anew from the developer "
            "console and enter it as bearer_token."
        )
        return DeniedError(words, status=status, said=said)
    if status == 402 or "CreditsDepleted" in refusal.said:
        words = _(
            "The credits for X are used up. Buy more in the developer console, or wait; what is "
            "missing is asked for at the next run."
        )
        return BusyError(words, status=status, said=said)
    if status == 403:
        words = _(
            "X does not allow this app to ask for this: {said} Look at the app's access in the "
            "developer console.",
            said=said,
        )
        return DeniedError(words, status=status, said=said)
    if status == 429 and "UsageCapExceeded" in refusal.said:
        words = _("The posts that X allows in this month are used up.")
        return BusyError(words, status=status, said=said, until=refusal.until)
    return None


def refuse_unknown(ask: Ask, body: Item, status: int) -> None:
    """Refuse the answer about an account that X does not know: it comes as a success."""
    if ask.stream in ("check", "search", "replies") or body.at("data").value is not None:
        return
    said = body.text("errors", 0, "detail") or ""
    kind = body.name("errors", 0, "type") or ""
    if kind.endswith(MISSING):
        words = _(
            "X does not know {handle}. Correct it in the register.",
            handle=ask.subject.handle or ask.subject.identifier,
        )
        raise MissingError(words, status=status, said=said)
    if kind.endswith(HIDDEN):
        words = _(
            "X does not show {handle}: the account is protected or suspended.",
            handle=ask.subject.handle or ask.subject.identifier,
        )
        raise MissingError(words, status=status, said=said)
