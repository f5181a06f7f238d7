"""Who spoke when in very many conversations: their turns, and the times in which we waited."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models import Case, DateTimeField, F, IntegerField, Q, Value, When

from vigie.inbox.joined_columns import columns_of, moments, moments_known, whole
from vigie.inbox.models import Message
from vigie.inbox.rows import Flags, Ints, Moments

ANSWERS = frozenset({"due", "sending", "sent"})
"""States of an outgoing message that is an answer: handed in, and not failed since."""
GONE = 2
"""What came, and was taken down by its author."""
NOT_A_TIME = np.datetime64("NaT", "us")


@dataclass(frozen=True, kw_only=True)
class SaidColumns:
    """What persons said, in the order of conversations and of time; the words left out."""

    of: Ints
    """The place of its conversation."""
    at: Moments
    is_in: Flags
    is_gone: Flags
    """Whether its author took it down."""
    gone_at: Moments
    """When, of each of those, in the same order."""
    count: int
    """How many conversations there are."""

    def incoming(self) -> Ints:
        """Return how many messages came in each conversation."""
        return self._counted(self.is_in)

    def outgoing(self) -> Ints:
        """Return how many went out in each conversation."""
        return self._counted(~self.is_in)

    def _counted(self, chosen: Flags) -> Ints:
        return np.bincount(self.of[chosen], minlength=self.count).astype(np.int64)

    def taken_down(self) -> Moments:
        """Return when the last of what they wrote was taken down, where nothing still stands."""
        last = np.full(self.count, np.iinfo(np.int64).min)
        np.maximum.at(last, self.of[self.is_gone], self.gone_at.astype(np.int64))
        whole = self._counted(self.is_gone)
        return np.where((whole > 0) & (whole == self.incoming()), _moments(last), NOT_A_TIME)

    def pauses(self, until: Moments) -> tuple[Ints, Moments, Moments]:
        """Return the times in which we waited for the other side: of which conversation, from, to.

        They last until they wrote again, or until a moment of each conversation.
        """
        of, at, ends, is_in = self._spells()
        ends = np.where(np.isnat(ends), until[of], ends)
        return of[~is_in], at[~is_in], ends[~is_in]

    def turns(self) -> tuple[Ints, Moments, Moments]:
        """Return what they wrote until we answered: of which conversation, asked, answered.

        Not a time: it has no answer.
        """
        of, at, ends, is_in = self._spells()
        return of[is_in], at[is_in], ends[is_in]

    def _spells(self) -> tuple[Ints, Moments, Moments, Flags]:
        """Return when one side alone spoke: in which, from, to, and whether it was theirs.

        Not a time: until now.
        """
        is_new = np.ones(len(self.of), dtype=np.bool_)
        is_new[1:] = (self.of[1:] != self.of[:-1]) | (self.is_in[1:] != self.is_in[:-1])
        first = np.flatnonzero(is_new)
        of, at = self.of[first], self.at[first]
        goes_on = np.zeros(len(first), dtype=np.bool_)
        goes_on[:-1] = of[:-1] == of[1:]
        return of, at, np.where(goes_on, np.roll(at, -1), NOT_A_TIME), self.is_in[first]


def said_in(keys: Ints) -> SaidColumns:
    """Return what persons said in these conversations, whose numbers are in order.

    Read by the range of the numbers: naming each would take longer than passing over others.
    """
    rows = Message.objects.filter(is_automatic=False)
    rows = rows.filter(Q(direction="in") | Q(state__in=ANSWERS))
    low, high = (int(keys[0]), int(keys[-1])) if len(keys) else (0, -1)
    rows = rows.filter(conversation_id__gte=low, conversation_id__lte=high)
    is_gone = Q(direction="in", state="withdrawn", changed_at__isnull=False)
    told = rows.annotate(
        came=Case(When(is_gone, then=Value(GONE)), When(direction="in", then=Value(1)),
                  default=Value(0), output_field=IntegerField()),
        gone_at=Case(When(is_gone, then=F("changed_at")), output_field=DateTimeField()),
    )  # fmt: skip
    found = columns_of(
        told.order_by("conversation_id", "said_at", "id"),
        conversation_id=whole, said_at=moments, came=whole, gone_at=moments_known,
    )  # fmt: skip
    of = np.searchsorted(keys, found["conversation_id"])
    meant = np.isin(found["conversation_id"], keys)
    return SaidColumns(
        of=of[meant],
        at=found["said_at"][meant],
        is_in=found["came"][meant] > 0,
        is_gone=found["came"][meant] == GONE,
        gone_at=found["gone_at"][meant[found["came"] == GONE]],
        count=len(keys),
    )


def _moments(microseconds: Ints) -> Moments:
    return microseconds.astype("datetime64[us]")
