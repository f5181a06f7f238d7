"""``vigie inbox services`` and ``vigie inbox quarantine``: the rooms around the queue, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from vigie import settings
from vigie.cli.main import language
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, tell, tell_json, tell_table
from vigie.errors import InboxError
from vigie.words import _, marked, plural, say


@click.command(
    "services",
    help=marked("Say which services answer, who is missing, and what waits there."),
    epilog=marked("Example: vigie inbox services --json"),
)
@json_option
def services(as_json: bool) -> None:
    """Print the map of services."""
    open_records()
    from vigie.inbox.service_map import GAPS, standings, unowned
    from vigie.inbox.visible import eyes_of_the_machine

    now, eyes = datetime.now(UTC), eyes_of_the_machine()
    found, nobodys = standings(eyes, now=now), unowned(eyes, now=now)
    if as_json:
        rows = [
            {
                "institution": one.service.institution.slug,
                "service": one.service.name,
                "correspondent": str(one.service.correspondent or ""),
                "deputy": str(one.service.deputy or ""),
                "open": one.asked.open if one.asked else None,
                "late": one.asked.late if one.asked else None,
                "capacity": one.service.capacity,
                "lacks": list(one.gaps),
            }
            for one in found
        ]
        tell_json({"services": rows, "nobody": {"open": nobodys.open, "late": nobodys.late}})
        return
    if not found:
        tell(_("No service is named yet. Name the first one on the page Services of the inbox."))
        return
    tell_table(
        [_("Service"), _("Who answers"), _("Open"), _("Late"), _("Lacks")],
        [
            (
                str(one.service),
                str(one.service.correspondent or "–"),
                one.asked.open if one.asked else None,
                one.asked.late if one.asked else None,
                ", ".join(say(GAPS[name], language()) for name in one.gaps),
            )
            for one in found
        ],
    )
    tell(plural("{count} open question is nobody’s.", "{count} open questions are nobody’s.",
                count=nobodys.open))  # fmt: skip


@click.group(
    "quarantine",
    invoke_without_command=True,
    help=marked("List what could not be read, with the reason; read it again."),
    epilog=marked("Example: vigie inbox quarantine"),
)
@json_option
@click.pass_context
def quarantine(context: click.Context, as_json: bool) -> None:
    """List the quarantine, unless something is to be done with it."""
    if context.invoked_subcommand is not None:
        return
    open_records()
    from vigie.inbox.models import Arrival

    rows = list(Arrival.objects.filter(state="refused").select_related("box").order_by("-pk"))
    found = [
        {
            "number": row.pk,
            "box": row.box.name,
            "received_at": row.received_at,
            "reason": (row.reason or {}).get(language(), ""),
            "bytes": row.size,
            "is_kept": bool(row.file),
        }
        for row in rows
    ]
    if as_json:
        tell_json(found)
        return
    if not found:
        tell(_("The quarantine is empty: everything that came was read."))
        return
    tell_table(
        [_("Number"), _("Box"), _("Came"), _("Why it could not be read")],
        [(row.pk, row.box.name, f"{row.received_at:%Y-%m-%d %H:%M}", one["reason"])
         for row, one in zip(rows, found, strict=True)],
    )  # fmt: skip


@quarantine.command(
    "replay",
    help=marked("Read what is in quarantine again, now: of every box, or of one."),
    epilog=marked("Example: vigie inbox quarantine replay questions"),
)
@click.argument("box", required=False)
@click.option("--number", type=int, help=marked("Only the one with this number."))
def replay(box: str | None, number: int | None) -> None:
    """Let what is in quarantine be read once more, read it, and say what became of it."""
    open_records()
    from vigie.http import open_http
    from vigie.inbox import box_changes
    from vigie.inbox.bench import Bench
    from vigie.inbox.changes import Hand
    from vigie.inbox.models import Arrival, Box
    from vigie.inbox.owing import terms
    from vigie.inbox.visible import eyes_of_the_machine
    from vigie.inbox.working import read_waiting

    configured, now = settings.load(), datetime.now(UTC)
    hand = Hand(eyes=eyes_of_the_machine(), terms=terms(zone=configured.zone, now=now))
    aside = Arrival.objects.filter(state="refused").exclude(file="")
    rows = aside.filter(box__name=box) if box else aside
    chosen = list((rows.filter(pk=number) if number else rows).values_list("pk", flat=True))
    if not chosen:
        raise InboxError(_("There is nothing to read again."))
    bench = Bench(settings=configured, http=open_http(configured), clock=lambda: datetime.now(UTC))
    for one in Box.objects.filter(arrivals__in=chosen).distinct():
        box_changes.replay(one, hand=hand, arrival=number)
        read_waiting(one, bench)
    left = aside.filter(pk__in=chosen).count()
    tell(_("Read again: {count}. Still not understood: {left}.", count=len(chosen), left=left))
