"""Writes ``docs/reference`` from the code; ``python -m tests.reference`` after a change."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import click

from tests.connector_reference import connectors_page
from tests.query_reference import language_page
from vigie.columns import schema_of
from vigie.model import TABLES
from vigie.plugins import members
from vigie.settings import KNOWN, PREFIX

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
KINDS = {
    "webhooks": ("Networks that call us", "vigie.sources.webhook", "Webhook"),
    "channels": ("Ways in and out of the inbox", "vigie.inbox.channel", "Channel"),
    "importers": ("File formats that are recognised", "vigie.collect.importer", "Importer"),
    "indicators": ("Indicators", "vigie.measure.indicator", "Indicator"),
    "methods": ("Published methods of comparison", "vigie.index.method", "Method"),
    "formats": ("Output formats", "vigie.present.format", "Format"),
    "classifiers": (
        "Classifiers: the questions put to texts",
        "vigie.annotate.classifier",
        "Classifier",
    ),
    "engines": ("Engines", "vigie.store.engine", "Engine"),
    "reports": ("Reports", "vigie.present.report", "Report"),
}
"""Plural folder → its title, and the module and class of its contract."""
APART = {"reports": "vigie.reports"}
"""Folders that do not stand beside their contract."""


def pages() -> dict[str, str]:
    """Return every page of the reference by file name."""
    found = {f"{name}.md": _members_page(name) for name in KINDS}
    makers: dict[str, Callable[[], Iterator[str]]] = {
        "settings.md": _settings,
        "tables.md": _tables,
        "commands.md": _commands,
        "connectors.md": connectors_page,
        "query-language.md": language_page,
    }
    return found | {name: "\n".join(maker()) + "\n" for name, maker in makers.items()}


def _members_page(name: str) -> str:
    title, module, contract = KINDS[name]
    folder = import_module(APART.get(name, f"{module.rsplit('.', 1)[0]}.{name}"))
    lines = [f"# {title}", ""]
    for member, cls in members(folder, getattr(import_module(module), contract)).items():
        label = getattr(cls, "label", "")
        lines += [
            f"## `{member}`" + (f" — {label}" if label else ""),
            "",
            inspect.getdoc(cls) or "",
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def _settings() -> Iterator[str]:
    yield "# Settings\n\nIn `vigie.toml`, or in the environment, which wins.\n"
    yield "| Setting | Variable | Default | Meaning |\n|---|---|---|---|"
    for name, setting in KNOWN.items():
        default = f"`{setting.default}`" if isinstance(setting.default, (bool, int)) else "empty"
        if isinstance(setting.default, (str, Path)) and str(setting.default):
            default = f"`{setting.default}`"
        secret = " Secret: may lie in the file named by this variable with `_FILE`."
        help_ = setting.metadata["help"] + (secret if setting.metadata["secret"] else "")
        yield f"| `{name}` | `{PREFIX}{name.upper()}` | {default} | {help_} |"


def _tables() -> Iterator[str]:
    yield "# Tables of the store\n"
    for name, record in TABLES.items():
        key = ", ".join(f"`{column}`" for column in record.key)
        yield f"## `{name}`\n\n{inspect.getdoc(record)}\n\nKey: {key}.\n"
        yield "| Column | Type | May be unknown |\n|---|---|---|"
        for column in fields(record):
            kind = schema_of(record).field(column.name)
            yield f"| `{column.name}` | {kind.type} | {'yes' if kind.nullable else 'no'} |"
        yield ""


def _commands() -> Iterator[str]:
    from vigie.cli.main import vigie

    yield "# Commands\n\nEvery command takes `--help`, and `--json` where it answers something."
    context = click.Context(vigie, info_name="vigie")
    for name in vigie.list_commands(context):
        command = vigie.get_command(context, name)
        assert command is not None
        yield from _command(command, f"vigie {name}")


def _command(command: click.Command, path: str) -> Iterator[str]:
    yield f"\n## `{path}`\n\n{command.help}\n"
    if command.epilog:
        yield f"{command.epilog}\n"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield f"- `{', '.join(parameter.opts)}`: {parameter.help}"
    if isinstance(command, click.Group):
        for inner, one in sorted(command.commands.items()):
            yield from _command(one, f"{path} {inner}")


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
