"""What a mail to someone who answers says: the question, what is due and when, and the link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_timedelta

from vigie.inbox.clock import elapsed
from vigie.inbox.entrusting import reply_box
from vigie.inbox.links import OPEN, address_of, standing
from vigie.inbox.models import AnswerLink, Conversation, Mailing, Message, Note
from vigie.inbox.owing import Terms
from vigie.present.writing import Day, Moment
from vigie.register.telling import Letter
from vigie.settings import Settings
from vigie.words import Words, _, plural, say

MARK = "##-"
"""Begins and ends the line above which an answer by mail is written."""
MOST_LETTERS = 3_000
"""Of a message that a mail quotes; the page has all of it."""
SHORT = 60
MOST_LISTED = 30
"""Questions that one mail lists."""


@dataclass(frozen=True)
class Lasting:
    """A length of time inside a sentence: 3 hours."""

    value: timedelta

    def spoken(self, language: str) -> str:
        """Say it."""
        return format_timedelta(self.value, threshold=1.2, locale=language)


def letter_of(mailing: Mailing, *, settings: Settings, terms: Terms) -> Letter | None:
    """Write a mail with links; none where nothing is left to ask."""
    related = ("conversation__service", "conversation__box", "conversation__contact", "person")
    links = [
        link
        for link in mailing.links.select_related(*related).order_by("conversation__expires_at")
        if standing(link, now=terms.now) == OPEN
    ]
    if not links:
        return None
    language = mailing.to.language or settings.language
    why = _why(mailing)
    if len(links) > 1:
        return _many(mailing, links, why, language, settings, terms)
    return _one(mailing, links[0], why, language, settings, terms)


def _why(mailing: Mailing) -> list[Words]:
    """Say to a deputy why the question comes to them, or what became of a reply."""
    if mailing.kind == "returned":
        note = Note.objects.filter(pk=mailing.facts.get("note", 0)).first()
        said = _("Your reply was not sent. Please write another.")
        return [said] if note is None else [said, _("Why: {words}", words=note.words)]
    if mailing.kind != "deputy":
        return []
    name = str(mailing.facts.get("instead_of", ""))
    if mailing.facts.get("is_absent"):
        return [_("{name} is absent: please answer as the deputy.", name=name)]
    if mailing.facts.get("is_busy"):
        return [_("{name} asks you to answer this one as the deputy.", name=name)]
    return [_("{name} has not answered yet, and little time is left: please answer as the deputy.",
              name=name)]  # fmt: skip


def _one(
    mailing: Mailing,
    link: AnswerLink,
    why: Sequence[Words],
    language: str,
    settings: Settings,
    terms: Terms,
) -> Letter:
    conversation = link.conversation
    box = reply_box(conversation, mailing.to) if link.mail_key else None
    parts: list[Words | str] = [
        *([_above()] if box else []),
        _("Hello {name},", name=str(mailing.to)),
        *why,
        *_question(conversation),
        due_words(conversation, terms),
        _("Answer here, without an account: {address}",
          address=address_of(link, settings, language=language)),
        *_by_mail(conversation, has_box=box is not None),
        _("The link opens this one question, for you alone, until {day}. Please do not forward "
          "it.", day=Day(link.expires_at.astimezone(terms.zone).date())),
    ]  # fmt: skip
    return Letter(
        subject=say(_subject(conversation), language),
        text="\n\n".join(say(part, language) for part in parts),
        reply_to=box.address if box else "",
        headers=LOOP_HEADERS,
        mark=f"{link.mail_key or mailing_mark(mailing)}@{host_of(settings)}",
    )


LOOP_HEADERS = {"X-Vigie": "ask"}
"""A mail of ours that arrives in a mailbox of ours opens nothing."""


def mailing_mark(mailing: Mailing) -> str:
    """Return the mark of a mail, the same at every try."""
    return f"vigie-mail.{mailing.pk}"


def host_of(settings: Settings) -> str:
    """Return the name of the site, as identifiers of mail carry it."""
    return settings.site.partition("://")[2].partition("/")[0].partition(":")[0] or "vigie"


def _above() -> Words:
    return _("{mark} Write your answer above this line {mark}", mark=MARK)


def _subject(conversation: Conversation) -> Words:
    service = str(conversation.service)
    if conversation.service is not None and conversation.service.is_confidential:
        return _("A question for {service}", service=service)
    last = _last(conversation)
    about = conversation.subject or (last.words if last else "")
    return _("A question for {service}: {about}", service=service, about=shortened(about))


def shortened(text: str) -> str:
    """Return the beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[: SHORT - 1].rstrip() + "…"


def _last(conversation: Conversation) -> Message | None:
    rows = conversation.messages.filter(direction="in", is_automatic=False, is_withdrawn=False)
    return rows.order_by("-said_at", "-id").first()


def _question(conversation: Conversation) -> list[Words | str]:
    service = conversation.service
    if service is not None and service.is_confidential:
        return [_("Somebody asks {service}. What is asked of it is confidential: read it on the "
                  "page only.", service=str(service))]  # fmt: skip
    last = _last(conversation)
    words = last.words if last else ""
    said: list[Words | str] = [
        _("{name} asks {service}:", name=str(conversation.contact), service=str(service)),
        _inset(words[:MOST_LETTERS] + ("…" if len(words) > MOST_LETTERS else "")),
    ]
    post = conversation.post or {}
    if post.get("words") or post.get("url"):
        said += [
            _("It was written under this public post:"),
            _inset("\n".join(p for p in (str(post.get("words", ""))[:SHORT * 10],
                                         str(post.get("url", ""))) if p)),
        ]  # fmt: skip
    if conversation.is_public:
        said.append(_("Your answer will be public."))
    return said


def _inset(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def due_words(conversation: Conversation, terms: Terms) -> Words:
    """Say what is due, and when: in the hours of the service, or before the network closes."""
    closes = conversation.window_until
    if closes is not None and (conversation.due_at is None or closes < conversation.due_at):
        return _closing(closes, terms)
    if conversation.due_at is None:
        return _("No date is set for the answer; the sooner, the better.")
    hours = terms.hours_of(conversation.service_id)
    when = Moment(conversation.due_at.astimezone(hours.zone))
    left = elapsed(hours, terms.now, conversation.due_at)
    if conversation.due_at <= terms.now:
        return _("The answer was due on {when}.", when=when)
    return _("The answer is due by {when}: {left} of opening hours left.",
             when=when, left=Lasting(left))  # fmt: skip


def _closing(closes: datetime, terms: Terms) -> Words:
    when = Moment(closes.astimezone(terms.zone))
    if closes <= terms.now:
        return _("The network takes no answer since {when}: write to this person another way.",
                 when=when)  # fmt: skip
    return _("The network takes an answer until {when}: {left} left.",
             when=when, left=Lasting(closes - terms.now))  # fmt: skip


def _by_mail(conversation: Conversation, *, has_box: bool) -> list[Words]:
    if not has_box:
        return []
    service = conversation.service
    if (service is not None and service.needs_approval) or conversation.box.needs_approval:
        return [_("Or reply to this mail. Your answer is read once more before it is sent under "
                  "the name of {service}.", service=str(service))]  # fmt: skip
    return [_("Or reply to this mail: your answer is sent as it is, under the name of {service}.",
              service=str(service))]  # fmt: skip


def _many(
    mailing: Mailing,
    links: Sequence[AnswerLink],
    why: Sequence[Words],
    language: str,
    settings: Settings,
    terms: Terms,
) -> Letter:
    parts: list[Words | str] = [_("Hello {name},", name=str(mailing.to)), *why]
    parts += [listed(link, language, settings, terms) for link in links[:MOST_LISTED]]
    if len(links) > MOST_LISTED:
        parts.append(_("And {count} more: they come with the mail of the morning.",
                       count=len(links) - MOST_LISTED))  # fmt: skip
    parts.append(
        _("Each link opens one question, for you alone, for two weeks. Please do not forward it.")
    )
    title = plural("{count} question for you", "{count} questions for you", count=len(links))
    return Letter(
        subject=say(title, language),
        text="\n\n".join(say(part, language) for part in parts),
        headers=LOOP_HEADERS,
        mark=f"{mailing_mark(mailing)}@{host_of(settings)}",
    )


def listed(link: AnswerLink, language: str, settings: Settings, terms: Terms) -> str:
    """Return a question among several: about what, when it is due, where it is answered."""
    conversation = link.conversation
    lines = (
        say(_subject(conversation), language),
        say(due_words(conversation, terms), language),
        address_of(link, settings, language=language),
    )
    return "\n".join(lines)
