"""``vigie inbox``: connect a box, read what came, send what is due, say how things stand."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click

from vigie import settings
from vigie.cli import inbox_check, inbox_import, inbox_rooms, inbox_status
from vigie.cli.contacts import export_contact, forget_contact
from vigie.cli.records import open_records, room_for_records
from vigie.cli.saying import json_option, tell, tell_json
from vigie.errors import InboxError, RegisterError
from vigie.words import _, marked, plural


@click.group(help=marked("What people write to the institution, and the replies."))
def command() -> None:
    """Hold the commands of the inbox."""


@command.command(
    "connect",
    help=marked(
        "Connect a box: a channel, an institution of the register, and options. A secret option is "
        "read from standard input when its value is -."
    ),
    epilog=marked(
        "Example: vigie inbox connect mail northfield --label Questions "
        "--address hello@northfield.example --option imap=mail.northfield.example"
    ),
)
@click.argument("channel")
@click.argument("institution")
@click.option("--label", required=True, help=marked("What people call the box."))
@click.option("--address", default="", help=marked("Its own address or account."))
@click.option(
    "--option", "options", multiple=True, metavar="NAME=VALUE", help=marked("An option of it.")
)
def connect(
    channel: str, institution: str, label: str, address: str, options: tuple[str, ...]
) -> None:
    """Connect a box and say its name."""
    open_records()
    from vigie.inbox.boxes import put_box
    from vigie.inbox.models import Box
    from vigie.register.models import Institution

    found = Institution.objects.filter(slug=institution).first()
    if found is None:
        raise RegisterError(_("{name} is not in the register. Add it first.", name=institution))
    # Connected again under its address it is the same box, whose choices stay.
    known = Box.objects.filter(channel=channel, institution=found, address=address)
    before = known.first() if address else None
    box = put_box(
        channel,
        box=before,
        service=before.service if before else None,
        institution=found,
        label=label,
        address=address,
        options=dict(_given(option) for option in options),
        settings=settings.load(),
        now=datetime.now(UTC),
    )
    tell(_("The box {box} is connected. It is read by: vigie run", box=box.name))


def _given(option: str) -> tuple[str, str]:
    name, equals, value = option.partition("=")
    if not equals:
        raise click.BadParameter(f"{option}: NAME=VALUE")
    return name, sys.stdin.readline().strip() if value == "-" else value


@command.command(
    "read",
    help=marked("Read every box now, and send the replies that are due."),
    epilog=marked("Example: vigie inbox read"),
)
def read() -> None:
    """Read the boxes once, as vigie run does again and again."""
    open_records()
    from vigie.http import open_http
    from vigie.inbox.bench import Bench
    from vigie.inbox.models import Box
    from vigie.inbox.working import boxes_to_read, read_box, read_brought, send_all

    configured = settings.load()
    bench = Bench(settings=configured, http=open_http(configured), clock=lambda: datetime.now(UTC))
    for box in Box.objects.filter(name__in=boxes_to_read()):
        count = read_box(box, bench)
        tell(plural("{count} message came to {box}.", "{count} messages came to {box}.",
                    count=count, box=box.label))  # fmt: skip
    read_brought(bench)
    sent = send_all(bench)
    tell(plural("{count} reply went out.", "{count} replies went out.", count=sent))


@command.command(
    "archive",
    help=marked(
        "Write every conversation with all that was said into a file, a line each, that comes back "
        "in: vigie inbox import FILE --box BOX. A name that ends in .zip takes along the files "
        "that came with messages."
    ),
    epilog=marked("Example: vigie inbox archive conversations.zip"),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--service", "slug", default="", help=marked("Of one service only."))
@json_option
def archive(file: Path, slug: str, as_json: bool) -> None:
    """Write conversations out, whole or not at all."""
    open_records()
    from vigie.inbox.archive_packing import packed
    from vigie.inbox.archive_writing import files_of, lines, note_export
    from vigie.inbox.models import Conversation
    from vigie.register.models import Service
    from vigie.register.rights import COMMAND_LINE

    rows = Conversation.objects.filter(merged_into__isnull=True).order_by("pk")
    if slug:
        if not Service.objects.filter(slug=slug).exists():
            raise InboxError(_("There is no service {name}: vigie inbox services", name=slug))
        rows = rows.filter(service__slug=slug)
    keys, now = list(rows.values_list("pk", flat=True)), datetime.now(UTC)
    files, is_zip = files_of(keys), file.suffix.casefold() == ".zip"
    note_export(len(keys), by=COMMAND_LINE, at=now)
    home = settings.load().home
    pieces = packed(keys, files=files, home=home, now=now) if is_zip else lines(keys, now=now)
    is_pipe = _write_whole(file, pieces)
    if as_json:
        told = {"conversations": len(keys), "files": len(files) if is_zip else 0, "file": str(file)}
        tell_json(told)
        return
    tell(plural("{count} conversation is in {file}.", "{count} conversations are in {file}.",
                count=len(keys), file=str(file)), err=is_pipe)  # fmt: skip
    if files and not is_zip:
        tell(plural(
            "{count} file that came with them is not in it. Name it {name} to take it along.",
            "{count} files that came with them are not in it. Name it {name} to take them along.",
            count=len(files), name=file.with_suffix(".zip").name,
        ), err=is_pipe)  # fmt: skip


def _write_whole(file: Path, pieces: Iterable[bytes]) -> bool:
    """Write a file whole or not at all; a pipe takes what comes. Return whether it is one."""
    if file.exists() and not file.is_file():
        # To put a file in the place of a device would take the device away.
        with file.open("wb") as pipe:
            pipe.writelines(pieces)
        return True
    aside = file.with_name(f".{file.name}.part")
    try:
        with aside.open("wb") as written:
            written.writelines(pieces)
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
    return False


@command.command(
    "import",
    help=marked(
        "Take in past messages: a download of Messenger or Instagram (a ZIP file, a folder, or one "
        "of its JSON files), or a file that vigie inbox archive wrote. It may be given again: "
        "nothing is doubled."
    ),
    epilog=marked("Example: vigie inbox import instagram-northfield.zip --box past"),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--box", "name", required=True, help=marked("The box of downloads it goes into."))
@json_option
def import_(file: Path, name: str, as_json: bool) -> None:
    """Put a download into its box, and read it."""
    open_records()
    from vigie.inbox.archives import take
    from vigie.inbox.boxes import MARK_KEY
    from vigie.inbox.forgetting import marks
    from vigie.inbox.models import Box
    from vigie.inbox.own_taking import note_import
    from vigie.register.rights import COMMAND_LINE
    from vigie.secret import kept_secret

    configured, begun = settings.load(), datetime.now(UTC)
    box = Box.objects.filter(name=name).first()
    if box is None:
        raise InboxError(_("There is no box {name}: vigie inbox status", name=name))
    mark = marks(kept_secret(configured.home, MARK_KEY))
    with room_for_records():
        taken = take(file, box, home=configured.home, mark=mark, now=begun)
        note_import(taken, box, by=COMMAND_LINE, at=begun)
        kept, duplicate = inbox_import.read_brought({box.pk, *taken.boxes}, settings=configured)
    if as_json:
        tell_json({"conversations": taken.conversations, "known": taken.known, "kept": kept,
                   "duplicate": duplicate, "unconnected": taken.unconnected})  # fmt: skip
        return
    for line in inbox_import.told(taken, kept=kept):
        tell(line)


@command.command(
    "status",
    help=marked("Say for each box what came in and what became of it."),
    epilog=marked("Example: vigie inbox status --json"),
)
@json_option
def status(as_json: bool) -> None:
    """Print the journal of every box, and since when one was not read."""
    open_records()
    from vigie.inbox.models import Box

    now = datetime.now(UTC)
    found = {box.name: inbox_status.standing(box, now=now) for box in Box.objects.all()}
    if as_json:
        tell_json(found)
        return
    for name, one in found.items():
        for line in inbox_status.told(name, one, zone=settings.load().zone):
            tell(line)
    if not found:
        tell(_("No box is connected yet: vigie inbox connect --help"))


command.add_command(export_contact)
command.add_command(forget_contact)
command.add_command(inbox_rooms.services)
command.add_command(inbox_rooms.quarantine)
command.add_command(inbox_check.check)
