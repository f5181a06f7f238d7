"""What rows of any register have in common: lists in a cell, accounts by column, countries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache

from babel import Locale

from vigie.collect.address import NETWORKS, parse_addresses
from vigie.collect.cells import is_unknown, plain_text, repaired
from vigie.collect.headings import folded
from vigie.collect.importer import Context
from vigie.collect.institution_names import plain
from vigie.errors import RowError
from vigie.model import Account, Institution
from vigie.words import _

_ALIASES = {"twitter": "x", "feed": "rss", "flux_rss": "rss", "atom": "rss", "autres": "other",
            "viadeo": "other", "googleplus": "other", "tumblr": "other", "scribd": "other",
            "scoopit": "other", "france_culture": "other"}  # fmt: skip
_SAID_AROUND = re.compile(r"^(?:fields\.)?(?:compte_|account_)?|[_ ]?(?:ur[li]|link|accounts?)s?$")
_STUDENTS = re.compile(
    r"(?:fields\.)?(?:inscrits_|students_|(?:effectifs d'etudiants )?inscrits )(\d{4})(?:-\d{2,4})?"
)
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?")


def tidy(cell: str | None) -> str | None:
    """Return a name with single spaces and sound letters; unknown when there is nothing."""
    return None if is_unknown(cell) else " ".join(repaired(plain_text(cell) or "").split()) or None


def several(cell: str | None) -> tuple[str, ...]:
    """Return the parts of a cell that holds several: by ``;`` or ``|``, or a JSON list."""
    text = plain_text(cell) or ""
    if text.startswith("["):
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if isinstance(found, list):
            return tuple(part for part in map(tidy, map(str, found)) if part)
    return tuple(part for part in map(tidy, re.split(r"[;|]", text)) if part)


def constant(context: Context, name: str) -> str | None:
    """Return what a person said of every row: ``=FR`` for the country."""
    given = context.mapping.get(name, "")
    return given[1:].strip() or None if given.startswith("=") else None


def day_of(cell: str | None, *, last: bool = False) -> date | None:
    """Return a date; of a year or a month alone its first day (its last, if asked)."""
    found = _DATE.fullmatch((cell or "").strip())
    if found is None:
        return None
    year, month, day = found.groups()
    try:
        if day:
            return date(int(year), int(month), int(day))
        if month:
            return date(int(year), int(month), 28 if last else 1)
        return date(int(year), 12, 31) if last else date(int(year), 1, 1)
    except ValueError:
        return None


def website_of(cell: str | None) -> str | None:
    """Return the address of a site, with its scheme; unknown when it is no address."""
    text = (several(cell) or ("",))[0].split(" ")[0]
    if text and not re.match(r"https?://", text, re.IGNORECASE):
        text = f"https://{text}"
    return text if re.match(r"https?://[^/\s]+\.[^/\s]+", text, re.IGNORECASE) else None


def website_host(website: str | None) -> str | None:
    """Return the host of a site without ``www.``: what two looks at one site share."""
    host = re.sub(r"^https?://", "", (website or "").strip().lower()).partition("/")[0]
    return host.partition(":")[0].removeprefix("www.") or None


def country_of(text: str | None) -> str | None:
    """Return the code of a country from its code or its name in French or English."""
    named = tidy(text)
    if named is None:
        return None
    if re.fullmatch(r"[A-Za-z]{2}", named):
        return named.upper()
    return _countries().get(plain(named))


@cache
def _countries() -> Mapping[str, str]:
    return {
        plain(name): code
        for language in ("en", "fr")
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }


@lru_cache(maxsize=64)
def account_columns(columns: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the columns of accounts with their networks, in the order of the file."""
    found = []
    for column in columns:
        name = _SAID_AROUND.sub("", folded(column)) or folded(column)
        network = _ALIASES.get(name, name)
        if network in NETWORKS:
            found.append((column, network))
    return tuple(found)


@lru_cache(maxsize=64)
def student_columns(columns: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Return the columns that count students, with the year the academic year begins."""
    found = ((column, _STUDENTS.fullmatch(folded(column))) for column in columns)
    return tuple((column, int(match[1])) for column, match in found if match)


def accounts_of(
    institution: Institution, cells: Iterable[tuple[str, str, str | None]]
) -> Iterator[Account | RowError]:
    """Yield the accounts that cells of (column, network) name, and what cannot be read in them.

    The first account of a network is the principal one.
    """
    keys: set[str] = set()
    networks: set[str] = set()
    for column, network, cell in cells:
        read = parse_addresses(cell, network)
        for unread in read.unreadable:
            yield RowError(
                _(
                    "{address} of {institution} is left out. {reason}",
                    address=unread.text,
                    institution=institution.name,
                    reason=unread.reason,
                ),
                column=column,
            )
        for address in read.found:
            if address.account in keys:
                continue
            yield Account(
                account=address.account,
                institution=institution.institution,
                network=address.network,
                handle=address.handle,
                identifier=address.identifier,
                url=address.url,
                is_principal=address.network not in networks,
            )
            keys.add(address.account)
            networks.add(address.network)
