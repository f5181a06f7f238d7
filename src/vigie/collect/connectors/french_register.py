"""The French ministry's register of higher education, from its open-data interface."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

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
    Unread,
)
from vigie.collect.french_rows import FrenchRows
from vigie.collect.nested import Item
from vigie.collect.objects import flattened
from vigie.collect.received import received
from vigie.collect.rights import Rights
from vigie.errors import GarbledError, MissingError, RowError, SearchError
from vigie.http import Http, Request
from vigie.model import Account, Institution, Record
from vigie.words import _

SERVICE = "https://data.enseignementsup-recherche.gouv.fr"
DATASET = "fr-esr-principaux-etablissements-enseignement-superieur"
ORDER = "etablissement_id_paysage"
"""What the pages are sorted by: without an order, the same row may come twice and another never."""
PAGE = 100
"""Rows to a page: the most there are."""
REACH = 10_000
"""Rows that pages reach; beyond, the whole is asked for at once."""
MOST = 1_000_000
"""Rows that no register has."""
WHOLE = "whole"


class FrenchRegister(Connector):
    """The register *Principaux établissements d'enseignement supérieur* of the French ministry,
    read from its open-data portal (Opendatasoft, Explore 2.1) instead of a downloaded file.

    It is asked by ``vigie register import --from french_register`` only, and what it says
    otherwise becomes a difference to review, as with a file: nothing changes before it is
    accepted. The same rows as the importer *French register of higher education* come out.
    Pages hold a hundred rows and are sorted; a register of more than ten thousand rows is asked for
    in one piece. Where the number of rows changes from one page to the next, reading begins
    again: no row is missed or taken twice.
    """

    label = _("French register of higher education, online")
    network = "french_register"
    streams = (
        Stream(
            name="register",
            label=_("Institutions, accounts and enrolments"),
            every=timedelta(days=30),
            is_dated=False,
        ),
    )
    rights = Rights(
        terms="https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        read_on="2025-01",
        remarks=(
            _(
                "Licence Ouverte 2.0: free to use and to publish, with the name of the source "
                "and the date of its last update."
            ),
        ),
    )
    options = (
        Option(name="service", label=_("Address of the portal"), default=SERVICE),
        Option(name="dataset", label=_("Name of the dataset on the portal"), default=DATASET),
    )
    allowance = Allowance(per=timedelta(minutes=1), calls=60)

    def subjects(
        self, accounts: Sequence[Account], institutions: Sequence[Institution]
    ) -> Sequence[Subject]:
        """Return nothing: only the register asks for a register."""
        return []

    def fetch(self, ask: Ask, http: Http) -> Payload:
        """Ask for a page of the register, or for the whole of it."""
        dataset = self.chosen.get("dataset") or DATASET
        base = f"{self.chosen.get('service') or SERVICE}/api/explore/v2.1/catalog/datasets"
        if ask.page == WHOLE:
            request = Request(
                url=f"{base}/{dataset}/exports/json", params={"order_by": ORDER, "limit": "-1"}
            )
        else:
            offset, _total = _place(ask.page)
            request = Request(
                url=f"{base}/{dataset}/records",
                params={"limit": str(PAGE), "offset": str(offset), "order_by": ORDER},
            )
        try:
            answer = http.ask(request)
        except MissingError as error:
            raise _no_dataset(error, dataset) from error
        return received(ask, request, answer, connector="french_register")

    def parse(self, payload: Payload, context: Context) -> Page:
        """Read the rows of a page. Slugs are made page by page: the register makes its own."""
        found = _json(payload)
        if payload.page == WHOLE:
            return _read(_rows(found), next_page=None)
        rows, total = _rows(Item(found).at("results").value), _total(found)
        offset, before = _place(payload.page)
        if before is not None and total != before:
            raise GarbledError(
                _(
                    "The register changed while it was read: it had {before} rows, now {total}. "
                    "Read it again.",
                    before=before,
                    total=total,
                )
            )
        if total > REACH:
            return Page(skipped={"asked for again with the whole": len(rows)}, next_page=WHOLE)
        offset += len(rows)
        if not rows and offset < total:
            raise GarbledError(
                _(
                    "The register ended at row {offset} of {total}. Read it again.",
                    offset=offset,
                    total=total,
                )
            )
        return _read(rows, next_page=f"{offset}/{total}" if offset < total else None)

    def search(self, words: str, *, name: str) -> Ask:
        """Refuse: there are no posts in a register."""
        raise SearchError(_("A register holds institutions, not posts to search."))


def _no_dataset(error: MissingError, dataset: str) -> MissingError:
    return MissingError(
        _(
            "The portal has no dataset {dataset} ({status}). Look for its new name there and set "
            "it as the option dataset of french_register.",
            dataset=dataset,
            status=error.status,
        ),
        status=error.status,
        said=error.said,
    )


def _place(page: str | None) -> tuple[int, int | None]:
    """Return where a page begins, and how many rows there were before it was asked for."""
    if page is None:
        return 0, None
    offset, _slash, total = page.partition("/")
    return int(offset), int(total)


def _json(payload: Payload) -> object:
    try:
        found: object = json.loads(payload.body)
    except (ValueError, RecursionError) as error:
        raise GarbledError(
            _(
                "{url} answered something that is not JSON. Ask again later; if it lasts, the "
                "portal has changed.",
                url=payload.url,
            )
        ) from error
    return found


def _total(found: object) -> int:
    total = Item(found).at("total_count").value
    if isinstance(total, int) and not isinstance(total, bool) and 0 <= total <= MOST:
        return total
    raise GarbledError(_("The portal does not say how many rows the register has."))


def _rows(found: object) -> list[object]:
    if isinstance(found, list):
        return found
    raise GarbledError(_("The portal answered without rows: its interface may have changed."))


def _read(rows: Sequence[object], *, next_page: str | None) -> Page:
    """Return what all rows say: an institution, its accounts and its enrolments for each."""
    reader = FrenchRows()
    records: list[Record] = []
    unread: list[Unread] = []
    for position, row in enumerate(rows, 1):
        try:
            found = list(reader.records(_flat(row)))
        except RowError as error:
            found = [error]
        for one in found:
            if isinstance(one, RowError):
                unread.append(_unread(position, row, one))
            else:
                records.append(one)
    return Page(records=records, unread=tuple(unread), next_page=next_page)


def _flat(row: object) -> Mapping[str, str | None]:
    flat = flattened(row)
    if flat:
        return flat
    raise RowError(_("This row is not an object with columns."))


def _unread(position: int, row: object, error: RowError) -> Unread:
    content = json.dumps(row, ensure_ascii=False)
    return Unread(position=position, field=error.column, reason=error.words, content=content)
