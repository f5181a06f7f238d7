"""Says results on the terminal: words and tables for people, JSON for programs, plain in a pipe."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from vigie.cli.main import language
from vigie.words import Words, marked, say

PLAIN_EVERY = 2.0
"""Seconds between two lines of progress where there is no terminal."""

json_option = click.option(
    "--json", "as_json", is_flag=True, help=marked("Answer in JSON, for programs.")
)


def tell(words: Words | str, *, err: bool = False) -> None:
    """Say a sentence in the reader's language."""
    click.echo(say(words, language()), err=err)


def tell_json(answer: object) -> None:
    """Print an answer as JSON: dates in ISO 8601, unknown as null, words in the language."""
    click.echo(json.dumps(_plain(answer), ensure_ascii=False, indent=2))


def _plain(answer: object) -> object:
    if isinstance(answer, Words):
        return say(answer, language())
    if is_dataclass(answer) and not isinstance(answer, type):
        return {one.name: _plain(getattr(answer, one.name)) for one in fields(answer)}
    if isinstance(answer, Mapping):
        return {str(key): _plain(value) for key, value in answer.items()}
    if isinstance(answer, (list, tuple, set, frozenset)):
        return [_plain(item) for item in answer]
    if isinstance(answer, (date, datetime)):
        return answer.isoformat()
    return str(answer) if isinstance(answer, Path) else answer


def tell_table(
    headers: Sequence[Words | str], rows: Iterable[Sequence[object]], *, title: Words | None = None
) -> None:
    """Print rows as a table; figures to the right."""
    table = Table(
        box=box.SIMPLE_HEAD,
        title=say(title, language()) if title else None,
        title_justify="left",
        pad_edge=False,
    )
    found = [list(row) for row in rows]
    for place, header in enumerate(headers):
        numeric = all(isinstance(row[place], (int, float, type(None))) for row in found)
        table.add_column(say(header, language()), justify="right" if numeric else "left")
    for row in found:
        table.add_row(*(_cell(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _cell(cell: object) -> str:
    if cell is None:
        return "?"
    if isinstance(cell, Words):
        return say(cell, language())
    if isinstance(cell, float):
        return f"{cell:,.1f}"
    return str(cell)


@contextmanager
def progress(label: Words) -> Iterator[Callable[[int, int | None], None]]:
    """Show how far a long task is: a bar on a terminal, a line now and then in a pipe."""
    if sys.stderr.isatty():
        with _bar(label) as advance:
            yield advance
        return
    last = time.monotonic()

    def plain(done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= PLAIN_EVERY:
            last = time.monotonic()
            click.echo(
                f"{say(label, language())} {done:,}{f' / {total:,}' if total else ''}", err=True
            )

    yield plain


@contextmanager
def _bar(label: Words) -> Iterator[Callable[[int, int | None], None]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    begun = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(say(label, language()), total=None, rate="")

        def advance(done: int, total: int | None) -> None:
            seconds = max(time.monotonic() - begun, 1e-9)
            shown.update(task, completed=done, total=total, rate=f"{done / seconds:,.0f}/s")

        yield advance
