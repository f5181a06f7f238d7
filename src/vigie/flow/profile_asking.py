"""Asks networks for the profiles of accounts, and keeps nothing of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from vigie.collect.address import Address
from vigie.collect.connecting import connect, connectors, missing, price_per_post
from vigie.collect.connector import Ask, Connector, Context, Page, Subject
from vigie.collect.proof import UNASKED, Profile
from vigie.errors import BusyError, DeniedError, MissingError, VigieError
from vigie.flow.collecting import Means
from vigie.http import Http
from vigie.model import Post, Snapshot
from vigie.store.store import Store
from vigie.words import Words, _

PROFILE, POSTS = "profile", "posts"
MOST_ASKED = 40
"""Accounts whose profiles are asked for; a site that names more is no list of its own."""
MOST_STEPS = 4
"""Questions until an account is found at the server where it lives."""


@dataclass(kw_only=True)
class Profiles:
    """Asks each network as far as it can be asked."""

    store: Store
    means: Means
    http: Http
    asked: int = 0
    closed: dict[str, Words] = field(default_factory=dict)
    """Networks that answer nobody at the moment, and why."""
    members: dict[str, Connector | None] = field(default_factory=dict)

    def of(self, addresses: Sequence[Address]) -> Mapping[str, Profile]:
        """Return the profile of each account, by key, with the day of its last post."""
        known = self._latest_known(addresses)
        return {
            address.account: self._profile(address, known.get(address.account))
            for address in addresses
        }

    def _profile(self, address: Address, latest: datetime | None) -> Profile:
        connector = self._member(address.network)
        if connector is None:
            return Profile(failure=_unconnected(address.network), latest_post=latest)
        if address.network in self.closed:
            return Profile(failure=self.closed[address.network], latest_post=latest)
        if self.asked >= MOST_ASKED:
            words = _("More than {count} accounts were found: this one was not asked for.",
                      count=MOST_ASKED)  # fmt: skip
            return Profile(failure=words, latest_post=latest)
        self.asked += 1
        found = self._asked(connector, address)
        if found.snapshot is not None and latest is None:
            latest = self._latest_post(connector, address)
        return replace(found, latest_post=latest)

    def _asked(self, connector: Connector, address: Address) -> Profile:
        try:
            page = self._walk(connector, address, PROFILE)
        except MissingError:
            return Profile(is_missing=True)
        except VigieError as error:
            has_key = any(option.is_needed for option in connector.options)
            if has_key and isinstance(error, (DeniedError, BusyError)):
                self.closed[address.network] = error.words
            return Profile(failure=error.words)
        look = next((one for one in page.records if isinstance(one, Snapshot)), None)
        if look is None:
            return Profile(failure=_("The network does not show this profile to everybody."))
        identifier, handle = next(iter(page.handles.items()), (None, None))
        return replace(UNASKED, snapshot=look, identifier=identifier, handle=handle)

    def _latest_post(self, connector: Connector, address: Address) -> datetime | None:
        """Return when an account last published, where asking costs nothing."""
        can_say = any(stream.name == POSTS for stream in connector.streams)
        if not can_say or price_per_post(connector):
            return None
        try:
            page = self._walk(connector, address, POSTS)
        except VigieError:
            return None
        dates = (one.published_at for one in page.records if isinstance(one, Post))
        return max(dates, default=None)

    def _walk(self, connector: Connector, address: Address, stream: str) -> Page:
        """Ask until something comes: an account may live elsewhere than its handle says."""
        context = Context(zone=self.means.settings.zone, run="", pseudonym=_nobody)
        ask = Ask(stream=stream, subject=_subject(address))
        for _step in range(MOST_STEPS):
            page = connector.parse(connector.fetch(ask, self.http), context)
            if page.records or page.next_page is None:
                break
            ask = replace(ask, page=page.next_page)
        return page

    def _member(self, network: str) -> Connector | None:
        """Return the connector that can ask for profiles of a network now, if there is one."""
        if network not in self.members:
            self.members[network] = next(
                (one for name in connectors() if (one := self._able(name, network))), None
            )
        return self.members[network]

    def _able(self, name: str, network: str) -> Connector | None:
        if not _gives_profiles(connectors()[name], network):
            return None
        secrets = self.means.secrets.get(name, {})
        made = connect(name, settings=self.means.settings.connect, secrets=secrets)
        made.keep = partial(self.means.keep, name)
        return None if missing(made) or made.is_on_demand else made

    def _latest_known(self, addresses: Sequence[Address]) -> Mapping[str, datetime]:
        """Return when accounts last published, as far as the store knows."""
        posts = self.store.table("posts")
        keys = [address.account for address in addresses]
        mine = posts.filter(posts.account.isin(keys)) if keys else posts.limit(0)
        rows = mine.group_by("account").aggregate(latest=mine.published_at.max()).to_pyarrow()
        return {
            row["account"]: row["latest"].astimezone(UTC)
            for row in rows.to_pylist()
            if row["latest"] is not None
        }


def _gives_profiles(member: type[Connector], network: str) -> bool:
    return member.network == network and any(one.name == PROFILE for one in member.streams)


def _unconnected(network: str) -> Words:
    for member in connectors().values():
        if _gives_profiles(member, network):
            return _("{network} is not connected.", network=member.label)
    return _("{network} shows its profiles to no program.", network=network)


def _subject(address: Address) -> Subject:
    return Subject(
        subject=address.account,
        network=address.network,
        handle=address.handle,
        identifier=address.identifier,
        url=address.url or None,
    )


def _nobody(network: str, person: str) -> str:
    """Nothing is kept: there is nobody to hide."""
    return ""
