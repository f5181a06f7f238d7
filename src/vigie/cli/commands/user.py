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


@command.command(
    "unlock",
    help=marked("Let a name be tried again at once, after too many wrong passwords."),
    epilog=marked("Example: vigie user unlock alice"),
)
@click.argument("name")
def unlock(name: str) -> None:
    """Let someone sign in again without the wait."""
    open_records()
    from vigie.register.patience import unlock as let_try

    if let_try(name):
        tell(_("{name} may be tried again at once.", name=name))
    else:
        tell(_("Nobody waits under the name {name}.", name=name))


@command.command(
    "password",
    help=marked(
        "Give a person a new password: it is asked for, never shown. Wherever they are signed in, "
        "they are signed out."
    ),
    epilog=marked("Example: vigie user password alice"),
)
@click.argument("name")
@click.option(
    "--password-file",
    type=click.File("r"),
    help=marked("Read the password from this file (- for standard input) instead of asking."),
)
def password(name: str, password_file: TextIO | None) -> None:
    """Give a person a new password."""
    open_records()
    from vigie.register.people import put_password, user_called

    user = user_called(name)
    if password_file is not None:
        given = password_file.read().strip()
    else:
        given = click.prompt(marked("Password"), hide_input=True, confirmation_prompt=True)
    put_password(user, given)
    tell(_("{name} has a new password, and is signed out everywhere.", name=name))
