"""What is said of a change: how many wrote about it before and after, and how sure that is."""

from __future__ import annotations

from typing import Any

from vigie.inbox.before_after import Effect
from vigie.present.writing import Number, Percent
from vigie.words import Words, _


def effect_words(found: Effect | None) -> Words:
    """Say whether fewer people write about it since."""
    if found is None:
        return _("It has no topic: nothing can be counted before and after.")
    if found.is_too_early:
        return _(
            "Too early to say: {days} days on either side are known, four weeks are needed.",
            days=found.days,
        )
    before, after = found.weekly
    facts: dict[str, Any] = {
        "before": Number(before, 1), "after": Number(after, 1), "days": found.days,
    }  # fmt: skip
    if found.ratio is None:
        return _(
            "{before} conversations a week before, {after} after ({days} days each): too few to "
            "say more.",
            **facts,
        )
    if not found.is_told_apart:
        return _(
            "{before} conversations a week before, {after} after ({days} days each): no more than "
            "chance may do.",
            **facts,
        )
    change = Percent(found.ratio - 1, sign=True)
    low = Percent((found.low or 0) - 1, sign=True)
    if found.high is None:
        return _(
            "{before} conversations a week before, {after} after ({days} days each): {change}, "
            "{low} at least.",
            change=change, low=low, **facts,
        )  # fmt: skip
    return _(
        "{before} conversations a week before, {after} after ({days} days each): {change}, between "
        "{low} and {high}.",
        change=change,
        low=low,
        high=Percent(found.high - 1, sign=True),
        **facts,
    )
