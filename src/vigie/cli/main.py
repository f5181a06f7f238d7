"""Finds the command asked for, says errors in words, and gives the exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

import click

from vigie.cli import commands
from vigie.errors import QueryError, VigieError
from vigie.words import Words, marked, say


class Commands(click.Group):
    """Commands found in the folder; a command's module is loaded only when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Name every file of the folder."""
        return sorted(found.name.rstrip("_") for found in iter_modules(commands.__path__))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Load the command of that name, with its help in the reader's language."""
        if name not in self.list_commands(context):
            return None
        known = {found.name.rstrip("_"): found.name for found in iter_modules(commands.__path__)}
        module = import_module(f"{commands.__name__}.{known[name]}")
        return spoken(module.command, language())


def spoken(command: click.Command, reader: str) -> click.Command:
    """Say a command's help in the reader's language."""
    command.help = _translated(command.help, reader)
    command.short_help = _translated(command.short_help, reader)
    command.epilog = _translated(command.epilog, reader)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            parameter.help = _translated(parameter.help, reader)
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            spoken(inner, reader)
    return command


def _translated(text: str | None, reader: str) -> str | None:
    return say(Words(text), reader) if text else text


def language(environment: Mapping[str, str] | None = None) -> str:
    """Return the reader's language: ``VIGIE_LANGUAGE``, then that of the terminal."""
    environment = os.environ if environment is None else environment
    for name in ("VIGIE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "fr" if environment[name].lower().startswith("fr") else "en"
    return "en"


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=marked("Vigie: how universities and schools are seen on social networks."),
    epilog=marked("Start with: vigie demo"),
)
@click.version_option(package_name="vigie")
def vigie() -> None:
    """Hold the commands; each is a file."""


def main() -> None:
    """Run the command line: 0 done, 1 refused or found wanting, 2 asked in a way not understood."""
    spoken(vigie, language())
    try:
        # Outside click's own mode an early end is not raised: its code is returned.
        code = vigie(standalone_mode=False)
    except VigieError as error:
        sys.exit(_refused(error))
    except database_errors() as error:
        # Only now: it costs as much as all else that a command begins with.
        from vigie.cli.database_words import understood

        if (told := understood(error)) is None:
            raise
        sys.exit(_refused(told))
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    sys.exit(code if isinstance(code, int) else 0)


def database_errors() -> tuple[type[Exception], ...]:
    """Return the errors of databases, where one was spoken to at all; it is not loaded for that."""
    loaded = sys.modules.get("django.db.utils")
    return (loaded.Error,) if loaded is not None else ()


def _refused(error: VigieError) -> int:
    words = say(error.words, language())
    if isinstance(error, QueryError) and "--json" not in sys.argv:
        click.echo(error.pointed, err=True)
    if "--json" in sys.argv:
        click.echo(json.dumps({"error": type(error).__name__, "words": words}, ensure_ascii=False))
    else:
        click.echo(words, err=True)
    return 1
