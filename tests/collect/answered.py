"""What a sample of a connector must give: one JSON file holds the answer and the page it means.

After a change, look at the difference: ``python -m tests.collect.answered FILE…`` writes what the
connector gives now.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from vigie.collect.connecting import connect, connectors
from vigie.collect.connector import Connector, Context, Page, Payload
from vigie.collect.pseudonyms import pseudonyms
from vigie.errors import GarbledError

SAMPLES = Path(__file__).parents[1] / "samples" / "connectors"
CONTEXT = Context(zone=ZoneInfo("Europe/Paris"), run="", pseudonym=pseudonyms("samples"))


def samples() -> list[Path]:
    """Return every sample of every connector."""
    return sorted(SAMPLES.glob("*/*.json"))


def told(sample: Path) -> dict[str, Any]:
    """Return what a sample holds."""
    found: dict[str, Any] = json.loads(sample.read_text("utf-8"))
    return found


def connector_of(sample: Path) -> Connector:
    """Return the connector a sample is of, with every secret given."""
    name = sample.parent.name
    secrets = {one.name: "secret" for one in connectors()[name].options if one.is_secret}
    return connect(name, secrets=secrets)


def payload_of(sample: Path) -> Payload:
    """Return the payload of a sample; its body is JSON, or text as it came."""
    said = told(sample)["payload"]
    body = said["body"]
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    cls = connectors()[sample.parent.name]
    return Payload(
        connector=sample.parent.name,
        network=cls.network,
        stream=said["stream"],
        subject=said["subject"],
        url=said["url"],
        status=said.get("status", 200),
        received_at=datetime.fromisoformat(said["received_at"]).astimezone(UTC),
        headers=said.get("headers", {}),
        page=said.get("page"),
        posts=tuple(said.get("posts", ())),
        body=text.encode(),
    )


def given(sample: Path) -> dict[str, Any]:
    """Return what the connector makes of a sample now, in the form in which it is stored."""
    try:
        page = connector_of(sample).parse(payload_of(sample), CONTEXT)
    except GarbledError as error:
        return {"garbled": str(error)}
    return stated(page)


def stated(page: Page) -> dict[str, Any]:
    """Return a page without what is unknown."""
    records: dict[str, list[dict[str, Any]]] = {}
    for record in page.records:
        cells = {name: _plain(cell) for name, cell in vars(record).items()}
        known = {name: cell for name, cell in cells.items() if cell not in (None, "", [])}
        records.setdefault(record.table, []).append(known)
    found: dict[str, Any] = {
        "records": records,
        "skipped": dict(page.skipped),
        "unread": [
            {"position": one.position, "field": one.field, "reason": str(one.reason)}
            for one in page.unread
        ],
        "next_page": page.next_page,
        "oldest": _plain(page.oldest),
        "validators": dict(page.validators),
        "fields": sorted(page.fields),
        "granted": sorted(page.granted) if page.granted is not None else None,
        "handles": dict(page.handles),
    }
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def _plain(cell: object) -> object:
    if isinstance(cell, tuple):
        return list(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        whole = {**told(path), "page": given(path)}
        path.write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", "utf-8")
