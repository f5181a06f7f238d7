"""What people keep of what the inbox taught: entries for the FAQ, and what was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.db import transaction

from vigie.errors import ForbiddenError, InboxError
from vigie.inbox.causes import proposed_answer
from vigie.inbox.changes import Hand
from vigie.inbox.models import Change, FaqDraft, Topic
from vigie.inbox.visible import Eyes
from vigie.register import log
from vigie.register.models import Service
from vigie.register.rights import APPROVE_INBOX
from vigie.words import LANGUAGES, _

LONGEST = 4_000
ByLanguage = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Said:
    """What people said, what was changed, since when, and whether everybody may read it."""

    said: ByLanguage
    changed: ByLanguage
    changed_on: date
    topic: int | None = None
    is_public: bool = False


def may_teach(eyes: Eyes, service: Service) -> bool:
    """Whether these eyes may write what a service says to everybody: who lets replies go out."""
    if service.pk in eyes.services_with(APPROVE_INBOX):
        return True
    return not service.is_confidential and eyes.author.may(APPROVE_INBOX)


def _require(hand: Hand, service: Service) -> None:
    if not may_teach(hand.eyes, service):
        raise ForbiddenError(
            _(
                "{name} may not write for {service} ({right}). Ask an administrator for the role "
                "it needs.",
                name=hand.eyes.author.name,
                service=str(service),
                right=APPROVE_INBOX,
            )
        )


def draft_entry(
    service: Service, question: str, keys: Sequence[int], *, language: str, hand: Hand
) -> FaqDraft:
    """Begin an entry of the FAQ from a repeated question and the answers that were given."""
    _require(hand, service)
    with transaction.atomic():
        made = FaqDraft.objects.create(
            service=service,
            question={language: question},
            answer={language: proposed_answer(keys)},
            conversations=list(keys),
            at=hand.now,
        )
        _note("faq.draft", made, hand, asked=len(keys))
    return made


def keep_entry(
    draft: FaqDraft, *, question: ByLanguage, answer: ByLanguage, url: str, hand: Hand
) -> FaqDraft:
    """Keep the words of an entry, and the page that answers it."""
    _require(hand, draft.service)
    asked = _texts(question)
    if not asked:
        raise InboxError(_("Write the question first, in one language at least."))
    with transaction.atomic():
        row = FaqDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
        row.question, row.answer, row.url = asked, _texts(answer), _address(url)
        row.save()
        _note("faq.keep", row, hand)
    return row


def publish_entry(draft: FaqDraft, *, hand: Hand) -> FaqDraft:
    """Say that a page answers the question now: it needs an address and an answer."""
    _require(hand, draft.service)
    if not draft.url:
        raise InboxError(_("Give the address of the page that answers it now."))
    if not draft.answer:
        raise InboxError(_("Write the answer first, in one language at least."))
    return _state(draft, "published", hand=hand)


def drop_entry(draft: FaqDraft, *, hand: Hand) -> FaqDraft:
    """Put an entry aside."""
    _require(hand, draft.service)
    return _state(draft, "dropped", hand=hand)


def take_up_entry(draft: FaqDraft, *, hand: Hand) -> FaqDraft:
    """Make an entry a draft again."""
    _require(hand, draft.service)
    return _state(draft, "draft", hand=hand)


def _state(draft: FaqDraft, state: str, *, hand: Hand) -> FaqDraft:
    with transaction.atomic():
        row = FaqDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
        row.state = state
        row.save(update_fields=["state"])
        _note(f"faq.{state}", row, hand)
    return row


def note_change(
    service: Service, given: Said, *, hand: Hand, change: Change | None = None
) -> Change:
    """Write down what a service changed because of what people said, or mend it."""
    _require(hand, service)
    if change is not None:
        _require(hand, change.service)
    said, changed = _texts(given.said), _texts(given.changed)
    if not said or not changed:
        raise InboxError(
            _("Write what people said and what was changed, in one language at least.")
        )
    if given.changed_on > hand.now.date():
        raise InboxError(_("Choose a day that is over: what is to come has changed nothing yet."))
    with transaction.atomic():
        row = change or Change(by=hand.eyes.author.name)
        row.service, row.topic = service, _topic(service, given.topic)
        row.said, row.changed, row.changed_on = said, changed, given.changed_on
        row.is_public, row.at = given.is_public, hand.now
        row.save()
        _note("change.keep", row, hand, is_public=given.is_public)
    return row


def erase_change(change: Change, *, hand: Hand) -> None:
    """Take a change out of the list."""
    _require(hand, change.service)
    with transaction.atomic():
        _note("change.erase", change, hand)
        change.delete()


def _topic(service: Service, number: int | None) -> Topic | None:
    if number is None:
        return None
    found = Topic.objects.filter(pk=number, service=service).first()
    if found is None:
        raise InboxError(_("This topic is not one of the service that answers. Choose another."))
    return found


def _texts(given: ByLanguage) -> dict[str, str]:
    found = {language: given.get(language, "").strip()[:LONGEST] for language in LANGUAGES}
    return {language: text for language, text in found.items() if text}


def _address(url: str) -> str:
    wanted = url.strip()[:500]
    if not wanted:
        return ""
    parts = urlsplit(wanted)
    is_whole = parts.scheme in ("http", "https") and bool(parts.netloc)
    if not is_whole or any(sign in wanted for sign in ' <>"'):
        raise InboxError(
            _("{url} is no address of a page. Write it whole, with https://.", url=wanted)
        )
    return wanted


def _note(action: str, row: FaqDraft | Change, hand: Hand, **facts: object) -> None:
    service = str(row.service)
    change = log.Change(
        action=action, subject=f"{type(row).__name__.lower()} {row.pk}",
        facts={"service": service, **facts},
    )  # fmt: skip
    log.write([change], by=hand.eyes.author, at=hand.now)
