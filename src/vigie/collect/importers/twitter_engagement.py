"""University Twitter Engagement: universities of the United States, account by account."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.headings import Headings, Row
from vigie.collect.importer import Context, RowImporter
from vigie.collect.institution_names import Slugs
from vigie.collect.nested import Item, item_of
from vigie.collect.observed import account_key
from vigie.collect.register_rows import tidy, website_of
from vigie.collect.sample import Sample
from vigie.errors import RowError
from vigie.model import Account, Institution, Record, Snapshot
from vigie.words import _


class TwitterEngagement(RowImporter):
    """The JSON of the *University Twitter Engagement* study (Old Dominion University, 2017).

    One object for a university, with its official primary accounts and the secondary ones in
    the same domain, each with the followers it had. Imported as a register it gives
    institutions and accounts; imported as observations, a snapshot of each account. The file
    does not say on which day it was made: give it (``--observed-at 2017-08-19``).
    """

    label = _("University Twitter Engagement, accounts")
    headings = Headings(
        required={"name": "UNIVERSITY", "primary": "OFFICIAL_PRIMARY|OFFICIAL_PRIMARY.*"},
        also={"place": "CAMPUS_LOCATION", "website": "HOMEPAGE"},
    )

    def __init__(self) -> None:
        self._slugs = Slugs()

    def recognises(self, sample: Sample) -> int:
        """Count the fields of this format."""
        names = {column.partition(".")[0] for column in sample.columns}
        known = {"UNIVERSITY", "CAMPUS_LOCATION", "HOMEPAGE", "OFFICIAL_PRIMARY"}
        return len(names & known) if {"UNIVERSITY", "OFFICIAL_PRIMARY"} <= names else 0

    def records(self, row: Row, context: Context) -> Iterator[Record | RowError]:
        """Yield the university, then each of its accounts with its audience."""
        found = item_of(row)
        name = found.needed("UNIVERSITY")
        city = (tidy(found.name("CAMPUS_LOCATION")) or "").partition(",")[0]
        institution = Institution(
            institution=self._slugs.of(name, identity=(name,)),
            name=name,
            kind="university",
            country="US",
            city=city or None,
            website=website_of(found.name("HOMEPAGE")),
        )
        yield institution
        for place, account in enumerate(_accounts(found)):
            yield from _seen(account, institution, context, is_principal=place == 0)


def _accounts(university: Item) -> Iterator[Item]:
    """Return the primary accounts, then the secondary ones.

    Of several primary accounts the one most followed leads, whatever order they are in.
    """
    primary = university.at("OFFICIAL_PRIMARY")
    one = primary.at("OFFICIAL_PRIMARY_ROW")
    several = [one] if one else list(primary)
    yield from sorted(several, key=lambda item: -(item.count("FOLLOWER_COUNT") or 0))
    yield from university.at("OFFICIAL_SECONDARY")


def _seen(
    account: Item, institution: Institution, context: Context, *, is_principal: bool
) -> Iterator[Record]:
    handle = account.needed("SCREEN_NAME")
    key = account_key("x", handle)
    yield Account(
        account=key,
        institution=institution.institution,
        network="x",
        handle=handle,
        url=f"https://x.com/{handle}",
        name=account.name("USERNAME"),
        is_principal=is_principal,
    )
    yield Snapshot(
        network="x",
        account=key,
        observed_at=context.observed_at,
        observed_on=context.observed_at.astimezone(context.zone).date(),
        followers=account.count("FOLLOWER_COUNT"),
        following=account.count("FOLLOWING_COUNT"),
        name=account.name("USERNAME"),
        source="twitter_engagement",
        run=context.run,
    )
