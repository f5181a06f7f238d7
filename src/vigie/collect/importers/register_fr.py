"""The French ministry's register of higher education."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.french_rows import HEADINGS, FrenchRows
from vigie.collect.headings import Row
from vigie.collect.importer import Context, RowImporter
from vigie.collect.reading import Sample
from vigie.collect.register_rows import account_columns
from vigie.errors import RowError
from vigie.model import Record
from vigie.words import _


class RegisterFr(RowImporter):
    """The register *Principaux établissements d'enseignement supérieur* of the French ministry.

    Recognised by its columns, whichever of the known headers it has: the technical names
    (``uo_lib``, ``uai``), the French labels (``libellé``, ``uai - identifiant``), or the JSON of
    the portal, nested or flat. The columns ``compte_…`` and ``flux_rss`` become accounts, the
    columns of enrolled students enrolments; the column ``inscrits``, which holds an address, is
    left alone. A date that gives only the year stands for its first day, or for the last one
    when the institution closed. *Paris 5e* is the city of Paris.
    """

    label = _("French register of higher education")
    headings = HEADINGS

    def __init__(self) -> None:
        self._rows = FrenchRows()

    def recognises(self, sample: Sample) -> int:
        """Count the columns of this register; accounts count as well."""
        found = self.headings.found(sample)
        return found + len(account_columns(tuple(sample.columns))) if found else 0

    def records(self, row: Row, context: Context) -> Iterator[Record | RowError]:
        """Yield the institution, its enrolments and its accounts."""
        return self._rows.records(row)
