"""Writes and reads the open files of an edition: tables anyone can open, and their digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from vigie.errors import EditionError
from vigie.words import _

MANIFEST = "manifest.json"
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a text that begins so for a formula."""


def write_csv(path: Path, table: pa.Table) -> None:
    """Write a table as CSV: figures to their last digit, unknown as an empty cell."""
    pa_csv.write_csv(_disarmed(table), path)


def read_csv(path: Path, schema: pa.Schema) -> pa.Table:
    """Read such a file back; an empty text was quoted, an unknown was not."""
    table = pa_csv.read_csv(
        path,
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(
            column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    return _rearmed(table.select(schema.names).cast(schema))


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a table as Parquet."""
    pq.write_table(table, path, compression="zstd")


def read_parquet(path: Path, schema: pa.Schema) -> pa.Table:
    """Read a table in the columns of a schema."""
    return pq.read_table(path).select(schema.names).cast(schema)


def write_json(path: Path, content: Mapping[str, Any] | list[Any]) -> None:
    """Write a file people can read: sorted keys, two spaces."""
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def seal(folder: Path) -> str:
    """Write the digest of every file in the manifest; return the digest of them all."""
    digests = {path.name: _digest(path) for path in sorted(folder.iterdir())}
    total = _total(digests)
    write_json(folder / MANIFEST, {"files": digests, "digest": total})
    return total


def verify(folder: Path) -> str:
    """Check that every file is as it was published; return the digest of them all."""
    if not (folder / MANIFEST).is_file():
        raise EditionError(
            _(
                "{folder} holds no published edition: {file} is missing. Give the folder of a "
                "revision.",
                folder=str(folder),
                file=MANIFEST,
            )
        )
    manifest = _read_manifest(folder)
    for name, digest in sorted(manifest["files"].items()):
        path = folder / name
        if not path.is_file():
            raise EditionError(_("{file} of the edition is missing. Fetch it again.", file=name))
        if _digest(path) != digest:
            raise EditionError(
                _(
                    "{file} of the edition was altered: it is not the file that was published. "
                    "Fetch it again.",
                    file=name,
                )
            )
    if _total(manifest["files"]) != manifest["digest"]:
        raise EditionError(_("{file} of the edition was altered. Fetch it again.", file=MANIFEST))
    return str(manifest["digest"])


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = read_json(folder / MANIFEST)
        return {"files": dict(manifest["files"]), "digest": manifest["digest"]}
    except (ValueError, KeyError, TypeError) as error:
        raise EditionError(
            _("{file} of the edition was altered. Fetch it again.", file=MANIFEST)
        ) from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _total(digests: Mapping[str, str]) -> str:
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _disarmed(table: pa.Table) -> pa.Table:
    return _each_text(table, lambda text: f"'{text}" if text.startswith((*RISKY, "'")) else text)


def _rearmed(table: pa.Table) -> pa.Table:
    return _each_text(table, lambda text: text.removeprefix("'"))


def _each_text(table: pa.Table, change: Callable[[str], str]) -> pa.Table:
    """Change the names people wrote; every other text is a slug or a word of ours."""
    if "name" not in table.column_names:
        return table
    place = table.column_names.index("name")
    changed = [None if text is None else change(text) for text in table["name"].to_pylist()]
    return table.set_column(place, table.schema.field("name"), pa.array(changed, pa.string()))
