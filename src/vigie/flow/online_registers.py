"""A register asked for at its source, kept as a file and read as one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from vigie.collect.connector import Ask, Connector, Context, Page, Payload, Subject
from vigie.collect.importer import Parsed
from vigie.collect.reading import JSON, batches, look
from vigie.collect.recognising import Recognised
from vigie.errors import GarbledError, SettingError
from vigie.flow.files import Options
from vigie.flow.registers import read_register_file
from vigie.http import Http
from vigie.settings import Settings
from vigie.words import _

STREAM = "register"
TRIES = 3
"""Times a register is read from its beginning, where it changes while it is read."""


def _now() -> datetime:
    return datetime.now(UTC)


def fetch_register(
    connector: Connector,
    http: Http,
    *,
    settings: Settings,
    options: Options | None = None,
    clock: Callable[[], datetime] = _now,
) -> tuple[Recognised, Parsed]:
    """Ask for a whole register; return what reading it as a file returns.

    What was received is kept under *registers* in the home folder, one row to a line: it shows
    later what a difference came from, and can be imported again. Nothing is kept of a register
    that could not be read to its end.
    """
    _require_register(connector)
    rows = _whole(connector, http, settings)
    path = settings.home / "registers" / f"{connector.network}-{clock():%Y%m%dT%H%M%S}.ndjson"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in _lines(rows)), encoding="utf-8")
    return read_register_file(path, settings=settings, options=options)


def _require_register(connector: Connector) -> None:
    if any(stream.name == STREAM for stream in connector.streams):
        return
    raise SettingError(
        _(
            "{network} holds no register. Use vigie collect to read what it has about your "
            "accounts.",
            network=connector.label,
        )
    )


def _whole(connector: Connector, http: Http, settings: Settings) -> list[Mapping[str, object]]:
    """Return all rows of a register that stayed the same from its first page to its last."""
    tried = 1
    while True:
        try:
            answers = list(_payloads(connector, http, settings))
        except GarbledError:
            if tried == TRIES:
                raise
            tried += 1
            continue
        return [row for payload in answers for row in _rows(payload)]


def _payloads(connector: Connector, http: Http, settings: Settings) -> Iterator[Payload]:
    """Yield the answers that hold rows, in order."""
    subject = Subject(subject=f"{connector.network}:{STREAM}", network=connector.network)
    context = Context(zone=settings.zone, run="", pseudonym=_nobody)
    ask: Ask | None = Ask(stream=STREAM, subject=subject)
    while ask is not None:
        payload = connector.fetch(ask, http)
        page = connector.parse(payload, context)
        if page.records or page.unread:
            yield payload
        ask = _next(ask, page)


def _next(ask: Ask, page: Page) -> Ask | None:
    if page.next_page is None or page.next_page == ask.page:
        return None
    return Ask(stream=ask.stream, subject=ask.subject, page=page.next_page)


def _nobody(network: str, person: str) -> str:
    """A register names institutions: there is nobody to hide."""
    return ""


def _rows(payload: Payload) -> Iterator[Mapping[str, object]]:
    """Yield the objects of the list that an answer holds, as a file of it would be read."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answer.json"
        path.write_bytes(payload.body)
        for batch in batches(look(path)):
            yield from map(json.loads, batch[JSON].to_pylist())


def _lines(rows: list[Mapping[str, object]]) -> Iterator[str]:
    """Yield rows as lines that all have the same columns."""
    columns = dict.fromkeys(name for row in rows for name in row)
    return (json.dumps({**columns, **row}, ensure_ascii=False) for row in rows)
