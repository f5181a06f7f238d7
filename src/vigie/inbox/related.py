"""Which conversations may belong with one, and why: said to a person, who alone joins them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet

from vigie.inbox.models import Conversation, ConversationLink
from vigie.inbox.routing import folded
from vigie.inbox.searching import first_said
from vigie.inbox.sought import Sought, Term, sought
from vigie.inbox.visible import Eyes, visible
from vigie.register.rights import ANSWER_INBOX
from vigie.words import Words, _

LATELY = timedelta(days=30)
"""Before and after it, in which others may be about the same matter."""
NEAR = timedelta(days=1)
MOST = 8
MOST_FOUND = 20
LOOKED_AT = 20
"""On each ground."""
SHOWN = ("contact", "service", "box", "via")
LEAST_LETTERS = 6
"""Of a word that says what something is about."""
WORD = re.compile(rf"[^\W\d_]{{{LEAST_LETTERS},}}")


@dataclass(frozen=True, kw_only=True)
class Related:
    """A conversation that may belong with another, with the reasons."""

    conversation: Conversation
    reasons: tuple[Words, ...]


def suggested(one: Conversation, eyes: Eyes) -> list[Related]:
    """Return conversations that may belong with one and may be answered, likeliest first."""
    free = _free(one, eyes)
    reasons: dict[int, list[Words]] = defaultdict(list)
    for reason, keys in _grounds(one, free):
        for key in keys:
            reasons[key].append(reason)
    rows = Conversation.objects.select_related(*SHOWN).in_bulk(list(reasons))
    for key, row in rows.items():
        if abs(row.opened_at - one.opened_at) <= NEAR:
            reasons[key].append(_("Begun within a day of it."))
    own = [row for row in rows.values() if eyes.may(ANSWER_INBOX, row)]
    own.sort(key=lambda row: (-len(reasons[row.pk]), abs(row.opened_at - one.opened_at), row.pk))
    return [Related(conversation=row, reasons=tuple(reasons[row.pk])) for row in own[:MOST]]


def looked_for(one: Conversation, asked: str, eyes: Eyes) -> tuple[list[Conversation], bool]:
    """Return conversations of a number, or in which words are said; and whether there are more.

    Those that changed last come first. How many more there are is not counted: nobody reads on.
    """
    rows, number = _free(one, eyes), asked.strip().lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        keys = _keys(rows.filter(pk=int(number)))
    else:
        newest = rows.order_by("-touched_at", "-pk")
        keys = first_said(newest, sought(asked), most=MOST_FOUND + 1)
    shown = Conversation.objects.select_related(*SHOWN).in_bulk(keys[:MOST_FOUND])
    return [shown[key] for key in keys[:MOST_FOUND] if key in shown], len(keys) > MOST_FOUND


def _free(one: Conversation, eyes: Eyes) -> QuerySet[Conversation]:
    """Return what these eyes see and what is not joined with it yet."""
    links = ConversationLink.objects.filter(Q(first=one) | Q(second=one))
    ends = {key for pair in links.values_list("first_id", "second_id") for key in pair}
    return visible(eyes).filter(merged_into__isnull=True).exclude(pk__in={one.pk, *ends})


def _grounds(
    one: Conversation, free: QuerySet[Conversation]
) -> Iterator[tuple[Words, Iterable[int]]]:
    theirs = free.filter(contact=one.contact_id).order_by("-touched_at")
    yield _("The same person wrote it."), _keys(theirs)
    near = free.filter(
        opened_at__gte=one.opened_at - LATELY, opened_at__lte=one.opened_at + LATELY
    ).order_by("-opened_at")
    post = (one.post or {}).get("post")
    if post:
        yield _("It is under the same public post."), _keys(near.filter(post__post=post))
    telling = _telling_words(one)
    for count in (3, 2):
        words = telling[:count]
        keys = first_said(near, _all_of(words), most=LOOKED_AT) if len(words) == count else []
        if keys:
            yield _("It says the same: {words}.", words=", ".join(words)), keys
            return


def _keys(rows: QuerySet[Conversation]) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:LOOKED_AT])


def _telling_words(one: Conversation) -> list[str]:
    """Return the longest words of what was asked last: they say most of what it is about."""
    asked = one.messages.filter(direction="in", is_automatic=False, is_withdrawn=False)
    last = asked.order_by("-said_at", "-id").first()
    text = f"{one.subject} {last.words if last else ''}"
    words = dict.fromkeys(folded(word).strip() for word in WORD.findall(text))
    return sorted(words, key=len, reverse=True)


def _all_of(words: list[str]) -> Sought:
    terms = tuple(Term(words=(word,), is_beginning=True) for word in words)
    return Sought(text=" ".join(words), terms=terms)
