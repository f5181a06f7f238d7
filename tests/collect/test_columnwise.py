"""A column read at once gives exactly what its cells give one by one."""

# ruff: noqa: DTZ001  (times as exports write them, without a zone)

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.collect import cells, columnwise
from vigie.collect.columnwise import SOUND, Column
from vigie.collect.moments import moment
from vigie.errors import RowError

PARIS = ZoneInfo("Europe/Paris")
EXPORTED = datetime(2026, 11, 1, 12, tzinfo=UTC)

COUNTS = st.one_of(
    st.integers(0, 10**16).map(str),
    st.sampled_from(["", "-", "12.0", "1.000", "1,234", "-3", "1 234", " 7 ", "x", "0.5", "1e3"]),
    st.text(max_size=8),
)
IDENTIFIERS = st.one_of(
    st.integers(0, 10**19).map(str),
    st.sampled_from(["", "-", "NaN", "1.2E+18", "42.0", "urn:li:1", "+4", "–", "\ufeff42", "e"]),
    st.text(max_size=8),
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["Ã©tÃ©", "été", "𝗢𝗽𝗲𝗻", "a\r\nb\rc", "\x00", "â€™", "château", "e\u0301", "ŸÀ"]
    ),
)
MOMENTS = st.one_of(
    st.datetimes(datetime(1990, 1, 1), datetime(2028, 1, 1)).map(str),
    st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1)).map(
        lambda when: when.isoformat(timespec="seconds") + "Z"
    ),
    st.sampled_from(["", "-", "2026-02-30", "2026-02-29 10:00:00", "2024-02-29", "03/04/2026",
                     "14 juil. 2026", "2026-03-29 02:30:00", "2026-10-25 02:30:00", "1784023200"]),
)  # fmt: skip


def one_by_one(written: list[str], read: Callable[[str], object]) -> tuple[list[object], list[int]]:
    values: list[object] = []
    slips = []
    for place, cell in enumerate(written):
        try:
            values.append(read(cell))
        except RowError:
            values.append(None)
            slips.append(place)
    return values, slips


def at_once(found: Column) -> tuple[list[object], list[int]]:
    values = found.values.to_pylist()
    return [None if n in found.slips else v for n, v in enumerate(values)], sorted(found.slips)


@given(st.lists(COUNTS, max_size=8))
def test_counts(written: list[str]) -> None:
    found = columnwise.counts(pa.array(written, pa.string()))
    assert at_once(found) == one_by_one(written, cells.whole_number)


@given(st.lists(IDENTIFIERS, max_size=2))
def test_identifiers(written: list[str]) -> None:
    found = columnwise.identifiers(pa.array(written, pa.string()))
    assert at_once(found) == one_by_one(written, cells.identifier)


@given(st.lists(TEXTS, max_size=8))
def test_texts(written: list[str]) -> None:
    found = columnwise.texts(pa.array(written, pa.string()))
    assert at_once(found) == one_by_one(written, cells.clean_text)


@given(st.lists(TEXTS, max_size=8))
def test_plain_texts(written: list[str]) -> None:
    found = columnwise.plain_texts(pa.array(written, pa.string()))
    assert at_once(found) == one_by_one(written, cells.plain_text)


@given(st.lists(MOMENTS, max_size=8))
def test_moments(written: list[str]) -> None:
    found = columnwise.moments(pa.array(written, pa.string()), zone=PARIS, observed_at=EXPORTED)
    alone = one_by_one(written, lambda cell: moment(cell, zone=PARIS, observed_at=EXPORTED))
    assert at_once(found) == alone


@pytest.mark.parametrize(
    "layout", ["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%m.%d.%Y", "%d %b %Y", "%Y%m%d%H%M%S"]
)
@given(when=st.datetimes(datetime(1996, 1, 1), datetime(2026, 10, 1)))
def test_moments_of_a_given_layout(layout: str, when: datetime) -> None:
    cell = when.strftime(layout)
    found = columnwise.moments(
        pa.array([cell], pa.string()), zone=PARIS, observed_at=EXPORTED, formats=[layout]
    )
    alone = moment(cell, zone=PARIS, observed_at=EXPORTED, formats=[layout])
    assert at_once(found) == ([alone], [])


def test_a_column_whose_identifiers_all_end_in_zeros_was_cut_by_a_spreadsheet() -> None:
    written = [f"{15 * '4'}{place}000"[-19:] for place in range(1, 4)]
    cut = columnwise.identifiers(pa.array([cell[:15] + "0000" for cell in written]))
    assert sorted(cut.slips) == [0, 1, 2]


def test_one_identifier_that_ends_in_zeros_by_chance_is_kept() -> None:
    written = ["1616469988369460000", "1616469988369469446", "1616469988369469447"]
    assert not columnwise.identifiers(pa.array(written)).slips


def test_sound_characters_are_those_that_need_no_mending() -> None:
    pattern = re.sub(r"\\x\{(\w+)\}", lambda found: chr(int(found[1], 16)), SOUND)
    sound = filter(re.compile(f"[{pattern}]").match, map(chr, range(0x20000)))
    altered = [
        c for c in sound if unicodedata.normalize("NFKC", c) != c or unicodedata.combining(c)
    ]
    assert altered == []
