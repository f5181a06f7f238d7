"""One question after closing, asked once on the person’s own channel: were you helped?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import compare_digest

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from vigie.errors import InboxError
from vigie.inbox.answering import longest
from vigie.inbox.models import Contact, Conversation, Message, Satisfaction
from vigie.inbox.owing import Terms, window_end
from vigie.inbox.tokens import SATISFACTION, digest_of, is_ours, new_nonce, token_of
from vigie.settings import Settings
from vigie.words import LANGUAGES, Words, _, say

KINDS = ("mail", "form", "direct")
"""Where people are asked: never in public."""
WAIT = timedelta(hours=2)
"""After closing: what is opened again at once was not done."""
WITHIN = timedelta(days=3)
"""Later nobody remembers."""
TERM = timedelta(days=90)
"""Nobody is asked twice in it, whatever they asked: a term of the academic year."""
LASTS = timedelta(days=30)
MAY_CHANGE = timedelta(days=7)
"""How long an answer may be changed by whoever gave it."""
MOST_LETTERS = 2_000
NONCE = "satisfaction"
"""The fact of a message that its link is made of when it leaves."""
ELIDED = "/satisfaction/…/"
"""What stands in the place of the link in the words that are kept: colleagues read them."""
SCORES: Mapping[int, Words] = {
    5: _("Very well"),
    4: _("Well"),
    3: _("Neither well nor badly"),
    2: _("Badly"),
    1: _("Very badly"),
}


def ask_helped(settings: Settings, *, terms: Terms) -> int:
    """Ask those whose conversation was closed a while ago; return how many."""
    asked: set[int] = set()
    for row in to_ask(terms.now):
        ends = window_end(row, now=terms.now)
        if row.contact_id in asked or (ends is not None and ends <= terms.now):
            continue
        asked.add(row.contact_id)
        with transaction.atomic():
            # One worker at a time with one person: another may have asked them meanwhile.
            Contact.objects.select_for_update(no_key=True).filter(pk=row.contact_id).first()
            if to_ask(terms.now).filter(pk=row.pk).exists():
                _ask(row, settings, terms.now)
    return len(asked)


def to_ask(now: datetime) -> QuerySet[Conversation]:
    """Return what people closed after answering, of contacts who were not asked for a term."""
    recent = Satisfaction.objects.filter(
        conversation__contact=OuterRef("contact"), asked_at__gt=now - TERM
    )
    asking = Message.objects.filter(
        conversation=OuterRef("pk"), direction="in", is_automatic=False, handle__isnull=False
    )
    # What was closed before it came here was asked there, or was not to be.
    before = asking.filter(received_at__gt=OuterRef("closed_at"))
    return (
        Conversation.objects.filter(
            Exists(asking), ~Exists(before), ~Exists(recent), state="closed",
            kind__in=KINDS, is_public=False, closed_at__gt=now - WITHIN, closed_at__lte=now - WAIT,
            answered_at__isnull=False, merged_into__isnull=True, satisfaction__isnull=True,
            box__asks_satisfaction=True, contact__forgotten_at__isnull=True,
        )
        .exclude(contact__consent="refused")
        .select_related("box", "service", "contact")
        .order_by("closed_at", "pk")
    )  # fmt: skip


def _ask(row: Conversation, settings: Settings, now: datetime) -> None:
    nonce = new_nonce()
    last = row.messages.filter(direction="in").order_by("-said_at", "-id").first()
    words = _words(row, settings)
    limit = longest(row)
    if last is None or (limit is not None and len(words) + len(token_for(nonce, now)) > limit):
        return
    with transaction.atomic():
        Satisfaction.objects.create(
            conversation=row, digest=digest_of(token_for(nonce, now)), asked_at=now
        )
        Message.objects.create(
            conversation=row, box=last.box, direction="out", key=f"helped{nonce}",
            answers_to=last.key, words=words, is_automatic=True, said_at=now, received_at=now,
            state="due", next_try_at=now, facts={**last.facts, NONCE: nonce},
        )  # fmt: skip


def _words(row: Conversation, settings: Settings) -> str:
    language = row.language if row.language in LANGUAGES else settings.language
    name = str(row.service) if row.service else str(row.box.institution)
    return say(
        _("Hello, you wrote to {name}. Were you helped? One question, if you like: {address} You "
          "are not reminded.", name=name,
          address=f"{settings.site}{ELIDED}?language={language}"), language,
    )  # fmt: skip


def token_for(nonce: str, asked: datetime) -> str:
    """Return the token of the link that asks: the same whenever it is written."""
    return token_of(nonce, ends=asked + LASTS, purpose=SATISFACTION)


def worded(message: Message) -> str:
    """Return the words of a message as they leave: with the link where it asks this question."""
    nonce = message.facts.get(NONCE, "")
    if not nonce:
        return message.words
    return message.words.replace(ELIDED, f"/satisfaction/{token_for(nonce, message.said_at)}/")


def of_token(token: str) -> Satisfaction | None:
    """Return the question of a token; none for one that the site did not make."""
    if not is_ours(token, purpose=SATISFACTION):
        return None
    digest = digest_of(token)
    rows = Satisfaction.objects.filter(digest=digest)
    row = rows.select_related("conversation__service", "conversation__box__institution",
                              "conversation__contact").first()  # fmt: skip
    return row if row is not None and compare_digest(row.digest, digest) else None


def may_say(row: Satisfaction, *, now: datetime) -> bool:
    """Whether the question may still be answered, or its answer changed."""
    if row.conversation.contact.forgotten_at is not None or now >= row.asked_at + LASTS:
        return False
    return row.answered_at is None or now < row.answered_at + MAY_CHANGE


def keep(row: Satisfaction, *, score: int | None, words: str, now: datetime) -> None:
    """Keep an answer, or change it while that may be."""
    if not may_say(row, now=now):
        raise InboxError(_("The time to answer this question is over. Thank you all the same."))
    if score not in SCORES:
        raise InboxError(_("Choose one of the five answers."))
    Satisfaction.objects.filter(pk=row.pk).update(
        score=score, words=words.strip()[:MOST_LETTERS], answered_at=row.answered_at or now
    )
