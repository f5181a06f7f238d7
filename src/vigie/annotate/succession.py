"""Whether a version that was just taught takes the place of what answers now."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.annotate.checking import LEAST_CHECKED, Estimate

TOOK = "took"
"""It answers from now on."""
WORSE = "worse"
"""It was taught as what answers now, and does worse."""
UNPROVEN = "unproven"
"""It is of another kind, or speaks fewer languages, and was not shown to be better."""
INSISTED = "insisted"
"""A person insisted on what answers now."""
UNCOMPARED = "uncompared"
"""It could not be compared with what answers now."""
TRIED = "tried"
"""It was taught for a trial."""


@dataclass(frozen=True, kw_only=True)
class Beside:
    """How a version did beside the one that answered when it was taught, text by text.

    In each draw of the checked texts both answer about the same ones, each as it would on this
    site: in its languages, the rules elsewhere. The older one may have learned from texts that
    were drawn for a check afterwards, which speaks for it.
    """

    version: int
    """The one that answered."""
    n: int
    f1: float
    """Mean F1 over the answers people gave."""
    other_f1: float
    low: float | None = None
    """By how much the mean F1 is above the other's: a 90 % interval."""
    high: float | None = None

    @property
    def is_told(self) -> bool:
        """Whether there are enough texts to say anything."""
        return self.n >= LEAST_CHECKED and self.low is not None and self.high is not None

    @property
    def is_better(self) -> bool:
        """Whether it was shown to be better: on enough texts, and not by chance."""
        return self.is_told and self.low is not None and self.low > 0

    @property
    def is_worse(self) -> bool:
        """Whether it was shown to be worse."""
        return self.is_told and self.high is not None and self.high < 0

    @property
    def difference(self) -> Estimate:
        """Return by how much it is better."""
        return Estimate(value=self.f1 - self.other_f1, low=self.low, high=self.high, n=self.n)


@dataclass(frozen=True, kw_only=True)
class Running:
    """What answers when a version is taught that beats the rules."""

    is_like: bool
    """It was taught in the same way, and speaks no language that the new one does not."""
    is_insisted: bool
    """A person insisted on it."""
    beside: Beside | None
    """How the new one does beside it; none: they cannot be compared."""


def place_of(running: Running | None, *, is_trial: bool) -> str:
    """Return what becomes of a version that beats the rules: it answers, or why it does not.

    What was taught in the same way, from the same archive with more corrections in it, is the
    natural successor: it takes the place unless the interval says that it does worse. It cannot
    sink by small steps, for each must beat the rules anew. What is of another kind, or would leave
    a language to the rules, must be shown to be better. Nothing pushes out what a person insisted
    on.
    """
    if is_trial:
        return TRIED
    if running is None:
        return TOOK
    if running.is_insisted:
        return INSISTED
    beside = running.beside
    if beside is None or not beside.is_told:
        return UNCOMPARED
    if running.is_like:
        return WORSE if beside.is_worse else TOOK
    return TOOK if beside.is_better else UNPROVEN
