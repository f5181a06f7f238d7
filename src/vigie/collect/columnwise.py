"""Reads a whole column at once; only cells out of the ordinary are read one by one.

Each function gives exactly what its namesake of ``cells`` or ``moments`` gives cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vigie.collect import cells as one
from vigie.collect.moments import EARLIEST, TOLERANCE, calendar_day, moment
from vigie.collect.zones import SECOND, local_days, utc_of
from vigie.errors import RowError

Mask = NDArray[np.bool_]

TIME = pa.timestamp("us", tz="UTC")

_COUNT = r"^[0-9]{1,15}$"
_FLOAT_COUNT = r"^([0-9]{1,15})\.0$"
_DOUBTFUL_ID = (
    r"^(?:[-+0-9.,eE]*[-+.,eE][-+0-9.,eE]*|[\x{feff}–—].*"
    r"|(?i:undefined|null|none|nan|#?n/a|nd|n\.d\.)|)$"
)
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
_GARBLED = r"[ÂÃâÅðŸ][\x{80}-\x{ff}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
SOUND = (
    r"\n\x20-\x7e¡-§©«¬®°±¶·»¿ÀÁÄÆ-ÏÑ-áã-ïñ-ıĴ-ľŁ-ňŊ-ŷŹ-ž‐‒–—‘-‟†-•‰‹›€←-⇿☀-➿"
    r"\x{1f1e6}-\x{1f1ff}\x{1f300}-\x{1faff}\x{fe0f}\x{200d}"
)
"""Characters that are already as a reader means them: most texts hold no other."""
_ODD = rf"[^{SOUND}]|â[\x{{80}}-\x{{ff}}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_DATE = (
    r"[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)"
    r"|(?:0[13578]|1[02])-31)"
)
_ISO = rf"^{_DATE}(?:[ T](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{1,6}})?)?$"
_ISO_LAYOUTS = {"%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"}
_DIRECTIVES = {
    "Y": r"([0-9]{4})", "m": r"([0-9]{2})", "d": r"([0-9]{2})", "H": r"([0-9]{2})",
    "M": r"([0-9]{2})", "S": r"([0-9]{2})",
}  # fmt: skip
_FLAGS = {
    **dict.fromkeys(("1", "1.0", "true", "yes", "oui", "vrai", "y", "t"), True),
    **dict.fromkeys(("0", "0.0", "false", "no", "non", "faux", "n", "f"), False),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column read: its values, unknown where the cell says nothing, and the cells that fail."""

    values: pa.Array
    slips: Mapping[int, RowError] = field(default_factory=dict)


def counts(cells: pa.Array, *, column: str | None = None) -> Column:
    """Read counts."""
    cells = pc.utf8_trim_whitespace(cells)
    is_empty = pc.equal(cells, "")
    is_count = pc.and_(pc.ascii_is_decimal(cells), pc.less_equal(pc.binary_length(cells), 15))
    plain = cells
    if pc.all(pc.or_(is_count, is_empty)).as_py() is False:
        plain = pc.replace_substring_regex(cells, _FLOAT_COUNT, r"\1")
        is_count = pc.match_substring_regex(plain, _COUNT)
    values = pc.if_else(is_count, plain, pa.scalar(None, pa.string())).cast(pa.int64())
    doubt = _mask(pc.invert(pc.or_(is_empty, is_count)))
    return settled(cells, values, doubt, lambda cell: one.whole_number(cell, column=column))


def identifiers(cells: pa.Array, *, column: str | None = None) -> Column:
    """Read identifiers; those a spreadsheet rounded are refused."""
    cells = pc.utf8_trim_whitespace(cells)
    if pc.all(pc.ascii_is_decimal(cells)).as_py():
        return _without_fifteen_digits(Column(values=cells), column)
    doubt = _mask(pc.match_substring_regex(cells, _DOUBTFUL_ID))
    found = settled(cells, cells, doubt, lambda cell: one.identifier(cell, column=column))
    return _without_fifteen_digits(found, column)


def _without_fifteen_digits(found: Column, column: str | None) -> Column:
    """Refuse identifiers whose digits all end after the fifteenth: a spreadsheet's limit."""
    if not pc.any(pc.ends_with(found.values, "00")).as_py():
        return found
    long = _mask(pc.match_substring_regex(found.values, "^[0-9]{17,}$"))
    cut = _mask(pc.match_substring_regex(found.values, "^[0-9]{15}0{2,}$"))
    if long.sum() < 3 or not cut[long].all():
        return found
    slips = dict(found.slips)
    for place in np.flatnonzero(long):
        slips[int(place)] = one.ruined(str(found.values[int(place)]), column)
    return Column(values=found.values, slips=slips)


def texts(cells: pa.Array) -> Column:
    """Read words."""
    odd = pc.match_substring_regex(cells, _ODD)
    if pc.any(odd).as_py():
        cells = pc.replace_with_mask(cells, odd, _mended(cells.filter(odd)))
    return Column(values=_trimmed(cells))


def _mended(cells: pa.Array) -> pa.Array:
    """Return texts with something odd in them as a reader means them."""
    garbled = pc.match_substring_regex(cells, _GARBLED)
    if pc.any(garbled).as_py():
        cells = settled(cells, cells, _mask(garbled), one.repaired).values
    cells = pc.replace_substring(pc.replace_substring(cells, "\r\n", "\n"), "\r", "\n")
    odd = pc.match_substring_regex(cells, _ODD)
    if not pc.any(odd).as_py():
        return cells
    normal = pc.utf8_normalize(cells.filter(odd), form="NFKC")
    return pc.replace_with_mask(cells, odd, pc.replace_substring_regex(normal, _CONTROL, ""))


def plain_texts(cells: pa.Array) -> Column:
    """Read names and addresses."""
    odd = pc.match_substring_regex(cells, r"[^\x20-\x7e]")
    if pc.any(odd).as_py():
        cells = pc.replace_substring_regex(cells, _CONTROL, "")
    return Column(values=_trimmed(cells))


def _trimmed(cells: pa.Array) -> pa.Array:
    cells = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)


def moments(
    cells: pa.Array,
    *,
    zone: ZoneInfo,
    observed_at: datetime,
    formats: Sequence[str] = (),
    day_first: bool | None = None,
    year: int | None = None,
    column: str | None = None,
) -> Column:
    """Read moments, in UTC."""
    cells = pc.utf8_trim_whitespace(cells)
    iso, is_utc = _as_iso(cells, formats)
    is_iso = pc.match_substring_regex(iso, _ISO)
    local = pc.if_else(is_iso, iso, pa.scalar(None, pa.string())).cast(pa.timestamp("us"))
    known = _mask(is_iso)
    times = local.fill_null(0).cast(pa.int64()).to_numpy(zero_copy_only=False)
    shifted = known & ~is_utc
    times = times.copy()
    times[shifted] = utc_of(times[shifted], zone)
    known &= (times >= _microseconds(datetime.combine(EARLIEST, datetime.min.time(), UTC))) & (
        times <= _microseconds(observed_at + TOLERANCE)
    )
    values = pa.array(times, pa.int64(), mask=~known).cast(TIME)

    def read(cell: str) -> datetime:
        return moment(
            cell,
            zone=zone,
            observed_at=observed_at,
            formats=formats,
            day_first=day_first,
            year=year,
            column=column,
        )

    return settled(cells, values, ~known, read)


def _as_iso(cells: pa.Array, formats: Sequence[str]) -> tuple[pa.Array, Mask]:
    """Return moments as ISO where they can be rewritten, and which of them are in UTC already."""
    nowhere = np.zeros(len(cells), dtype=bool)
    if formats:
        if set(formats) <= _ISO_LAYOUTS:
            return cells, nowhere
        rewritten = _rewriting(formats[0]) if len(formats) == 1 else None
        if rewritten is None:
            return pa.nulls(len(cells), pa.string()).fill_null(""), nowhere
        return pc.replace_substring_regex(cells, *rewritten), nowhere
    is_utc = pc.match_substring_regex(cells, r"[0-9](?:Z|\+00:00)$")
    if pc.any(is_utc).as_py():
        return pc.replace_substring_regex(cells, r"(?:Z|\+00:00)$", ""), _mask(is_utc)
    return cells, nowhere


def _rewriting(layout: str) -> tuple[str, str] | None:
    """Return the expression and the template that turn a numeric layout into ISO."""
    order = re.findall("%(.)", layout)
    if not {"Y", "m", "d"} <= set(order) <= set(_DIRECTIVES) or len(set(order)) != len(order):
        return None
    parts = re.split("%(.)", layout)
    pattern = "".join(
        _DIRECTIVES[part] if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
    groups = {name: f"\\{place}" for place, name in enumerate(order, start=1)}
    clock = ":".join(groups.get(name, "00") for name in "HMS")
    return f"^{pattern}$", f"{groups['Y']}-{groups['m']}-{groups['d']} {clock}"


def _microseconds(when: datetime) -> int:
    return int((when - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * SECOND


def days(
    cells: pa.Array,
    *,
    observed_at: datetime | None = None,
    formats: Sequence[str] = (),
    day_first: bool | None = None,
    year: int | None = None,
    column: str | None = None,
) -> Column:
    """Read calendar days, each once: files of days repeat them."""

    def read(cell: str) -> object:
        return calendar_day(
            cell,
            observed_at=observed_at,
            formats=formats,
            day_first=day_first,
            year=year,
            column=column,
        )

    cells = pc.utf8_trim_whitespace(cells)
    return each(cells, read, pa.date32(), where=_mask(pc.not_equal(cells, "")))


def days_of(times: pa.Array, zone: ZoneInfo) -> pa.Array:
    """Return the day it was in a zone at each moment."""
    numbers = times.cast(pa.int64())
    mask = _mask(pc.is_null(numbers))
    filled = numbers.fill_null(0).to_numpy(zero_copy_only=False)
    return pa.array(local_days(filled, zone).astype("int32"), pa.int32(), mask=mask).cast(
        pa.date32()
    )


def flags(cells: pa.Array) -> Column:
    """Read yes and no, as ``1``, ``true``, ``oui``; unknown for anything else."""
    return each(cells, lambda cell: _FLAGS.get(cell.strip().casefold()), pa.bool_())


def each(
    cells: pa.Array,
    read: Callable[[str], object],
    kind: pa.DataType,
    *,
    where: Mask | None = None,
) -> Column:
    """Read cells with a function, each distinct one once."""
    chosen = np.ones(len(cells), dtype=bool) if where is None else where
    return settled(cells, pa.nulls(len(cells), kind), chosen, read)


def settled(
    cells: pa.Array, values: pa.Array, doubt: Mask, read: Callable[[str], object]
) -> Column:
    """Return values where cells in doubt were read one by one, each distinct one once."""
    places = np.flatnonzero(doubt)
    if not len(places):
        return Column(values=values)
    distinct = cells.filter(pa.array(doubt)).dictionary_encode()
    found: list[object] = []
    errors: dict[int, RowError] = {}
    for number, cell in enumerate(distinct.dictionary.to_pylist()):
        try:
            found.append(read(cell))
        except RowError as error:
            found.append(None)
            errors[number] = error
    answers = pa.array(found, values.type).take(distinct.indices)
    is_all = len(places) == len(cells)
    values = answers if is_all else pc.replace_with_mask(values, pa.array(doubt), answers)
    if not errors:
        return Column(values=values)
    numbers = distinct.indices.to_numpy(zero_copy_only=False)
    slips = {
        int(place): errors[int(number)]
        for place, number in zip(places, numbers, strict=True)
        if int(number) in errors
    }
    return Column(values=values, slips=slips)


def _mask(values: pa.Array) -> Mask:
    mask: Mask = values.fill_null(False).to_numpy(zero_copy_only=False).astype(bool)
    return mask
