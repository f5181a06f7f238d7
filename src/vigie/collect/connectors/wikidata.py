"""Wikidata: how many followers accounts had, on which day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit

from vigie.collect.connector import (
    Allowance,
    Ask,
    Connector,
    Context,
    Option,
    Page,
    Payload,
    Stream,
    Subject,
)
from vigie.collect.items import Skipped, page_of
from vigie.collect.moments import EARLIEST
from vigie.collect.nested import Item
from vigie.collect.received import body_of, received
from vigie.collect.rights import Rights
from vigie.collect.wikidata_accounts import accounts_in, named_account
from vigie.errors import BusyError, GarbledError, RefusedError, RowError, SearchError
from vigie.http import Answer, Http, Request
from vigie.model import Account, Institution, Record, Snapshot
from vigie.words import _

SERVICE = "https://www.wikidata.org/w/api.php"
BATCH = 25
"""Items asked for at once: fifty are allowed, but those of universities are long."""
MOST_LAG = 5
"""Seconds the servers may be behind before they are left alone, as they ask of programs."""
FOLLOWERS = "P8687"
POINT_IN_TIME = "P585"
DAY = 11
"""How Wikidata writes that a date is exact to the day."""
_ITEM = re.compile(r"Q[1-9]\d{0,11}")
_DATE = re.compile(r"\+(\d{4}-\d{2}-\d{2})T00:00:00Z")


class Wikidata(Connector):
    """Followers of accounts as people noted them in Wikidata, each with its day.

    Asked about every open institution that has a Wikidata identifier in the register. A statement
    *social media followers* (P8687) becomes a look at the audience of the account that it names, on
    the day that it names: this tells of years before collecting began. The account is named by its
    handle (X, Instagram, Facebook, LinkedIn, YouTube, Mastodon, Bluesky, TikTok, Threads …) or by
    its number, which is looked up among the accounts of the same item.

    Left aside: statements marked as deprecated, without a day or dated to a month only, that name
    no account, or one on a network we do not follow. Looks at accounts that the register does not
    have are kept and appear when the account is entered. The day has no hour: it stands for noon,
    UTC. A merged item answers under its new identifier; one that was deleted is counted as
    missing.
    """

    label = _("Wikidata")
    network = "wikidata"
    streams = (
        Stream(
            name="followers",
            label=_("Followers with their dates"),
            every=timedelta(days=7),
            is_dated=False,
        ),
    )
    rights = Rights(
        terms="https://www.wikidata.org/wiki/Wikidata:Licensing",
        read_on="2025-01",
        may_export_others=True,
        remarks=(
            _("The facts of Wikidata are free of rights (CC0). Naming the source is polite."),
            _(
                "Wikidata asks programs to say who runs them and to ask slowly, one question "
                "after the other: fill in the setting contact, or it may refuse to answer."
            ),
        ),
    )
    options = (
        Option(name="service", label=_("Address of the interface (for tests)"), default=SERVICE),
    )
    allowance = Allowance(per=timedelta(minutes=1), calls=30)

    def subjects(
        self, accounts: Sequence[Account], institutions: Sequence[Institution]
    ) -> Sequence[Subject]:
        """Return the items of the open institutions, in batches."""
        named = {one.wikidata or "" for one in institutions if one.closed_on is None}
        items = sorted(filter(_ITEM.fullmatch, named))
        batches = [items[start : start + BATCH] for start in range(0, len(items), BATCH)]
        return [
            Subject(
                subject=f"wikidata:batch-{number}",
                network=self.network,
                identifier="|".join(batch),
            )
            for number, batch in enumerate(batches, 1)
        ]

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Ask for the statements of a batch of items; wait when the servers are behind."""
        request = Request(
            url=self.chosen.get("service") or SERVICE,
            params={
                "action": "wbgetentities",
                "ids": ask.page or ask.subject.identifier or "",
                "props": "claims",
                "redirects": "yes",
                "format": "json",
                "formatversion": "2",
                "maxlag": str(MOST_LAG),
            },
        )
        answer = http.ask(request)
        payload = received(ask, request, answer, connector="wikidata")
        _refuse_errors(body_of(payload), answer)
        return payload

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read the statements about followers of all items of a batch."""
        entities = body_of(payload).at("entities").value
        if not isinstance(entities, Mapping):
            raise GarbledError(
                _("Wikidata answered without any items: its interface may have changed.")
            )
        return page_of(
            list(_statements(entities)),
            lambda item: _record(item, payload, context),
            next_page=_left_out(payload, entities),
        )

    def search(self, words: str, *, name: str) -> Ask:
        """Refuse: there are no posts in Wikidata."""
        raise SearchError(_("Wikidata holds facts about institutions, not posts to search."))


def _refuse_errors(body: Item, answer: Answer) -> None:
    """Raise what Wikidata says went wrong: it does so with a status of success."""
    code = body.name("error", "code")
    if code is None:
        return
    said = body.name("error", "info") or code
    if code in {"maxlag", "ratelimited", "readonly"}:
        seconds = answer.headers.get("retry-after", "")
        wait = timedelta(seconds=int(seconds) if seconds.isascii() and seconds.isdigit() else 60)
        raise BusyError(
            _("Wikidata is busy and asks to come back a little later: {said}", said=said),
            status=503,
            said=said,
            until=answer.at + wait,
        )
    raise RefusedError(
        _(
            "Wikidata refused the question ({said}). Look at the Wikidata identifiers in the "
            "register.",
            said=said,
        ),
        status=answer.status,
        said=said,
    )


def _left_out(payload: Payload, entities: Mapping[str, object]) -> str | None:
    """Return the items that a long answer did not reach; they are asked for next."""
    query = parse_qs(urlsplit(payload.url).query)
    asked = [name for name in "|".join(query.get("ids", [])).split("|") if name]
    given = set(entities)
    for entity in map(Item, entities.values()):
        given |= {entity.name("id") or "", entity.name("redirects", "from") or ""}
    rest = [name for name in asked if name not in given]
    if rest and len(rest) == len(asked):
        raise GarbledError(
            _("Wikidata answered none of the items it was asked about. Ask again later.")
        )
    return "|".join(rest) or None


def _statements(entities: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield the statements of all items, each once, with the accounts its item names."""
    seen: set[str] = set()
    for name, value in entities.items():
        entity = Item(value)
        own = entity.name("id") or name
        if entity.at("missing").value is not None:
            yield {"item": name, "missing": True}
        if own in seen:
            continue
        seen.add(own)
        accounts = accounts_in(entity.at("claims"))
        for statement in entity.at("claims", FOLLOWERS):
            yield {"item": own, "statement": statement.value, "accounts": accounts}


def _record(item: Item, payload: Payload, context: Context) -> Record | Skipped:
    if item.at("missing"):
        return Skipped("item missing")
    statement = item.at("statement")
    if statement.name("rank") == "deprecated":
        return Skipped("deprecated")
    if statement.name("mainsnak", "snaktype") in {"somevalue", "novalue"}:
        return Skipped("unknown value")
    day = _day(statement.at("qualifiers", POINT_IN_TIME), payload)
    if isinstance(day, Skipped):
        return day
    account = named_account(statement.at("qualifiers"), item.at("accounts"))
    if isinstance(account, Skipped):
        return account
    followers = _followers(statement)
    noon = datetime.combine(day, time(12), UTC)
    return Snapshot(
        network=account.partition(":")[0],
        account=account,
        observed_at=noon,
        observed_on=day,
        followers=followers,
        source=payload.connector,
        run=context.run or None,
    )


def _followers(statement: Item) -> int:
    amount = statement.at("mainsnak", "datavalue", "value")
    found = amount.count("amount")
    if found is None:
        raise RowError(_("This statement gives no number of followers."), column="amount")
    return found


def _day(qualifiers: Item, payload: Payload) -> date | Skipped:
    """Return the only day a statement is dated to; one date more is none."""
    if len(qualifiers) != 1:
        return Skipped("without a day" if not qualifiers else "several days")
    value = qualifiers.at(0, "datavalue", "value")
    written = value.name("time") or ""
    if value.at("precision").value != DAY:
        return Skipped("not dated to the day")
    found = _DATE.fullmatch(written)
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= payload.received_at.date() + timedelta(days=1):
        raise RowError(
            _("{cell} is not a day on which followers can have been counted.", cell=written),
            column="point in time",
        )
    return day
