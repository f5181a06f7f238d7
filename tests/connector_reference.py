"""Writes the reference of connectors: what each asks, needs, and may do with what it gets."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from vigie.collect.connecting import connectors, options_of
from vigie.collect.connector import Allowance, Connector
from vigie.collect.rights import Rights

YES, NO = "yes", "no"


def connectors_page() -> Iterator[str]:
    """Yield the page: the rights matrix first, then one section for each connector."""
    yield "# Networks that are asked\n"
    yield from _matrix()
    for name, cls in connectors().items():
        yield from _section(name, cls)


def _matrix() -> Iterator[str]:
    yield "## What may be kept, shown and exported\n"
    yield (
        "Exports follow this table, and words are let go after the days it states: it is data of "
        "each connector, not advice. Counts are not deleted: where a network limits them, whoever "
        "runs the installation decides (see the remarks of the connector).\n"
    )
    yield (
        "| Connector | Counts kept | Words kept | What others wrote kept | Words shown | "
        "Counts exported | Words exported | Others exported | Gone within | Rules |"
    )
    yield "|---" * 10 + "|"
    for name, cls in connectors().items():
        yield f"| `{name}` | " + " | ".join(_rights(cls.rights)) + " |"
    yield ""


def _rights(rights: Rights) -> list[str]:
    return [
        _days(rights.keep_counts_days),
        _days(rights.keep_words_days),
        _days(rights.keep_others_days),
        YES if rights.may_show_words else NO,
        YES if rights.may_export_counts else NO,
        YES if rights.may_export_words else NO,
        YES if rights.may_export_others else NO,
        f"{rights.delete_within_hours} h",
        f"[{rights.read_on}]({rights.terms})",
    ]


def _days(days: int | None) -> str:
    return "no limit" if days is None else f"{days} days"


def _section(name: str, cls: type[Connector]) -> Iterator[str]:
    yield f"## `{name}` — {cls.label}\n"
    yield f"{inspect.getdoc(cls)}\n"
    yield "Streams: " + ", ".join(f"`{one.name}` ({one.label})" for one in cls.streams) + ".\n"
    yield f"Allowance: {_allowance(cls.allowance)}.\n"
    if cls.guide:
        yield f"To connect: {cls.guide}\n"
    yield "| Option | Default | Needed | Meaning |\n|---|---|---|---|"
    for option in options_of(cls):
        default = f"`{option.default}`" if option.default else ""
        secret = " Secret." if option.is_secret else ""
        needed = YES if option.is_needed else NO
        yield f"| `{option.name}` | {default} | {needed} | {option.label}{secret} |"
    yield ""
    for permission in cls.permissions:
        yield f"- `{permission.name}`: {permission.reason}"
    if cls.permissions:
        yield ""
    for remark in cls.rights.remarks:
        yield f"> {remark}\n"


def _allowance(allowance: Allowance) -> str:
    parts = [
        f"{value:,} {name}"
        for name, value in (
            ("questions", allowance.calls), ("posts", allowance.posts), ("euros", allowance.euros),
        )
        if value is not None
    ]  # fmt: skip
    return f"{', '.join(parts)} in {allowance.per}" if parts else "no limit is published"
