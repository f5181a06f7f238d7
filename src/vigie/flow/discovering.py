"""Looks for the accounts of an institution, from its web site, and weighs whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vigie.collect.address import Address, parse_addresses
from vigie.collect.discovery import Found
from vigie.collect.proof import Proof
from vigie.collect.proving import proofs
from vigie.collect.web_site import host_of, site_of
from vigie.collect.well_known import guesses
from vigie.columns import records_of
from vigie.errors import RegisterError
from vigie.flow.collecting import Means
from vigie.flow.profile_asking import Profiles
from vigie.flow.site_reading import SiteReading
from vigie.http import open_http
from vigie.model import Account, Institution
from vigie.store.store import Store
from vigie.words import Words, _


@dataclass(frozen=True, kw_only=True)
class Discovery:
    """What a look at an institution's site and at its accounts showed; nothing of it is kept."""

    institution: str
    name: str
    site: str
    """The address that was read, after redirects."""
    at: datetime
    proofs: tuple[Proof, ...] = ()
    pages: tuple[str, ...] = ()
    """Those that were read."""
    failures: tuple[Words, ...] = ()
    has_moved: bool = False
    """The site sends its readers to another domain: nothing is accepted unseen."""

    @property
    def is_read(self) -> bool:
        """Whether the site answered: if not, nothing is known, and nothing is said."""
        return bool(self.pages)


def discover(store: Store, institution: str, means: Means) -> Discovery:
    """Look for the accounts of an institution of the register; keep nothing.

    Its home page and a few pages that it names are read, then the profiles of what they name, of
    the accounts in the register, and of likely doubles. A site that does not answer is said in
    ``failures``; a register without the institution or its site is a ``RegisterError``.
    """
    row = institution_of(store, institution)
    website = _website(row)
    http = means.http or open_http(means.settings)
    reading = SiteReading(http=http, site=site_of(row, website))
    reading.read()
    weighed = tuple(_weighed(store, row, reading, means)) if reading.pages else ()
    return Discovery(
        institution=row.institution,
        name=row.name,
        site=reading.site.url,
        at=means.clock(),
        proofs=weighed,
        pages=tuple(dict.fromkeys(reading.pages)),
        failures=tuple(reading.failures),
        has_moved=reading.has_moved,
    )


def institutions_with_site(store: Store) -> list[str]:
    """Return the slugs of the institutions that can be looked for: open, with a site."""
    rows = records_of(Institution, store.table("institutions").to_pyarrow())
    return sorted(one.institution for one in rows if one.website and one.closed_on is None)


def institution_of(store: Store, slug: str) -> Institution:
    """Return an institution of the register by its slug."""
    table = store.table("institutions")
    rows = records_of(Institution, table.filter(table.institution == slug).to_pyarrow())
    if not rows:
        raise RegisterError(
            _("{name} is not in the register. See: vigie register list.", name=slug)
        )
    return rows[0]


def _website(row: Institution) -> str:
    written = (row.website or "").strip()
    if not written:
        raise RegisterError(
            _(
                "The register gives no web site of {name}: there is nowhere to look. Add it first.",
                name=row.name,
            )
        )
    url = written if "://" in written else f"https://{written}"
    if not host_of(url) or parse_addresses(url).found:
        raise RegisterError(
            _(
                "{address} is not the address of a web site of its own. Correct it in the "
                "register.",
                address=written,
            )
        )
    return url


def _weighed(store: Store, row: Institution, reading: SiteReading, means: Means) -> list[Proof]:
    registered = _registered(store, row.institution)
    named = [*reading.found, *guesses(reading.found, reading.site)]
    profiles = Profiles(store=store, means=means, http=reading.http)
    return proofs(
        named,
        profiles.of(_to_ask(registered, named)),
        reading.site,
        registered=registered,
        now=means.clock(),
    )


def _to_ask(registered: list[Address], named: list[Found]) -> list[Address]:
    """Return the accounts to ask about, once each: what matters most first."""
    addresses = [*registered, *(one.address for one in named)]
    return list({address.account: address for address in addresses}.values())


def _registered(store: Store, slug: str) -> list[Address]:
    """Return the open accounts that the register has of an institution."""
    table = store.table("accounts")
    rows = records_of(Account, table.filter(table.institution == slug).to_pyarrow())
    return [_address(row) for row in rows if row.closed_on is None]


def _address(row: Account) -> Address:
    """Return an account as its address names it, under the key it has in the register."""
    found = Address(
        network=row.network, handle=row.handle, identifier=row.identifier, url=row.url or ""
    )
    if found.account == row.account:
        return found
    return Address(
        network=row.network,
        handle=None,
        identifier=row.account.partition(":")[2],
        url=row.url or "",
    )
