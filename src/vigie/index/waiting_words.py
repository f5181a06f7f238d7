"""The sentences about how long one waits for an answer, and what is counted."""

from __future__ import annotations

from vigie.index.waiting import Waiting
from vigie.measure.questions import HOUR
from vigie.present.writing import Month, Number, Percent, together
from vigie.words import Words, _, plural

LEAST_QUESTIONS = 10
"""Below, a figure would say more of chance than of the institution."""
LEAST_PEOPLE = 5
"""Small cells are hidden: fewer people could be told one from the other."""
TWO_DAYS = 48
"""Hours up to which a wait is said in hours."""

EXPLAINED = (
    _(
        "A question is a public post that speaks to an account (a reply, a mention, a tag, a "
        "review) and that was labelled as asking something. Posts nobody and nothing labelled "
        "lower the coverage."
    ),
    _(
        "An answer is a public post of the account that replies to the question, or that comes "
        "later in the same thread without replying to someone else. What is answered in private "
        "cannot be seen and does not count."
    ),
    _(
        "Silence is neither dropped nor counted as never: a question is followed to the end of its "
        "month, or to the last look at the account, and from then on nothing is claimed of it "
        "(Kaplan and Meier’s estimate)."
    ),
)


def missing(found: Waiting) -> Words | None:
    """Say why there is no figure; none: there is one."""
    if not found.told:
        return _(
            "No public post that speaks to its accounts is known for {first} to {last}. Unknown "
            "is not zero: perhaps nobody listened.",
            first=Month(found.first),
            last=Month(found.last),
        )
    if found.coverage == 0:
        return _(
            "None of the posts that speak to its accounts is labelled yet, so nobody knows which "
            "of them ask something. Label them: vigie annotate."
        )
    if found.questions < LEAST_QUESTIONS:
        return plural(
            "{count} question could be followed: below {least} there is no figure.",
            "{count} questions could be followed: below {least} there is no figure.",
            count=found.questions,
            least=LEAST_QUESTIONS,
        )
    if found.people < LEAST_PEOPLE:
        return _(
            "Fewer than {least} people asked: so few are not shown.",
            least=LEAST_PEOPLE,
        )
    return None


def title(name: str, found: Waiting) -> Words:
    """Say how long one waits, or ask it where it is not known."""
    if missing(found) is not None or found.day.value is None:
        return _("How long does one wait for an answer of {name}?", name=name)
    if found.median.value is None:
        return _("{name} leaves more than half of the questions without an answer", name=name)
    return _(
        "Half of the questions to {name} are answered within {wait}",
        name=name,
        wait=wait(found.median.value),
    )


def lead(found: Waiting) -> Words:
    """Say of how many questions that is made."""
    if missing(found) is not None:
        return _(
            "Public questions to the accounts of an institution, and its public answers: who "
            "answers, and how fast."
        )
    asked = plural(
        "{count} public question was followed, {first} to {last}.",
        "{count} public questions were followed, {first} to {last}.",
        count=found.questions,
        first=Month(found.first),
        last=Month(found.last),
    )
    day = found.day
    if day.value is None or day.low is None or day.high is None:
        return asked
    return together(
        asked,
        _(
            "Within a day, {share} are answered (between {low} and {high}).",
            share=Percent(day.value),
            low=Percent(day.low),
            high=Percent(day.high),
        ),
    )


def hours(seconds: float | None) -> float | None:
    """Return seconds in hours; unknown stays unknown."""
    return None if seconds is None else seconds / HOUR


def wait(seconds: float) -> Words:
    """Say a wait in hours, or in days where it is long."""
    count = seconds / HOUR
    if count < 1:
        minutes = max(round(count * 60), 1)
        return plural("{count} minute", "{count} minutes", count=minutes)
    if count < TWO_DAYS:
        return plural("{count} hour", "{count} hours", count=round(count))
    return _("{number} days", number=Number(count / 24, 1))
