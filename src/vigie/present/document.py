"""What a report says, before anyone decides how it looks: one document, every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from vigie.words import Words

Said = Words | str
"""Words to translate, or a proper name that stays as it is."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A cell or phrase that leads somewhere: a path on the site or a full address."""

    text: Said
    href: str
    in_files: Said | None = None
    """What a file says in its place, where a network does not let the words leave in one."""

    @property
    def exported(self) -> Said:
        """What a file says."""
        return self.text if self.in_files is None else self.in_files


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A figure with how sure we are; both ends unknown for exact counts, one for an open end."""

    value: float | None
    low: float | None = None
    high: float | None = None


Cell = Said | int | float | bool | date | datetime | Link | Interval | None
"""None is unknown and is shown as the word, hatched."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a grid. ``kind`` decides alignment and how figures are written.

    Kinds: text, integer, decimal, percent (0.12 is 12 %), chance (a probability: never quite 0 or
    100 % unless it is), rank, change (+3, −2), date, month, datetime.
    """

    key: str
    label: Said
    kind: str = "text"
    decimals: int = 1
    unit: Said | None = None
    is_row_header: bool = False
    is_wide: bool = False
    """Its cells are sentences: on paper it takes the room that is left."""
    is_range: bool = False
    """Its cells are intervals that have ends only, no figure between them."""


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Sentences."""

    text: Said


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something not to be missed. Kinds: caveat, invented, error, partial, stale."""

    text: Said
    kind: str = "caveat"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One key figure with its words: large on the page."""

    label: Said
    value: Cell
    kind: str = "integer"
    decimals: int = 1
    unit: Said | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    seen_at: datetime | None = None
    note: Said | None = None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A row of key figures."""

    items: Sequence[Figure]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table: rows of cells by column key. ``name`` is its file and sheet name."""

    name: str
    caption: Said
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Cell]]
    note: Said | None = None
    total: int | None = None
    """How many rows there are in all when only some are given (a page of a list)."""
    page: int | None = None
    """A long list is read in pages on the site; files always hold every row."""
    page_size: int = 100
    paper_rows: int | None = None
    """A list that may be long is cut here on paper, which says so."""
    more: Link | None = None
    """Where the rows left out are."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A picture with the sentence that says what it shows and the table behind it.

    ``description`` is Vega-Lite without colours, fonts or sizes: ``present.chart`` gives them.
    Texts in it may be ``Words``.
    """

    title: Said
    sentence: Said
    description: Mapping[str, object]
    table: Grid
    width: int = 720


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading and what stands under it."""

    title: Said
    blocks: Sequence[Block]
    name: str = ""
    """Anchor on the page."""


Block = Paragraph | Note | Figures | Grid | Chart | Section


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Something a reader may narrow on the page; ``options`` maps the value to its words."""

    name: str
    label: Said
    options: Mapping[str, Said]
    chosen: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A whole report: its title is the question it answers, or the answer."""

    name: str
    title: Said
    lead: Said
    blocks: Sequence[Block]
    made_at: datetime
    is_invented: bool = False
    """Shown on every page and sheet: these institutions do not exist."""
    sources: Sequence[Said | Link] = field(default_factory=tuple)
    method: str | None = None
    """Name of the dated method, printed at the foot."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """What was asked, so that the same address gives the same page."""
    filters: Sequence[Filter] = field(default_factory=tuple)
    main: Grid | None = None
    """The table a CSV file holds; unless said, the first of the document."""
