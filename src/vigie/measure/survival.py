"""How long one waits when some waits were not seen to their end: Kaplan and Meier (1958).

The interval rests on Greenwood's variance (1926): it says how many waits, all seen to their end,
would have been as telling (Rothman, J Chron Dis 31, 1978; Dorey and Korn, Stat Med 6, 1987), and
the limits are Wilson's for a share of so many. Without censoring it is Wilson's own interval.
Unlike Greenwood's symmetric one it stays between 0 and 100 %, and it does not claim to be sure
because ten questions of ten were answered.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from vigie.measure.uncertainty import wilson

NEARLY = 1e-9
"""A product of fractions that is one half but for its last bits is one half."""


def steps(waits: ir.Table, by: Sequence[str]) -> ir.Table:
    """Return the curve of each group: what share has ended by each moment at which one was seen to.

    ``waits`` holds ``seconds`` and ``is_answered`` (false: censored). Columns beside ``by``:
    seconds, share (ended so far, 0 to 1), low, high, weight (of how many full waits it is as sure),
    left (still waiting just after).
    """
    counted = waits.group_by(*by, "seconds").agg(
        ended=waits.is_answered.cast("int64").sum(), of=waits.count()
    )
    later = ibis.window(
        group_by=list(by), order_by=counted.seconds.desc(), preceding=None, following=0
    )
    risked = counted.mutate(at_risk=counted.of.sum().over(later))
    moments = risked.filter(risked.ended > 0)
    so_far = ibis.window(group_by=list(by), order_by=moments.seconds, preceding=None, following=0)
    staying = moments.at_risk - moments.ended
    chance = (staying.nullif(0) / moments.at_risk).ln()
    spread = moments.ended / (moments.at_risk * staying.nullif(0))
    found = moments.mutate(
        left=staying,
        logs=chance.sum().over(so_far),
        spread=spread.sum().over(so_far),
        all_ended=moments.ended.sum().over(so_far),
    )
    # The last wait of all ends the curve: nothing is left, and the product is 0.
    waiting = (found.left == 0).ifelse(0.0, found.logs.exp())
    found = found.mutate(share=1.0 - waiting)
    weight = weight_of(found.share, found.spread, decided=found.all_ended + found.left)
    found = found.mutate(weight=weight)
    low, high = wilson(found.share, found.weight)
    return found.select(*by, "seconds", "share", "spread", "left", "weight", low=low, high=high)


def weight_of(
    share: ir.FloatingValue, spread: ir.FloatingValue, *, decided: ir.NumericValue
) -> ir.FloatingValue:
    """Return how many waits seen to their end would be as telling as these.

    ``spread`` is Greenwood's sum of d / (r (r - d)). Where none or all have ended it says nothing:
    then those count of which the outcome is known.
    """
    is_open = (share > 0) & (share < 1)
    # Greenwood's variance is (1 - share)² × spread; that of w full waits is share (1 - share) / w.
    told = share / ((1 - share).nullif(0) * spread.nullif(0))
    return is_open.ifelse(told, decided.cast("float64"))


def share_within(waits: ir.Table, by: Sequence[str], *, seconds: int) -> ir.Table:
    """Return what share of waits ended within so long: columns share, low, high.

    It is unknown where no wait was followed so long and some were still open.
    """
    early = steps(waits, by).filter(ibis._.seconds <= seconds)
    reached = early.group_by(*by).agg(share=early.share.max(), spread=early.spread.max())
    outcomes = waits.group_by(*by).agg(
        followed=(waits.seconds >= seconds).cast("int64").sum(),
        ended=(waits.is_answered & (waits.seconds <= seconds)).cast("int64").sum(),
        both=(waits.is_answered & (waits.seconds == seconds)).cast("int64").sum(),
    )
    found = outcomes.left_join(reached, list(by)).select(
        *by,
        share=reached.share.fill_null(0.0),
        spread=reached.spread,
        decided=outcomes.followed + outcomes.ended - outcomes.both,
        is_known=(outcomes.followed > 0) | (reached.share == 1.0).fill_null(False),
    )
    found = found.mutate(share=found.is_known.ifelse(found.share, ibis.null("float64")))
    found = found.mutate(weight=weight_of(found.share, found.spread, decided=found.decided))
    low, high = wilson(found.share, found.weight)
    return found.select(*by, "share", low=low, high=high)


def median_wait(waits: ir.Table, by: Sequence[str]) -> ir.Table:
    """Return after how many seconds half of the waits have ended: columns seconds, low, high.

    The ends are Brookmeyer and Crowley's (Biometrics 38, 1982): the moments at which one half lies
    within the interval of the curve. The upper end is unknown where the curve is never that sure.
    """
    curve = steps(waits, by)
    half = 0.5 - NEARLY
    return curve.group_by(*by).agg(
        seconds=curve.seconds.min(where=curve.share >= half),
        low=curve.seconds.min(where=curve.high >= half),
        high=curve.seconds.min(where=curve.low >= half),
    )
