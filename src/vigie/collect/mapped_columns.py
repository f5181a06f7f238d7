"""Fills the columns of a table of the store from the columns of a file, as a mapping says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect import columnwise
from vigie.collect.address import NETWORKS, parse_addresses
from vigie.collect.cells import UNKNOWN, is_unknown
from vigie.collect.columnwise import Column
from vigie.collect.importer import Context
from vigie.collect.institution_names import Slugs, slug_of
from vigie.collect.mapping import Mapped, Rule
from vigie.collect.observed import account_key
from vigie.collect.post_kinds import kind_of
from vigie.collect.register_rows import country_of, several, website_of
from vigie.columns import schema_of
from vigie.errors import RowError
from vigie.model import TABLES
from vigie.words import _

SYNONYMS = {"twitter": "x", "bsky": "bluesky", "youtube channel": "youtube", "ig": "instagram"}
_SIMPLE = frozenset(NETWORKS) - {"youtube", "mastodon", "rss", "other"}
"""Networks whose accounts are named by a handle alone, whatever its case."""
_TELLING = ("city", "uai", "ror", "wikidata", "eter")
_MARK = "\x1f"
"""Stands between a network and an account while both are read together."""


@dataclass(frozen=True, kw_only=True)
class Filling:
    """What is needed to fill the columns of one batch."""

    batch: pa.Table
    mapping: Mapped
    context: Context
    slugs: Slugs = field(default_factory=Slugs)

    @property
    def size(self) -> int:
        """Rows of the batch."""
        return int(self.batch.num_rows)

    def cells(self, rule: Rule) -> pa.Array:
        """Return what a rule takes from the file, as text; empty where it says nothing."""
        if rule.constant is not None:
            return pa.repeat(pa.scalar(rule.constant, pa.string()), self.size)
        if rule.template is not None:
            return self._templated(rule.template, rule.columns)
        cells = self._column(rule.column or "")
        if not rule.values:
            return cells
        return columnwise.each(
            cells, lambda cell: rule.values.get(cell.strip(), cell), pa.string()
        ).values

    def _column(self, name: str) -> pa.Array:
        column = self.batch.column(name).combine_chunks()
        return column.fill_null("") if column.null_count else column

    def _templated(self, template: str, names: tuple[str, ...]) -> pa.Array:
        parts: list[object] = []
        missing = pa.repeat(pa.scalar(False), self.size)
        for name in names:
            before, _brace, template = template.partition("{" + name + "}")
            cells = pc.utf8_trim_whitespace(self._column(name))
            missing = pc.or_(missing, pc.equal(cells, ""))
            parts += [before, cells]
        joined = pc.binary_join_element_wise(*parts, template, "")
        return pc.if_else(missing, "", joined)


def fill(name: str, filling: Filling) -> Column:
    """Return a column of the mapping's table."""
    rule = filling.mapping.columns.get(name)
    table = filling.mapping.table
    if name in _WORKED_OUT.get(table, ()) and (rule is None or name in _ALWAYS):
        return _WORKED_OUT[table][name](filling)
    if rule is None:
        return _default(table, name, filling.size)
    if rule.starts is not None or rule.equals is not None or rule.presence is not None:
        return _condition(rule, filling)
    return _read(table, name, rule, filling)


def _read(table: str, name: str, rule: Rule, filling: Filling) -> Column:
    kind = schema_of(TABLES[table]).field(name).type
    cells = filling.cells(rule)
    if pa.types.is_integer(kind):
        return columnwise.counts(cells, column=rule.column)
    if pa.types.is_boolean(kind):
        return columnwise.flags(cells)
    if pa.types.is_timestamp(kind):
        return _moments(cells, rule, filling)
    if pa.types.is_date(kind):
        return columnwise.days(
            cells,
            observed_at=filling.context.observed_at if name == "day" else None,
            formats=rule.formats,
            day_first=rule.day_first,
            year=filling.context.year,
            column=rule.column,
        )
    if pa.types.is_list(kind):
        return columnwise.each(cells, lambda cell: list(several(cell)), kind)
    return _text(table, name, cells, rule)


def _text(table: str, name: str, cells: pa.Array, rule: Rule) -> Column:
    if name in ("post", "identifier"):
        return columnwise.identifiers(cells, column=rule.column)
    if name in ("text", "description", "name", "short_name", "city", "region"):
        return columnwise.texts(cells)
    special: Mapping[tuple[str, str], Callable[[str], object]] = {
        ("posts", "kind"): kind_of,
        ("institutions", "country"): country_of,
        ("institutions", "website"): website_of,
    }
    if read := special.get((table, name)):
        return columnwise.each(cells, read, pa.string())
    return columnwise.plain_texts(cells)


def _moments(cells: pa.Array, rule: Rule, filling: Filling) -> Column:
    return columnwise.moments(
        cells,
        zone=filling.mapping.zone or filling.context.zone,
        observed_at=filling.context.observed_at,
        formats=rule.formats,
        day_first=rule.day_first,
        year=filling.context.year,
        column=rule.column,
    )


def _condition(rule: Rule, filling: Filling) -> Column:
    cells = filling.cells(rule)
    if rule.starts is not None:
        return Column(values=pc.starts_with(cells, rule.starts))
    if rule.equals is not None:
        return Column(values=pc.is_in(pc.utf8_trim_whitespace(cells), pa.array(rule.equals)))
    wanted = rule.presence == "present"
    return columnwise.each(cells, lambda cell: is_unknown(cell) != wanted, pa.bool_())


def _default(table: str, name: str, size: int) -> Column:
    """Return the default of a column that nothing says anything about."""
    kind = schema_of(TABLES[table]).field(name).type
    default = next(one.default for one in fields(TABLES[table]) if one.name == name)
    known = None if default is MISSING else default
    value = list(known) if isinstance(known, tuple) else known
    return Column(values=pa.repeat(pa.scalar(value, kind), size))


def _networks(filling: Filling) -> Column:
    """Return the network: as mapped, or as the account begins."""
    rule = filling.mapping.columns.get("network")
    if rule is not None:
        return columnwise.each(filling.cells(rule), lambda cell: _network(cell, rule), pa.string())
    accounts = _accounts(filling)
    parted = columnwise.each(
        accounts.values.fill_null(""), lambda key: key.partition(":")[0] or None, pa.string()
    )
    return Column(values=parted.values, slips=accounts.slips)


def _network(cell: str, rule: Rule) -> str | None:
    name = _synonym(cell)
    if not name or name in NETWORKS:
        return name or None
    raise RowError(
        _(
            "{network} is not a network that is known. These are: {networks}.",
            network=cell,
            networks=", ".join(NETWORKS),
        ),
        column=rule.column,
    )


def _synonym(network: str) -> str:
    name = network.strip().casefold()
    return SYNONYMS.get(name, name)


def _accounts(filling: Filling) -> Column:
    """Return the account's key, from a handle, an address, a key, or as a person gave it."""
    columns = filling.mapping.columns
    rule = columns.get("account") or columns.get("handle") or columns.get("url")
    if filling.mapping.table == "posts":
        rule = columns.get("account")
    if rule is None:
        given = filling.context.account
        return Column(values=pa.repeat(pa.scalar(given, pa.string()), filling.size))
    cells = filling.cells(rule)
    network = columns.get("network")
    if network is None:
        return columnwise.each(cells, lambda cell: _account(cell, rule.column), pa.string())
    named = _synonym(network.constant or "")
    if named in _SIMPLE:
        return _handles(cells, named, rule.column)
    cells = pc.binary_join_element_wise(filling.cells(network), cells, _MARK)
    return columnwise.each(cells, lambda cell: _account(cell, rule.column), pa.string())


def _handles(cells: pa.Array, network: str, column: str | None) -> Column:
    """Return keys from handles of one network; whatever is not a plain one is read by itself."""
    handles = pc.utf8_lower(pc.replace_substring_regex(cells, rf"^(?:{network}:)?@?", ""))
    plain = pc.match_substring_regex(handles, "^[a-z0-9_.-]+$")
    plain = pc.and_not(plain, pc.is_in(handles, pa.array(sorted(UNKNOWN))))
    keys = pc.binary_join_element_wise(network, handles, ":")
    keys = pc.if_else(plain, keys, pa.scalar(None, pa.string()))
    doubt = pc.invert(plain).to_numpy(zero_copy_only=False)

    def read(cell: str) -> str | None:
        return _account(f"{network}{_MARK}{cell}", column)

    return columnwise.settled(cells, keys, doubt, read)


@lru_cache(maxsize=65_536)
def _account(cell: str, column: str | None) -> str | None:
    said, _mark, written = cell.rpartition(_MARK)
    network = _synonym(said)
    name = written.strip()
    if is_unknown(name):
        return None
    before, colon, handle = name.partition(":")
    if colon and before.casefold() in NETWORKS and not handle.startswith("//"):
        network, name = before.casefold(), handle
    if "/" in name or not network:
        found = parse_addresses(name, network or None).found
        if found:
            return found[0].account
        raise RowError(
            _(
                "{account} does not say which account it is. "
                "Give a handle and its network, or the address of the account.",
                account=name,
            ),
            column=column,
        )
    return account_key(network, name)


def _observed(filling: Filling) -> Column:
    when = pa.scalar(filling.context.observed_at.astimezone(UTC), columnwise.TIME)
    return Column(values=pa.repeat(when, filling.size))


def _slugs(filling: Filling) -> Column:
    """Return slugs made from names; institutions of one name are told apart by code or city."""
    columns = filling.mapping.columns
    if rule := columns.get("institution"):
        return columnwise.each(filling.cells(rule), lambda cell: slug_of(cell) or None, pa.string())
    telling = [columns[name] for name in ("name", *_TELLING) if name in columns]
    cells = pc.binary_join_element_wise(*map(filling.cells, telling), _MARK)

    def slug(cell: str) -> str | None:
        name, *more = cell.split(_MARK)
        return filling.slugs.of(name, identity=(name, *more), more=tuple(more)) if name else None

    return columnwise.each(cells, slug, pa.string())


_ALWAYS = ("account", "network", "institution")
Worker = Callable[[Filling], Column]
_OBSERVATION: Mapping[str, Worker] = {
    "network": _networks,
    "account": _accounts,
    "observed_at": _observed,
}
_WORKED_OUT: Mapping[str, Mapping[str, Worker]] = {
    "posts": _OBSERVATION,
    "snapshots": _OBSERVATION,
    "account_days": _OBSERVATION,
    "accounts": {"network": _networks, "account": _accounts},
    "institutions": {"institution": _slugs},
}
