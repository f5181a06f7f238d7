"""``vigie user add``: the people who sign in."""

from __future__ import annotations

from typing import TextIO

import click

from vigie.cli.records import open_records
from vigie.cli.saying import json_option, tell, tell_json
from vigie.register.rights import ROLES
from vigie.words import _, marked


@click.group(help=marked("People who sign in to the site."))
def command() -> None:
    """Hold the commands about people."""


@command.command(
    "add",
    help=marked("Add a person. The password is asked for, never shown, never written in a log."),
    epilog=marked("Example: vigie user add alice --role editor"),
)
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default="administrator",
    show_default=True,
    help=marked("What this person may do."),
)
@click.option(
    "--password-file",
    type=click.File("r"),
    help=marked("Read the password from this file (- for standard input) instead of asking."),
)
@json_option
def add(name: str, role: str, password_file: TextIO | None, as_json: bool) -> None:
    """Add a person who may sign in."""
    open_records()
    from vigie.register.people import add_person

    if password_file is not None:
        password = password_file.read().strip()
    else:
        password = click.prompt(marked("Password"), hide_input=True, confirmation_prompt=True)
    add_person(name, password, role=role)
    if as_json:
        tell_json({"name": name, "role": role})
    else:
        tell(_("{name} may now sign in, as {role}.", name=name, role=role))
