"""Finds the importer that reads a file, by its columns, never by its name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from vigie.collect import importers as folder
from vigie.collect.headings import Headings
from vigie.collect.importer import Importer, MappedImporter
from vigie.collect.mapping import Mapped, saved_mappings
from vigie.collect.reading import Sample, look
from vigie.errors import FileError, UnknownFileError
from vigie.plugins import members
from vigie.words import Words, _

MOST_PARTS = 30
"""Sheets of a workbook, or files of an archive, that are looked at."""
NAMES_SHOWN = 12
"""Columns named in an error."""


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """A file, what it is, and the importer that reads it."""

    importer_name: str
    importer: Importer
    sample: Sample


@cache
def importers() -> Mapping[str, type[Importer]]:
    """Return every importer by name."""
    return members(folder, Importer)


def recognise(
    path: Path,
    *,
    importer: str | None = None,
    mappings: Path | None = None,
    mapping: Mapped | None = None,
    part: str | None = None,
) -> Recognised:
    """Say what a file is.

    ``importer`` names the format when a person knows better; ``mapping`` says what the columns of
    a file of no known format mean; ``mappings`` is the folder of mappings saved before. Of a
    workbook with several sheets the one that is understood best is read, unless ``part`` names it.
    """
    first = look(path, part=part)
    if importer is not None and importer not in importers():
        raise _no_such_importer(importer)
    if mapping is not None:
        name, reader = next(_mapped_importers())
        return Recognised(importer_name=name, importer=reader(mapping.checked(first)), sample=first)
    saved = saved_mappings(mappings) if mappings else ()
    samples = [first] if part else [first, *_other_parts(first)]
    found = [
        (answer, len(sample.columns), -place, name, member, sample)
        for place, sample in enumerate(samples)
        for name, member in _candidates(importer, saved, sample)
        if (answer := member.recognises(sample)) > 0
    ]
    if not found:
        raise _unknown(first, importer)
    answer, _columns, _place, name, member, sample = max(found, key=lambda one: one[:4])
    return Recognised(
        importer_name=name, importer=member, sample=_with_remark(sample, read=sample.part)
    )


def _candidates(
    importer: str | None, saved: Iterable[Mapped], sample: Sample
) -> Iterable[tuple[str, Importer]]:
    for name, member in importers().items():
        if importer in (None, name):
            yield name, member()
    for name, reader in _mapped_importers():
        fitting = [mapping for mapping in saved if mapping.fits(sample)]
        if importer in (None, name):
            yield from ((name, reader(mapping)) for mapping in fitting)


def _mapped_importers() -> Iterator[tuple[str, type[MappedImporter]]]:
    for name, member in importers().items():
        if issubclass(member, MappedImporter):
            yield name, member


def _other_parts(first: Sample) -> Iterable[Sample]:
    for part in first.parts[:MOST_PARTS]:
        if part == first.part:
            continue
        try:
            yield look(first.path, part=part)
        except FileError:
            continue  # An empty sheet, a picture in the archive: not a table, and not the matter.


def _with_remark(sample: Sample, *, read: str | None) -> Sample:
    others = [part for part in sample.parts if part != read]
    if not others:
        return sample
    remark = _(
        "Only {part} was read. The file also holds: {others}.",
        part=read or "",
        others=", ".join(others[:NAMES_SHOWN]) + (" …" if len(others) > NAMES_SHOWN else ""),
    )
    return replace(sample, remarks=(*sample.remarks, remark))


def _no_such_importer(name: str) -> FileError:
    near = difflib.get_close_matches(name, importers(), n=1, cutoff=0)
    return FileError(
        _(
            "There is no format called {name}. The nearest is {near}. All of them: {names}.",
            name=name,
            near=near[0],
            names=", ".join(importers()),
        )
    )


def _unknown(sample: Sample, importer: str | None) -> UnknownFileError:
    columns = ", ".join(sample.columns[:NAMES_SHOWN])
    if len(sample.columns) > NAMES_SHOWN:
        columns += " …"
    return UnknownFileError(
        _(
            "{file} is not of a known format. Its columns are: {columns}. {nearest} "
            "Say what its columns mean in a mapping: vigie import {file} --map mapping.toml.",
            file=sample.path.name,
            columns=columns,
            nearest=_nearest(sample, importer),
        )
    )


def _nearest(sample: Sample, importer: str | None) -> Words:
    """Say which format comes nearest, and which of its columns are missing."""
    best: tuple[float, Importer, list[str]] | None = None
    for name, member in importers().items():
        headings = getattr(member, "headings", None)
        if not isinstance(headings, Headings) or importer not in (None, name):
            continue
        missing = [
            names.split("|")[0]
            for meaning, names in headings.required.items()
            if headings.column(sample.columns, meaning) is None
        ]
        there = len(headings.required) - len(missing)
        also = sum(headings.column(sample.columns, name) is not None for name in headings.also)
        share = (there + also / 10) / (len(headings.required) + 1)
        if there and (best is None or share > best[0]):
            best = share, member(), missing
    if best is None or not best[2]:
        return _("No known format comes near.")
    return _(
        "The nearest format is {format}, which also has: {missing}.",
        format=best[1].label,
        missing=", ".join(best[2]),
    )
