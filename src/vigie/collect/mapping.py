"""What the columns of a file of no known format mean: written by a person, kept for the next."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from zoneinfo import ZoneInfo

from vigie.collect.sample import Sample
from vigie.errors import FileError
from vigie.model import TABLES
from vigie.words import Words, _

MAPPED = ("posts", "snapshots", "account_days", "institutions", "accounts")
"""Tables a file can be mapped to."""
FOUND_OUT = {
    "posts": ("network", "account", "published_on", "observed_at"),
    "snapshots": ("network", "account", "observed_at", "observed_on"),
    "account_days": ("network", "account", "observed_at"),
    "institutions": ("institution",),
    "accounts": ("account", "network"),
}
"""Columns that need not be mapped: another column, the context or the day of the export says."""
UNMAPPED = frozenset({"run", "source", "published_on", "observed_on"})
"""Columns that are worked out, never taken from a file."""
_TELLING = {
    "posts": ("account", "published_at"),
    "snapshots": ("network", "followers"),
    "account_days": ("network",),
}
"""Columns besides the key that a table called as ours must have."""

_BRACES = re.compile(r"\{([^{}]+)\}")
_RULES = ("column", "constant", "template", "format", "starts", "equals", "is", "day", "values")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Where one of our columns comes from."""

    column: str | None = None
    constant: str | None = None
    template: str | None = None
    """Text with columns in braces: ``x:{university}``."""
    formats: tuple[str, ...] = ()
    """How dates are written, as ``strptime`` says it."""
    starts: str | None = None
    """True where the cell starts with this."""
    equals: tuple[str, ...] | None = None
    """True where the cell is one of these."""
    presence: str | None = None
    """``present``: true where the cell says something; ``absent``: where it does not."""
    day_first: bool | None = None
    """Whether ``03/04/2026`` is the third of April."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What the file writes → what it means here."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file that this needs."""
        if self.template is not None:
            return tuple(_BRACES.findall(self.template))
        return (self.column,) if self.column is not None else ()


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """A mapping: our columns → where they come from, and which files it is for."""

    table: str
    columns: Mapping[str, Rule]
    name: str = ""
    timezone: str | None = None
    """Where times without an offset were written; days count where the institution is."""
    recognised_by: tuple[str, ...] = ()
    """Columns a file must have to be of this shape; by default all that the mapping uses."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """For institutions: network → column of addresses or handles."""
    students: Mapping[int, str] = field(default_factory=dict)
    """For institutions: year → column."""

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone times were written in, if the mapping says."""
        return ZoneInfo(self.timezone) if self.timezone else None

    @property
    def used(self) -> tuple[str, ...]:
        """Columns of the file that the mapping uses, in order."""
        named = [name for rule in self.columns.values() for name in rule.columns]
        return tuple(dict.fromkeys([*named, *self.accounts.values(), *self.students.values()]))

    @property
    def identifying(self) -> tuple[str, ...]:
        """Columns a file must have to be read with this mapping."""
        return self.recognised_by or self.used

    def fits(self, sample: Sample) -> bool:
        """Return whether a file has the shape this mapping was made for."""
        return bool(self.identifying) and {*self.identifying, *self.used} <= {*sample.columns}

    def checked(self, sample: Sample) -> Mapped:
        """Return the mapping if the file has its columns; say which one is missing if not."""
        for name in self.used:
            if name not in sample.columns:
                raise FileError(
                    _(
                        "{file} has no column {name}. Its columns are: {columns}. "
                        "Correct the mapping.",
                        file=sample.path.name,
                        name=name,
                        columns=", ".join(sample.columns),
                    )
                )
        return self


def load_mapping(path: Path) -> Mapped:
    """Read a mapping from its TOML file; say what is wrong with it."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise FileError(
            _(
                "The mapping {file} cannot be read: {reason}. Correct that line.",
                file=path.name,
                reason=str(error),
            )
        ) from error
    return mapping_of(told, name=path.stem)


def saved_mappings(folder: Path) -> tuple[Mapped, ...]:
    """Return the mappings kept in a folder, by name."""
    return tuple(load_mapping(path) for path in sorted(folder.glob("*.toml")))


def mapping_of(told: Mapping[str, object], *, name: str = "") -> Mapped:
    """Return a mapping from what its TOML says."""
    known = ("name", "table", "timezone", "recognised_by", "columns", "accounts", "students")
    for key in told:
        _refuse_other(key, known, _("A mapping has no {key}. Did you mean {near}?"), mapping=name)
    table = str(told.get("table", "posts"))
    _refuse_other(table, MAPPED, _("A file cannot be mapped to {key}. Did you mean {near}?"), name)
    own = [one.name for one in fields(TABLES[table]) if one.name not in UNMAPPED]
    rules = {}
    for key, value in _section(told, "columns", name).items():
        _refuse_other(key, own, _("The table has no column {key}. Did you mean {near}?"), name)
        rules[key] = _rule(key, value, name)
    found = Mapped(
        name=str(told.get("name", name)),
        table=table,
        columns=rules,
        timezone=_zone(told.get("timezone"), name),
        recognised_by=_texts(told.get("recognised_by", ())),
        accounts={key: str(value) for key, value in _section(told, "accounts", name).items()},
        students={
            int(key): str(value)
            for key, value in _section(told, "students", name).items()
            if key.isdigit()
        },
    )
    _refuse_incomplete(found, name)
    return found


def _section(told: Mapping[str, object], key: str, name: str) -> Mapping[str, object]:
    section = told.get(key, {})
    if not isinstance(section, dict):
        raise _wrong(name, _("{key} must be a section with a line for each column.", key=key))
    return section


def _rule(key: str, value: object, name: str) -> Rule:
    if isinstance(value, bool):
        return Rule(constant="true" if value else "false")
    if isinstance(value, int):
        return Rule(constant=str(value))
    if isinstance(value, str):
        if value.startswith("="):
            return Rule(constant=value[1:])
        return Rule(template=value) if _BRACES.search(value) else Rule(column=value)
    if not isinstance(value, dict):
        raise _wrong(name, _("{key} must be a text or a rule in braces.", key=key))
    for part in value:
        _refuse_other(part, _RULES, _("A rule has no {key}. Did you mean {near}?"), name)
    values = value.get("values", {})
    rule = Rule(
        column=_text(value.get("column")),
        constant=_text(value.get("constant")),
        template=_text(value.get("template")),
        formats=_texts(value.get("format", ())),
        starts=_text(value.get("starts")),
        equals=_texts(value["equals"]) if "equals" in value else None,
        presence=_text(value.get("is")),
        day_first={"first": True, "second": False}.get(str(value.get("day"))),
        values={str(one): str(other) for one, other in values.items()},
    )
    if (rule.column is None) + (rule.constant is None) + (rule.template is None) != 2:
        raise _wrong(name, _("The rule of {key} must name one column.", key=key))
    if rule.presence not in (None, "present", "absent"):
        raise _wrong(name, _('In the rule of {key}, "is" is "present" or "absent".', key=key))
    if "day" in value and rule.day_first is None:
        raise _wrong(name, _('In the rule of {key}, "day" is "first" or "second".', key=key))
    return rule


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)


def _zone(value: object, name: str) -> str | None:
    if value is None:
        return None
    try:
        ZoneInfo(str(value))
    except (KeyError, ValueError, OSError) as error:
        raise _wrong(
            name, _("{zone} is not a time zone, as Europe/Paris is.", zone=str(value))
        ) from error
    return str(value)


def _refuse_other(key: str, known: Sequence[str], sentence: Words, mapping: str) -> None:
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1, cutoff=0)[0]
        raise _wrong(mapping, Words(sentence.text, {"key": key, "near": near}))


def _refuse_incomplete(found: Mapped, name: str) -> None:
    missing = [
        one.name
        for one in fields(TABLES[found.table])
        if one.default is MISSING
        and one.name not in found.columns
        and one.name not in FOUND_OUT[found.table]
    ]
    if missing:
        raise _wrong(
            name,
            _(
                "It does not say where {columns} of the table {table} come from.",
                columns=", ".join(missing),
                table=found.table,
            ),
        )


def _wrong(name: str, reason: Words) -> FileError:
    return FileError(
        _("The mapping {name} cannot be used. {reason}", name=name or "?", reason=reason)
    )


def as_toml(mapping: Mapped) -> str:
    """Return a mapping as the TOML file that gives it back."""
    return "\n".join(_lines(mapping)) + "\n"


def _lines(mapping: Mapped) -> Iterator[str]:
    if mapping.name:
        yield f"name = {_quoted(mapping.name)}"
    yield f"table = {_quoted(mapping.table)}"
    if mapping.timezone:
        yield f"timezone = {_quoted(mapping.timezone)}"
    if mapping.recognised_by:
        yield f"recognised_by = {_listed(mapping.recognised_by)}"
    yield "\n[columns]"
    for name, rule in mapping.columns.items():
        yield f"{name} = {_rule_text(rule)}"
    for section, told in (("accounts", mapping.accounts), ("students", mapping.students)):
        if told:
            yield f"\n[{section}]"
            yield from (f"{_quoted(str(key))} = {_quoted(value)}" for key, value in told.items())


def _rule_text(rule: Rule) -> str:
    parts = {
        "column": rule.column,
        "constant": rule.constant,
        "template": rule.template,
        "starts": rule.starts,
        "is": rule.presence,
        "day": {True: "first", False: "second", None: None}[rule.day_first],
    }
    told = [f"{key} = {_quoted(value)}" for key, value in parts.items() if value is not None]
    if rule.formats:
        told.append(f"format = {_listed(rule.formats)}")
    if rule.equals is not None:
        told.append(f"equals = {_listed(rule.equals)}")
    if rule.values:
        inner = ", ".join(f"{_quoted(one)} = {_quoted(two)}" for one, two in rule.values.items())
        told.append(f"values = {{ {inner} }}")
    return f"{{ {', '.join(told)} }}"


def _listed(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'
    )


def own_mapping(columns: Sequence[str]) -> Mapped | None:
    """Return the mapping of a table whose columns are called as ours, if it is one."""
    for table in ("posts", "snapshots", "account_days"):
        own = [one.name for one in fields(TABLES[table]) if one.name not in UNMAPPED]
        if not {*TABLES[table].key, *_TELLING[table]} - UNMAPPED <= {*columns}:
            continue
        rules = {name: Rule(column=name) for name in own if name in columns}
        return Mapped(table=table, columns=rules)
    return None
