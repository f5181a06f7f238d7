"""What a run over a network means for its next turn: a miss, a refusal, a rest to read."""

from __future__ import annotations

from vigie import flow
from vigie.cli.collected import told
from vigie.sources.working import Outcome


def outcome_of(collected: flow.Collected) -> Outcome:
    """Return what a run means for the next turn: whether it is a miss, and when to come back."""
    words, later = told(collected), collected.not_before
    if collected.state == "interrupted":
        return Outcome(is_finished=False, words=words)
    unread = {failure.subject for failure in collected.failures}
    is_miss = collected.state == "failed" or (
        collected.asked > 0 and not collected.counts.seen and len(unread) >= collected.asked
    )
    if not is_miss:
        return Outcome(
            words=words,
            not_before=later,
            granted=collected.granted,
            ends_at=collected.ends_at,
        )
    reasons = [*collected.remarks[:1], *(failure.words for failure in collected.failures[:1])]
    return Outcome(
        failure=reasons[0] if reasons else words,
        is_denied=bool(collected.failures) and all(one.is_denied for one in collected.failures),
        not_before=later,
        granted=collected.granted,
    )
