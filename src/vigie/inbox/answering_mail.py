"""Replies to our mails that arrive in a mailbox: they are answers, and open no conversation.

Only what surely is the whole answer of the very person goes out as it is. Anything doubtful is a
proposed reply that somebody approves; what comes too late is a note. Nothing is lost.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import getaddresses

from django.db.models.functions import Lower

from vigie.errors import InboxError
from vigie.inbox import changes
from vigie.inbox.admission import Admitted, Came, Office
from vigie.inbox.answering import hand_of, longest
from vigie.inbox.channel import known_channels
from vigie.inbox.delayed import arrived
from vigie.inbox.enclosures import Files, fitted
from vigie.inbox.entrusting import MAIL_KEY
from vigie.inbox.escalating import absent
from vigie.inbox.links import EXPIRED, OPEN, of_token, standing
from vigie.inbox.mail_reading import enclosed, header, is_automatic, opened, text_of
from vigie.inbox.models import AnswerLink, Note, Passage
from vigie.inbox.noticing import is_changed
from vigie.inbox.owing import Terms
from vigie.inbox.quoting import own_words
from vigie.register.models import Person
from vigie.words import LANGUAGES, Words, _, say

KEY = re.compile(rf"<({re.escape(MAIL_KEY)}[0-9a-f]+)@")
TOKEN = re.compile(r"/answer/([^\s/<>\"?]{20,200})/")
ABSENT = frozenset({"auto_reply", "bulk", "junk"})
RELATED = ("person__user", "conversation__service__deputy__user", "conversation__box",
           "conversation__contact")  # fmt: skip


def divert(came: Sequence[Came], office: Office, done: Admitted) -> list[Came]:
    """Take the answers among mails, and return the others. Inside the transaction of admitting."""
    mails = [one for one in came if one.message.kind == "mail" and not one.message.is_ours]
    links = _by_reference(mails) | _by_token(mails, office)
    for one in came:
        link = links.get(one.message.key)
        if link is not None:
            _take(one, link, office)
            done.kept.append(one.arrival.pk)
    return [one for one in came if one.message.key not in links]


def _by_reference(mails: Sequence[Came]) -> dict[str, AnswerLink]:
    named = {one.message.key: _keys(one) for one in mails}
    wanted = {key for keys in named.values() for key in keys}
    if not wanted:
        return {}
    rows = AnswerLink.objects.filter(mail_key__in=wanted).select_related(*RELATED)
    known = {row.mail_key: row for row in rows}
    return {name: known[keys[-1]] for name, keys in named.items() if keys and keys[-1] in known}


def _keys(one: Came) -> list[str]:
    names = (*one.message.also_threads, one.message.answers_to)
    return [found.group(1) for name in names if (found := KEY.match(name))]


def _by_token(mails: Sequence[Came], office: Office) -> dict[str, AnswerLink]:
    """Find what mail programs that name no mail still quote, of people who hold a link."""
    addresses = {one.message.author.address for one in mails if not _keys(one)}
    if not addresses:
        return {}
    people = Person.objects.annotate(plain=Lower("mail")).filter(plain__in=addresses)
    known = set(people.filter(answer_links__isnull=False).values_list("plain", flat=True))
    found = {}
    for one in mails:
        if one.message.author.address in known and not _keys(one):
            quoted = TOKEN.search(text_of(_mail(one, office)))
            link = of_token(quoted.group(1)) if quoted else None
            if link is not None:
                found[one.message.key] = link
    return found


def _mail(one: Came, office: Office) -> EmailMessage:
    return opened((office.home / one.arrival.file).read_bytes())


def _take(one: Came, link: AnswerLink, office: Office) -> None:
    """Take one answer: as a reply, as a proposed one, as an absence, or as a note."""
    arrived(link)
    mail = _mail(one, office)
    is_own = _sender(mail) == link.person.address.casefold()
    if _is_absence(mail):
        if is_own and standing(link, now=office.now) == OPEN:
            absent(link.conversation, link.person, office.terms)
        return
    own = own_words(text_of(mail))
    stands = standing(link, now=office.now)
    if stands not in (OPEN, EXPIRED) or not own.words:
        _keep_note(link, own.words, office.terms)
        return
    files = Files(enclosed=tuple(enclosed(mail, with_pictures=False)), home=office.home)
    unfit = _why_unfit(files, link)
    doubts = _doubts(mail, link, is_own=is_own, is_certain=own.is_certain,
                     is_expired=stands == EXPIRED, length=len(own.words))  # fmt: skip
    key = "mail" + hashlib.sha256(one.message.key.encode()).hexdigest()[:32]
    hand = hand_of(link, office.terms)
    if unfit is not None:
        doubts.append(_("It came with files that are not sent along. {why}", why=unfit))
    changes.reply(link.conversation, own.words, hand=hand, key=key, to_approve=bool(doubts),
                  files=None if unfit else files)  # fmt: skip
    AnswerLink.objects.filter(pk=link.pk).update(answered_at=office.now)
    for doubt in doubts:
        _say(link, doubt, office.terms)


def _why_unfit(files: Files, link: AnswerLink) -> Words | None:
    try:
        fitted(files, known_channels().get(link.conversation.answers_by.channel))
    except InboxError as error:
        return error.words
    return None


def _sender(mail: EmailMessage) -> str:
    """Return whom a mail says it is from, wherever answers to it go."""
    found = [address for _name, address in getaddresses([header(mail, "From")]) if "@" in address]
    return found[0].strip().casefold() if found else ""


def _is_absence(mail: EmailMessage) -> bool:
    submitted = header(mail, "Auto-Submitted").lower()
    precedence = header(mail, "Precedence").lower()
    return bool(submitted and submitted != "no") or precedence in ABSENT


def _doubts(
    mail: EmailMessage,
    link: AnswerLink,
    *,
    is_own: bool,
    is_certain: bool,
    is_expired: bool,
    length: int,
) -> list[Words]:
    """Return why an answer by mail is read by somebody before it goes out."""
    limit = longest(link.conversation)
    name = str(link.person)
    said: Mapping[Words, bool] = {
        _("It came from another address than that of {name}.", name=name): not is_own,
        _("It cannot be told for sure where the answer ends and the mail it quotes begins."):
            not is_certain,
        _("A program may have written it, or it went to a list."): is_automatic(mail),
        _("It came when the time to answer by mail was over."): is_expired,
        _("The question was changed or taken down since it was asked by mail."):
            is_changed(link.conversation, since=link.made_at),
        _("It is longer than the channel takes."): limit is not None and length > limit,
    }  # fmt: skip
    return [words for words, is_so in said.items() if is_so]


def _keep_note(link: AnswerLink, words: str, terms: Terms) -> None:
    if words:
        Note.objects.get_or_create(
            conversation=link.conversation, words=words, by=link.person, defaults={"at": terms.now}
        )
    _say(link, _("{name} answered by mail, when the question was no longer theirs or empty: "
                 "nothing was sent.", name=str(link.person)), terms)  # fmt: skip


def _say(link: AnswerLink, words: Words, terms: Terms) -> None:
    said = {language: say(words, language) for language in LANGUAGES}
    Passage.objects.create(conversation=link.conversation, service=link.conversation.service,
                           person=link.person, at=terms.now, by="mail", reason=said)  # fmt: skip
