"""Streams the objects of JSON files: an array, a list inside an object, or one object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import pyarrow as pa

from vigie.collect.encoding import LONGEST_LINE, pieces
from vigie.collect.sample import JSON, NOT_JSON, PROBLEM, ROW, ROWS_SHOWN, Sample
from vigie.collect.source import Source
from vigie.errors import FileError, UnsafeFileError
from vigie.words import _

BATCH = 2_000
"""Objects of a batch."""
MOST_WHOLE = 256 << 20
"""Letters of a file that has to be read whole: an object that is not one list."""
DEEPEST = 6
"""Levels of nesting that become dotted columns; deeper ones stay JSON."""
MOST_COLUMNS = 400

_LIST_FIRST = re.compile(r'\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*(?=\[\s*\{)')
_GAP = re.compile(r"[\s,]*")

Found = tuple[str, object | None]
"""An object as written, and as read; nothing when it cannot be."""


@dataclass
class _Window:
    """A moving view of a long text: what was used is let go."""

    parts: Iterator[str]
    text: str = ""
    place: int = 0
    is_end: bool = field(default=False)

    def more(self) -> bool:
        """Read on; say whether there was anything."""
        part = next(self.parts, None)
        if part is None:
            self.is_end = True
            return False
        self.text = self.text[self.place :] + part
        self.place = 0
        return True


def kind_of_objects(source: Source, encoding: str, head: str) -> str:
    """Return ``json`` or ``ndjson`` for a text that begins with a bracket."""
    start = head.lstrip("\ufeff \t\r\n")
    if start.startswith("["):
        return "json"
    line, mark, rest = start.partition("\n")
    if not mark and len(head) >= 1 << 18:
        line = _first_line(source, encoding)
    try:
        found = json.loads(line)
    except ValueError:
        if rest.lstrip().startswith('{"') and not line.rstrip().endswith(("{", ",", "[")):
            return "ndjson"  # A first line that is damaged, with objects under it.
        return "json"
    if rest.strip():
        return "ndjson"
    return "json" if isinstance(found, dict) and _inner_list(found) is not None else "ndjson"


def _first_line(source: Source, encoding: str) -> str:
    line = ""
    for piece in pieces(source, encoding, may_be_one_line=True):
        begun, mark, _rest = piece.partition("\n")
        line += begun
        if mark or len(line) > LONGEST_LINE:
            break
    return line


def look_at_objects(sample: Sample) -> Sample:
    """Complete a sample with the fields and the first objects of its file."""
    found = list(islice(_objects(sample), ROWS_SHOWN))
    if not any(isinstance(value, dict) for _text, value in found):
        raise FileError(
            _(
                "{file} is JSON, but holds no list of objects that could be rows. "
                "Export it again, or convert it to CSV.",
                file=sample.path.name,
            )
        )
    flat = [flattened(value) for _text, value in found]
    columns = tuple(dict.fromkeys(name for row in flat for name in row))[:MOST_COLUMNS]
    rows = tuple(
        {**{name: row.get(name) for name in columns}, JSON: text}
        for row, (text, _value) in zip(flat, found, strict=True)
    )
    return Sample(
        path=sample.path,
        kind=sample.kind,
        columns=columns,
        rows=rows,
        encoding=sample.encoding,
        remarks=sample.remarks,
        first=1,
        is_gzip=sample.is_gzip,
        part=sample.part,
        parts=sample.parts,
    )


def object_batches(sample: Sample) -> Iterator[pa.Table]:
    """Yield objects as rows of dotted columns, each with the object itself in ``_json``."""
    numbered = (
        (number, found)
        for number, found in enumerate(_objects(sample), start=1)
        if sample.kind == "json" or found[0].strip()
    )
    while part := list(islice(numbered, BATCH)):
        flat = [flattened(value) for _number, (_text, value) in part]
        arrays = [pa.array([row.get(name) for row in flat], pa.string()) for name in sample.columns]
        texts = pa.array([text for _number, (text, _value) in part], pa.string())
        numbers = pa.array([number for number, _found in part], pa.int64())
        problems = pa.array([_problem(value) for _number, (_text, value) in part], pa.string())
        yield pa.table(
            [*arrays, texts, numbers, problems], names=[*sample.columns, JSON, ROW, PROBLEM]
        )


def _problem(value: object) -> str | None:
    return None if isinstance(value, dict) else NOT_JSON


def _objects(sample: Sample) -> Iterator[Found]:
    encoding = sample.encoding or "utf-8"
    if sample.kind == "ndjson":
        return _of_lines(pieces(sample.source, encoding))
    return _of_document(sample, pieces(sample.source, encoding, may_be_one_line=True))


def _of_lines(parts: Iterable[str]) -> Iterator[Found]:
    left = ""
    for part in parts:
        lines = (left + part).split("\n")
        left = lines.pop()
        yield from map(_read, lines)
    if left.strip():
        yield _read(left)


def _read(line: str) -> Found:
    text = line.strip().lstrip("\ufeff")
    try:
        return text, json.loads(text)
    except (ValueError, RecursionError):
        return text, None


def _of_document(sample: Sample, parts: Iterator[str]) -> Iterator[Found]:
    window = _Window(parts)
    while len(window.text) < 4096 and window.more():
        pass
    window.text = window.text.lstrip("\ufeff")
    if listed := _LIST_FIRST.match(window.text):
        window.place = listed.end()
        yield from _of_array(sample, window)
    elif window.text.lstrip().startswith("["):
        yield from _of_array(sample, window)
    else:
        yield from _of_object(sample, window)


def _of_array(sample: Sample, window: _Window) -> Iterator[Found]:
    window.place = window.text.index("[", window.place) + 1
    decoder = json.JSONDecoder()
    while True:
        gap = _GAP.match(window.text, window.place)
        window.place = gap.end() if gap else window.place
        if window.text.startswith("]", window.place):
            return
        try:
            value, end = decoder.raw_decode(window.text, window.place)
        except RecursionError as error:
            raise _too_deep(sample) from error
        except ValueError:
            if len(window.text) - window.place > LONGEST_LINE:
                raise _endless(sample) from None
            if window.more():
                continue
            if window.text[window.place :].strip():
                yield window.text[window.place :], None  # The file was cut in the middle of it.
            return
        if end == len(window.text) and not isinstance(value, (dict, list)) and window.more():
            continue  # A number may go on in the next piece.
        yield window.text[window.place : end], value
        window.place = end


def _of_object(sample: Sample, window: _Window) -> Iterator[Found]:
    """Yield the objects of the longest list inside an object, or the object itself."""
    while window.more():
        if len(window.text) > MOST_WHOLE:
            raise UnsafeFileError(
                _(
                    "{file} is one JSON object of more than {limit} MB. "
                    "Convert it to one object a line (NDJSON).",
                    file=sample.path.name,
                    limit=MOST_WHOLE >> 20,
                )
            )
    try:
        found = json.loads(window.text)
    except RecursionError as error:
        raise _too_deep(sample) from error
    except ValueError as error:
        raise FileError(
            _(
                "{file} is not whole JSON: {reason}. Download it again.",
                file=sample.path.name,
                reason=str(error),
            )
        ) from error
    rows = _inner_list(found)
    for value in [found] if rows is None else rows:
        yield json.dumps(value, ensure_ascii=False), value


def _inner_list(found: Mapping[str, object]) -> Sequence[object] | None:
    lists = [
        value
        for value in found.values()
        if isinstance(value, list) and value and isinstance(value[0], dict)
    ]
    return max(lists, key=len, default=None)


def _too_deep(sample: Sample) -> UnsafeFileError:
    return UnsafeFileError(
        _("{file} is nested so deep that it may be built to harm.", file=sample.path.name)
    )


def _endless(sample: Sample) -> UnsafeFileError:
    return UnsafeFileError(
        _(
            "{file} has an object of more than {limit} MB, or one that never ends. "
            "Export it again.",
            file=sample.path.name,
            limit=LONGEST_LINE >> 20,
        )
    )


def flattened(value: object) -> dict[str, str | None]:
    """Return an object as dotted names and text; lists and deep objects stay JSON."""
    flat: dict[str, str | None] = {}
    if isinstance(value, dict):
        _flatten(value, "", flat, DEEPEST)
    return flat


def _flatten(
    value: Mapping[str, object], before: str, flat: dict[str, str | None], deep: int
) -> None:
    for key, inner in value.items():
        name = f"{before}{key}"
        if name in (JSON, ROW, PROBLEM):
            name = f"{name} (2)"
        if isinstance(inner, dict) and inner and deep > 1:
            _flatten(inner, f"{name}.", flat, deep - 1)
        else:
            flat[name] = _text(inner)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)
