"""Public questions put to an account, and how long each waited for a public answer.

A month is judged by itself: a question is followed from its moment to the month's end, or to the
last look at the account if that came before. What is still unanswered then is not counted as never
answered, nor dropped: it is censored, which is what Kaplan and Meier's estimate is for. So an
answer that falls in the next month changes no figure of this one, and no month reads another.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from vigie.measure.indicator import Tables
from vigie.measure.months import days_between, month_of, months_later
from vigie.measure.posts import GRAIN
from vigie.measure.shared import Shared
from vigie.measure.stacking import stack

PUT_TO_ACCOUNT = ("reply", "mention", "tag", "review")
"""Kinds of mention by which someone speaks to an account; a quote or a find speaks of it."""
INTENT, QUESTION = "intent", "question"
EPOCH = "1970-01-01"
DAY = 86_400
HOUR = 3_600
EARLIEST = 14 * HOUR
"""A month ends so long before midnight UTC where it ends first on earth: until then every answer
of the month bears a day of the month, in whichever time zone the institution counts its days."""
BY = ("account", "network", "month_on")


@Shared
def asked_of(tables: Tables) -> ir.Table:
    """Return what was said to each account, and whether it is a question, where that is labelled.

    Columns: account, network, month_on, post, author, answers_to, thread, asked (seconds since
    1970), observed_at, is_question (unknown: nobody and nothing labelled it).
    """
    mentions = tables["mentions"]
    spoken = mentions.filter(mentions.kind.isin(PUT_TO_ACCOUNT))
    intents = _surest_intents(tables["labels"])
    found = spoken.left_join(intents, ["network", "post"])
    return found.select(
        "network", "post", "author", "answers_to", "thread", "observed_at",
        account=found.subject,
        month_on=month_of(found.published_on),
        asked=found.published_at.epoch_seconds().cast("int64"),
        is_question=found.answers.contains(QUESTION),
    )  # fmt: skip


def _surest_intents(labels: ir.Table) -> ir.Table:
    """Return the intents of each post: a person's answer beats a model's, a model's the rules'."""
    intents = labels.filter(labels.question == INTENT, ~labels.annotator.startswith("trial "))
    by_person = intents.annotator.startswith("person:").cast("int64")
    by_model = intents.annotator.startswith("model").cast("int64")
    place = ibis.row_number().over(
        group_by=["network", "post"],
        order_by=[
            (by_person * 2 + by_model).desc(),
            intents.labelled_at.desc(),
            intents.annotator,
        ],
    )
    return intents.filter(place == 0).select("network", "post", "answers")


@Shared
def waits(tables: Tables) -> ir.Table:
    """Return each question with how long it was followed, and whether that ended in an answer.

    Columns: account, network, month_on, post, seconds, is_answered, seen_at. Questions that nobody
    followed (asked after the last look, or when the month was all but over) are not there.
    """
    asked = asked_of(tables)
    questions = asked.filter(asked.is_question)
    first = first_answers(questions, asked, tables["posts"])
    ends = _followed_until(asked, tables)
    found = questions.left_join(first, ["account", "post"]).join(ends, ["account", "month_on"])
    is_answered = (found.answered <= found.until).fill_null(False)
    seconds = is_answered.ifelse(found.answered, found.until) - found.asked
    return found.filter(found.until > found.asked).select(
        *BY, "post", seconds=seconds, is_answered=is_answered, seen_at=found.seen_at
    )


def first_answers(questions: ir.Table, asked: ir.Table, posts: ir.Table) -> ir.Table:
    """Return when the account first answered each question that it answered."""
    replies = _replies(posts)
    direct = questions.join(
        replies,
        [questions.account == replies.by, questions.post == replies.to],
    )
    told = asked.select(by=asked.account, to=asked.post, answered_author=asked.author).distinct()
    known = replies.filter(replies.in_thread.notnull(), ~replies.begins)
    known = known.left_join(told, ["by", "to"]).drop("by_right", "to_right")
    threaded = questions.join(
        known, [questions.account == known.by, questions.thread == known.in_thread]
    )
    # Not to someone else: to nobody in particular, to what the question itself replied to, or to
    # something that the same person wrote.
    to_them = (
        threaded.to.isnull()
        | (threaded.to == threaded.answers_to).fill_null(False)
        | (threaded.answered_author == threaded.author).fill_null(False)
    )
    kept = ("account", "post", "asked", "said")
    both = stack(direct.select(*kept), threaded.filter(to_them).select(*kept))
    later = both.filter(both.said >= both.asked)
    return later.group_by("account", "post").agg(answered=later.said.min())


def _replies(posts: ir.Table) -> ir.Table:
    """Return own posts that may answer someone; ``begins``: it goes on with a thread of its own."""
    own = posts.filter(~posts.is_repost.fill_null(False))
    own = own.filter(own.answers_to.notnull() | own.thread.notnull())
    return own.select(
        by=own.account,
        to=own.answers_to,
        in_thread=own.thread,
        begins=~own.is_reply.fill_null(True),
        said=own.published_at.epoch_seconds().cast("int64"),
    )


def _followed_until(asked: ir.Table, tables: Tables) -> ir.Table:
    """Return until when each account was followed in each month: the last look, within it."""
    accounts = asked.select("account").distinct()
    posts = tables["posts"].semi_join(accounts, "account")
    snapshots = tables["snapshots"].semi_join(accounts, "account")
    looks = stack(
        asked.select("account", "month_on", "observed_at"),
        posts.select("account", "observed_at", month_on=month_of(posts.published_on)),
        snapshots.select("account", "observed_at", month_on=month_of(snapshots.observed_on)),
    )
    last = looks.group_by(GRAIN).agg(seen_at=looks.observed_at.max())
    ended = days_between(ibis.date(EPOCH), months_later(last.month_on, 1)) * DAY - EARLIEST
    looked = last.seen_at.epoch_seconds().cast("int64")
    return last.select(*GRAIN, "seen_at", until=(looked < ended).ifelse(looked, ended))


@Shared
def labelled(tables: Tables) -> ir.Table:
    """Return what share of what was said to each account is labelled, and how many questions.

    Columns: account, network, month_on, n (questions followed), coverage, seen_at.
    """
    asked = asked_of(tables)
    whole = asked.group_by(BY).agg(
        coverage=asked.is_question.notnull().mean(), looked_at=asked.observed_at.max()
    )
    followed = waits(tables)
    counted = followed.group_by(BY).agg(n=followed.count(), seen_at=followed.seen_at.max())
    both = whole.left_join(counted, BY)
    return both.select(
        *BY,
        "coverage",
        n=both.n.fill_null(0),
        seen_at=ibis.coalesce(both.seen_at, both.looked_at),
    )
