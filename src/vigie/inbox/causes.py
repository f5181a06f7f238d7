"""Why people write to a service: the topics that were chosen, and what they ask again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from django.db.models import QuerySet

from vigie.inbox.effacing import effaced
from vigie.inbox.models import Conversation, FaqDraft, Message
from vigie.inbox.repeating import (
    MOST_READ,
    Question,
    Repeated,
    answers_it,
    most_central,
    only_questions,
    repeated,
)
from vigie.register.models import Person, Service

YEAR_BEGINS = (9, 1)
"""Month and day of the *rentrée*: what is asked since then is asked this year."""
MOST_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A question that is asked again and again, and whether a page answers it."""

    question: str
    """As one person asked it, names and numbers taken out."""
    asked: Repeated
    draft: FaqDraft | None = None

    @property
    def count(self) -> int:
        """Return how often it was asked."""
        return len(self.asked.asked)

    @property
    def newest(self) -> list[Question]:
        """Return them all, the newest first."""
        return list(reversed(self.asked.asked))

    @property
    def keys(self) -> list[int]:
        """Return the conversations in which it was asked, the newest first."""
        return [one.key for one in self.newest]


def year_begun(today: date) -> date:
    """Return the day on which the academic year of a day began."""
    begins = date(today.year, *YEAR_BEGINS)
    return begins if begins <= today else date(today.year - 1, *YEAR_BEGINS)


def questions_of(among: QuerySet[Conversation]) -> list[Question]:
    """Return what each conversation began with, in the words of who wrote."""
    wanted = among.exclude(state="unwanted").order_by()
    rows = Message.objects.filter(
        conversation__in=wanted.values("pk"), direction="in", is_automatic=False
    ).exclude(words="")
    columns = rows.order_by("conversation_id", "said_at", "id").values_list(
        "conversation_id", "said_at", "words"
    )
    groups = groupby(columns.iterator(chunk_size=2_000), key=itemgetter(0))
    firsts = (next(group) for _key, group in groups)
    return [Question(key=key, at=at, words=words) for key, at, words in firsts]


def causes(service: Service, among: QuerySet[Conversation], *, since: datetime) -> list[Cause]:
    """Return what a service is asked again and again since a moment, the most frequent first.

    What the other services among these conversations are asked tells which words everybody uses.
    """
    known = among.filter(merged_into__isnull=True, opened_at__gte=since)
    chosen = known.filter(service=service)
    others = known.exclude(service=service).order_by("-opened_at", "-pk")[:MOST_READ]
    beside = [one.words for one in questions_of(known.filter(pk__in=others.values("pk")))]
    drafts = list(FaqDraft.objects.filter(service=service).exclude(state="dropped"))
    found = repeated(questions_of(chosen), beside=beside)[:MOST_SHOWN]
    return [
        Cause(question=shown(one.centre), asked=one, draft=_draft_of(one, drafts)) for one in found
    ]


def shown(question: Question) -> str:
    """Return a question without what tells who asked it."""
    return effaced(only_questions(question.words), names=names_in([question.key]))


def _draft_of(asked: Repeated, drafts: Sequence[FaqDraft]) -> FaqDraft | None:
    """Return the entry that answers a question: it was made of it, or it asks the same."""
    keys = {one.key for one in asked.asked}
    shared = {draft.pk: len(keys & set(draft.conversations)) for draft in drafts}
    made = max(drafts, key=lambda draft: (shared[draft.pk], -draft.pk), default=None)
    if made is not None and shared[made.pk]:
        return made
    texts = [(text, draft) for draft in drafts for text in draft.question.values() if text]
    place = answers_it(asked.centre.words, [text for text, _draft in texts])
    return None if place is None else texts[place][1]


def proposed_answer(keys: Sequence[int]) -> str:
    """Return the answer that says what most answers to a question said, for a person to mend."""
    sent = Message.objects.filter(
        conversation_id__in=keys, direction="out", is_automatic=False, state="sent"
    ).exclude(words="")
    rows = sent.order_by("conversation_id", "said_at", "id").values_list("conversation_id", "words")
    first = [next(group)[1] for _key, group in groupby(rows, key=itemgetter(0))]
    place = most_central(first)
    return "" if place is None else effaced(first[place], names=names_in(keys))


def names_in(keys: Sequence[int]) -> list[str]:
    """Return the names that may stand in these conversations: of who wrote and of who answers."""
    rows = Conversation.objects.filter(pk__in=keys)
    theirs = [name for name in rows.values_list("contact__name", flat=True) if name]
    theirs += [name for name in rows.values_list("contact__handles__shown", flat=True) if name]
    return [*theirs, *Person.objects.exclude(name="").values_list("name", flat=True)]
