"""``vigie inbox export`` and ``vigie inbox forget``: the rights of one person, in one command."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vigie import flow, settings
from vigie.cli.main import language
from vigie.cli.records import open_records
from vigie.cli.saying import json_option, tell, tell_json, tell_table
from vigie.errors import InboxError
from vigie.words import _, marked, plural

if TYPE_CHECKING:
    from vigie.inbox.models import Contact

CONTACT = marked("Number, mail address or handle of the contact.")


@click.command(
    "export",
    help=marked(
        "Give a person what is kept of them: a folder with a file for programs (JSON), one to read "
        "(HTML), and the files that came or went with their messages."
    ),
    epilog=marked("Example: vigie inbox export marie@example.org --to marie/"),
)
@click.argument("contact")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help=marked("A new folder; without it the JSON is printed."),
)
def export_contact(contact: str, folder: Path | None) -> None:
    """Write everything that is kept of a contact."""
    open_records()
    from vigie.inbox.erasing import export
    from vigie.inbox.personal_file import person_file
    from vigie.inbox.visible import eyes_of_the_machine

    row, now = _named(contact), datetime.now(UTC)
    given = export(row, eyes=eyes_of_the_machine(), now=now)
    if folder is None:
        tell_json(given)
        return
    if folder.exists():
        raise InboxError(_("{path} exists already. Choose a new folder.", path=str(folder)))
    folder.mkdir(parents=True)
    text = json.dumps(given, ensure_ascii=False, indent=2)
    (folder / "person.json").write_text(text, encoding="utf-8")
    made = person_file(row.pk, given, now=now)
    page = b"".join(flow.render(made, "html", language())).decode("utf-8")
    frame = f'<!doctype html>\n<html lang="{language()}">\n<meta charset="utf-8">\n{page}</html>\n'
    (folder / "person.html").write_text(frame, encoding="utf-8")
    count = _copy_files(given, folder)
    tell(plural("{path} holds what is kept, with {count} file.",
                "{path} holds what is kept, with {count} files.",
                count=count, path=str(folder)))  # fmt: skip


def _copy_files(given: Mapping[str, object], folder: Path) -> int:
    """Copy the files that are still kept, under their digests: two may have one name."""
    home, count = settings.load().home, 0
    files = given["files"]
    for one in files if isinstance(files, list) else []:
        kept = home / str(one["file"])
        if one["file"] and kept.is_file():
            ending = Path(str(one["name"])).suffix[:8]
            target = folder / "files" / f"{str(one['digest'])[:16]}{ending}"
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(kept, target)
            count += 1
    return count


@click.command(
    "forget",
    help=marked(
        "Erase a person from the inbox. What goes is said before; the receipt is printed after."
    ),
    epilog=marked("Example: vigie inbox forget marie@example.org"),
)
@click.argument("contact")
@click.option("--yes", is_flag=True, help=marked("Do not ask."))
@json_option
def forget_contact(contact: str, yes: bool, as_json: bool) -> None:
    """Erase a contact and print the receipt."""
    open_records()
    from vigie.inbox.boxes import MARK_KEY
    from vigie.inbox.erasing import forget, receipt_of
    from vigie.inbox.forgetting import marks
    from vigie.inbox.personal_file import counted
    from vigie.inbox.visible import eyes_of_the_machine
    from vigie.secret import kept_secret

    row, home = _named(contact), settings.load().home
    if not yes:
        tell_table((_("What goes"), _("How many")), counted(receipt_of(row, home=home)))
        click.confirm(marked("Erase this person for good?"), abort=True)
    receipt = forget(
        row,
        eyes=eyes_of_the_machine(),
        mark=marks(kept_secret(home, MARK_KEY)),
        home=home,
        now=datetime.now(UTC),
    )
    if as_json:
        tell_json({"contact": row.pk, **asdict(receipt)})
    else:
        tell(_("The person is erased. The receipt is in the log, as contact {number}.",
               number=row.pk))  # fmt: skip


def _named(contact: str) -> Contact:
    """Return the one contact that a number, an address or a handle names."""
    from django.db.models import Q

    from vigie.inbox.models import Contact

    rows = Contact.objects.filter(merged_into__isnull=True, forgotten_at__isnull=True)
    if contact.isascii() and contact.isdigit() and len(contact) < 19:
        found = list(rows.filter(pk=int(contact)))
    else:
        named = Q(handles__address__iexact=contact) | Q(handles__shown__iexact=contact)
        found = list(rows.filter(named).distinct())
    if not found:
        raise InboxError(_("No contact is called {name}.", name=contact))
    if len(found) > 1:
        numbers = ", ".join(str(one.pk) for one in found)
        raise InboxError(_("Several contacts are called {name}. Give a number: {numbers}.",
                           name=contact, numbers=numbers))  # fmt: skip
    return found[0]
