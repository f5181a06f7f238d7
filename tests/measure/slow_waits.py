"""Questions, answers and Kaplan–Meier again, question by question and in fractions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import sqrt

from vigie.measure.uncertainty import Z
from vigie.model import Label, Mention, Post, Snapshot

DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A question followed for so many seconds, which ended in an answer or not."""

    seconds: int
    is_answered: bool


@dataclass(frozen=True, kw_only=True)
class Step:
    """The share answered after so long, exactly, and Greenwood's sum up to there."""

    seconds: int
    share: Fraction
    spread: Fraction | None
    decided: int


def curve(waits: Sequence[Wait]) -> list[Step]:
    """Return the curve: one step for each moment at which a question was answered."""
    found: list[Step] = []
    waiting, spread, answered = Fraction(1), Fraction(0), 0
    for moment in sorted({one.seconds for one in waits if one.is_answered}):
        at_risk = sum(one.seconds >= moment for one in waits)
        ended = sum(one.seconds == moment and one.is_answered for one in waits)
        answered += ended
        waiting *= Fraction(at_risk - ended, at_risk)
        if at_risk > ended:
            spread += Fraction(ended, at_risk * (at_risk - ended))
        found.append(
            Step(
                seconds=moment,
                share=1 - waiting,
                spread=spread if waiting else None,
                decided=answered + at_risk - ended,
            )
        )
    return found


def standard_error(step: Step) -> float:
    """Return Greenwood's standard error."""
    assert step.spread is not None
    return float(1 - step.share) * sqrt(step.spread)


def limits(step: Step) -> tuple[float, float]:
    """Return Wilson's limits for as many full waits as would be as telling."""
    share, weight = float(step.share), float(step.decided)
    if step.spread and step.share < 1:
        weight = share * (1 - share) / standard_error(step) ** 2
    return wilson(share, weight)


def wilson(share: float, n: float) -> tuple[float, float]:
    """Return both roots of (share − p)² = z² p (1 − p) / n."""
    a, b, c = 1 + Z * Z / n, -(2 * share + Z * Z / n), share * share
    root = sqrt(max(b * b - 4 * a * c, 0.0))
    return max((-b - root) / (2 * a), 0.0), min((-b + root) / (2 * a), 1.0)


def share_within(waits: Sequence[Wait], seconds: int) -> tuple[float, float, float] | None:
    """Return the share answered within so long with its limits; nothing where nobody can tell."""
    steps = [step for step in curve(waits) if step.seconds <= seconds]
    followed = sum(one.seconds >= seconds for one in waits)
    if steps and steps[-1].share == 1:
        return 1.0, *limits(steps[-1])
    if not followed:
        return None
    if not steps:
        return 0.0, *wilson(0.0, followed)
    return float(steps[-1].share), *limits(steps[-1])


def median_wait(waits: Sequence[Wait]) -> tuple[int | None, int | None, int | None]:
    """Return the median wait and the moments between which it lies."""
    steps = curve(waits)

    def first(reached: Iterable[tuple[int, float]]) -> int | None:
        return next((moment for moment, share in reached if share >= 0.5 - 1e-9), None)

    return (
        first((step.seconds, float(step.share)) for step in steps),
        first((step.seconds, limits(step)[1]) for step in steps),
        first((step.seconds, limits(step)[0]) for step in steps),
    )


@dataclass(frozen=True, kw_only=True)
class Public:
    """What was seen in public of one account."""

    account: str
    posts: Sequence[Post]
    mentions: Sequence[Mention]
    labels: Sequence[Label]
    snapshots: Sequence[Snapshot] = ()

    def waits(self, month: date) -> list[Wait]:
        """Return the waits of the questions of a month."""
        until = self._until(month)
        found = [self._wait(one, month, until) for one in self._questions(month) if until]
        return [one for one in found if one is not None]

    def _spoken(self, month: date) -> list[Mention]:
        return [
            one
            for one in self.mentions
            if one.subject == self.account
            and one.published_on.replace(day=1) == month
            and one.kind in {"reply", "mention", "tag", "review"}
        ]

    def _questions(self, month: date) -> list[Mention]:
        return [one for one in self._spoken(month) if "question" in (self._intent(one) or ())]

    def _intent(self, mention: Mention) -> tuple[str, ...] | None:
        order = {"person": 2, "model": 1, "rules": 0}
        told = [
            one
            for one in self.labels
            if (one.network, one.post, one.question) == (mention.network, mention.post, "intent")
        ]
        surest = max(
            told,
            key=lambda one: (order[one.annotator.replace(":", " ").split()[0]], one.labelled_at),
            default=None,
        )
        return None if surest is None else surest.answers

    def _until(self, month: date) -> datetime | None:
        own = [one for one in self.posts if one.account == self.account]
        looks = [one.observed_at for one in own if one.published_on.replace(day=1) == month]
        looks += [one.observed_at for one in self._spoken(month)]
        looks += [
            one.observed_at
            for one in self.snapshots
            if one.account == self.account and one.observed_on.replace(day=1) == month
        ]
        following = (month + timedelta(days=31)).replace(day=1)
        ended = datetime(following.year, following.month, 1, tzinfo=UTC) - timedelta(hours=14)
        return min(max(looks), ended) if looks else None

    def _wait(self, question: Mention, month: date, until: datetime) -> Wait | None:
        if until <= question.published_at:
            return None
        said = [
            post.published_at
            for post in self.posts
            if post.published_on.replace(day=1) == month
            and post.published_at >= question.published_at
            and self._answers(post, question)
        ]
        is_answered = bool(said) and min(said) <= until
        end = min(said) if is_answered else until
        return Wait(
            seconds=int((end - question.published_at).total_seconds()), is_answered=is_answered
        )

    def _answers(self, post: Post, question: Mention) -> bool:
        if post.account != self.account or post.is_repost:
            return False
        if post.answers_to == question.post:
            return True
        if post.thread is None or post.thread != question.thread or post.is_reply is False:
            return False
        if post.answers_to is None or post.answers_to == question.answers_to:
            return True
        return any(
            one.post == post.answers_to
            and one.author == question.author
            and one in self._spoken(one.published_on.replace(day=1))
            and one.published_on.replace(day=1) == question.published_on.replace(day=1)
            for one in self.mentions
        )
