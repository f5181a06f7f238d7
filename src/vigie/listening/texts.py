"""Every public post once, own or others', with whom it concerns and what is known of it.

Posts of accounts under study and mentions by anyone else are kept in two tables, and a mention
that concerns two accounts is two rows there. Listening reads them as one table of one row per
post, which is made of expressions that every engine of the store understands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from vigie.columns import schema_of
from vigie.listening.answers import chosen_answers
from vigie.model import Account, Label, Mention, Post, Record
from vigie.store.store import Store

Tables = Mapping[str, ir.Table]
"""Table name → its current rows, as in ``vigie.model``; those that are missing are empty."""

READS = (Post.table, Mention.table, Label.table, Account.table)
"""The tables a text is made of."""
KEY = ("network", "post")
SEEN = (
    "published_at", "published_on", "text", "url", "answers_to", "thread", "likes", "comments",
    "shares", "views",
)  # fmt: skip
"""What both tables say in the same words."""
COLUMNS = (
    "network", "post", "origin", "subjects", "institutions", "kind", "author", "published_at",
    "published_on", "text", "url", "language", "is_reply", "is_repost", "has_link", "has_image",
    "answers_to", "thread", "likes", "comments", "shares", "views", "intents", "services", "tone",
    "urgency", "duplicate_of", "entities", "stands_for",
)  # fmt: skip
WITH_IMAGES = ("image", "carousel")
LINK = "https?://"


def unlabelled(store: Store, *, months: Sequence[date] | None = None) -> Tables:
    """Return the tables texts are made of, without any label."""
    read = {name: store.table(name, months=months) for name in READS if name != Label.table}
    return {**read, Label.table: store.table(Label.table, months=())}


def texts(tables: Tables) -> ir.Table:
    """Return one row per public post: own or others', whomever it concerns, with its labels.

    ``subjects`` are the accounts and queries a post concerns and ``institutions`` those of the
    accounts among them, each sorted. ``author`` is the account of an own post and a pseudonym for
    anyone else. What nobody said or could tell is unknown: a mention does not say whether it has
    an image, and a post without labels has no intents (one that was looked at without finding any
    has an empty list). ``stands_for`` says how many posts a row counts for: more than one where
    only a share of what a query finds is kept.
    """
    posts, mentions = table(tables, Post), table(tables, Mention)
    concerned = _concerned(mentions, table(tables, Account))
    own = _own(posts, concerned, table(tables, Account))
    others = _others(mentions.anti_join(posts, KEY), concerned)
    return _labelled(_nullable(own).union(_nullable(others)), table(tables, Label))


def table(tables: Tables, record: type[Record]) -> ir.Table:
    """Return the rows of a record's table; a table that is missing has none."""
    if record.table in tables:
        return tables[record.table]
    return ibis.memtable(schema_of(record).empty_table())


def _concerned(mentions: ir.Table, accounts: ir.Table) -> ir.Table:
    """Return by post whom its mentions concern."""
    of = accounts.select(subject="account", institution="institution")
    rows = mentions.select(*KEY, "subject", "stands_for").left_join(of, "subject")
    return rows.group_by(*KEY).agg(
        # Who came by one query for sure stands for nobody, whoever else was sampled.
        stands_for_found=rows.stands_for.fill_null(1).min(),
        concerned=rows.subject.collect(distinct=True).sort(),
        concerned_institutions=rows.institution.collect(distinct=True).fill_null(_none()).sort(),
    )


def _own(posts: ir.Table, concerned: ir.Table, accounts: ir.Table) -> ir.Table:
    of = accounts.select("account", institution="institution")
    rows = posts.left_join(of, "account").left_join(concerned, KEY)
    institution = rows.institution.isnull().ifelse(_none(), ibis.array([rows.institution]))
    return rows.select(
        *KEY,
        *SEEN,
        origin=ibis.literal("own"),
        subjects=_together(ibis.array([rows.account]), rows.concerned),
        institutions=_together(institution, rows.concerned_institutions),
        kind=rows.kind,
        author=rows.account,
        language=rows.language,
        is_reply=rows.is_reply,
        is_repost=rows.is_repost,
        has_link=_has_link(rows.text) | (rows.kind == "link").fill_null(False),
        has_image=ibis.coalesce(rows.images > 0, rows.kind.isin(WITH_IMAGES)),
        stands_for=ibis.literal(1, type="int64"),
    )


def _others(mentions: ir.Table, concerned: ir.Table) -> ir.Table:
    """Return one row per post: of the rows it has for several subjects, the one seen last."""
    window = ibis.window(
        group_by=[mentions[name] for name in KEY],
        order_by=[mentions.observed_at.desc(), mentions.subject],
    )
    rows = mentions.filter(ibis.row_number().over(window) == 0).inner_join(concerned, KEY)
    return rows.select(
        *KEY,
        *SEEN,
        origin=ibis.literal("others"),
        subjects=rows.concerned,
        institutions=rows.concerned_institutions,
        kind=rows.kind,
        author=rows.author,
        language=rows.language,
        is_reply=(rows.kind == "reply") | rows.answers_to.notnull(),
        is_repost=ibis.null("boolean"),
        has_link=_has_link(rows.text),
        has_image=ibis.null("boolean"),
        stands_for=rows.stands_for_found,
    )


def _together(own: ir.ArrayValue, others: ir.ArrayValue) -> ir.ArrayValue:
    return own.concat(others.fill_null(_none())).unique().sort()


def _none() -> ir.ArrayValue:
    return ibis.literal([], type="array<string>")


def _has_link(text: ir.StringValue) -> ir.BooleanValue:
    return text.re_search(LINK)


def _labelled(rows: ir.Table, labels: ir.Table) -> ir.Table:
    """Add what was answered about each post; a label tells the language better than a network."""
    answers = chosen_answers(labels)
    found = rows.left_join(answers, KEY)
    itself = found.network.concat(":", found.post)
    return found.mutate(
        language=ibis.coalesce(found.language_label, found.language.lower().left(2)),
        duplicate_of=found.duplicate.nullif(itself),
    ).select(*COLUMNS)


def _nullable(rows: ir.Table) -> ir.Table:
    """Return rows of which any column may be unknown, as both halves of a union must agree."""
    kinds = {name: kind.copy(nullable=True) for name, kind in rows.schema().items()}
    return rows.cast(kinds)
