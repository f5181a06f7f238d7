"""The questions of a pass, thought through once: to build and compile them takes a second.

A plan names tables and holds no row of them, so it serves every month and every store. It can be
written down, and says itself what it was made of.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Protocol

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from vigie.measure.folding import folded
from vigie.measure.indicator import Tables
from vigie.measure.shared import Sharing

HOME = "vigie.measure"
"""The package whose words every question is made of."""
COMPILERS = ("ibis-framework", "sqlglot")


class Workroom(Protocol):
    """Where tables have names, and where answers are kept under a name until it is left."""

    def keep(self, name: str, sql: str) -> None:
        """Answer a question and keep its rows as a table."""

    def take_in(self, name: str) -> None:
        """Read a small table once, for all questions: before that it is not there."""

    def answer(self, sql: str) -> pa.Table:
        """Return the rows that answer a question."""


class Engine(Protocol):
    """What answers the questions of a plan."""

    threads: int
    speaks: str

    def compiled(self, question: ir.Table) -> str:
        """Return a question over named tables in the engine's own words."""

    def workroom(
        self,
        tables: Mapping[str, ir.Table | pa.Table],
        *,
        repeated: Collection[str],
        small: Collection[str],
    ) -> AbstractContextManager[Workroom]:
        """Give these tables names to be asked by, until the room is left."""


def as_it_is(answer: pa.Table, _found: Mapping[str, pa.Table]) -> pa.Table:
    """Finish an answer by leaving it alone."""
    return answer


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What builds a question, and what is made of its answer."""

    build: Callable[[Tables], ir.Table]
    finish: Callable[[pa.Table, Mapping[str, pa.Table]], pa.Table] = as_it_is
    """It is handed the answer, and those that were finished before."""
    after: tuple[str, ...] = ()
    """The answers it needs to be finished."""
    defined_in: str = HOME
    """The module of the definition."""


Asked = Mapping[str, Asking]
"""What is asked, by the name of the answer."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question in the engine's words, and the tables it names."""

    sql: str
    uses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Questions by the name of their answer."""

    made_of: str
    """A digest of what the questions follow from."""
    shared: Mapping[str, Question]
    """Whose answers others start from, each after those it starts from itself."""
    asked: Mapping[str, Question]
    brought: Mapping[str, pa.Table]
    """Rows that the questions bring along."""


def written(plan: Plan) -> str:
    """Return a plan as text."""
    plain = {
        "made_of": plan.made_of,
        "shared": {name: asdict(question) for name, question in plan.shared.items()},
        "asked": {name: asdict(question) for name, question in plan.asked.items()},
        "brought": {name: _packed(rows) for name, rows in plan.brought.items()},
    }
    return json.dumps(plain, indent=1)


def read(text: str) -> Plan | None:
    """Return the plan that was written; none when it cannot be read."""
    try:
        plain = json.loads(text)
        return Plan(
            made_of=plain["made_of"],
            shared={name: _question(one) for name, one in plain["shared"].items()},
            asked={name: _question(one) for name, one in plain["asked"].items()},
            brought={name: _unpacked(packed) for name, packed in plain["brought"].items()},
        )
    except (ValueError, LookupError, TypeError, AttributeError, pa.ArrowException):
        return None


def _question(plain: Mapping[str, str | list[str]]) -> Question:
    return Question(sql=str(plain["sql"]), uses=tuple(plain["uses"]))


def _packed(rows: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    return base64.b64encode(sink.getvalue()).decode()


def _unpacked(packed: str) -> pa.Table:
    return pa.ipc.open_stream(base64.b64decode(packed)).read_all()


class _Noted(Sharing):
    """Tables without rows: what is asked of them is noted."""

    def __init__(self, schemas: Mapping[str, ibis.Schema], compiled: Callable[..., str]) -> None:
        super().__init__({name: ibis.table(schema, name=name) for name, schema in schemas.items()})
        self._compiled = compiled
        self.questions: dict[str, Question] = {}
        self.brought: dict[str, pa.Table] = {}

    def kept(self, name: str, built: ir.Table) -> ir.Table:
        self.questions[name] = self.question(built)
        return ibis.table(built.schema(), name=name)

    def question(self, built: ir.Table) -> Question:
        rows = built.op().find(ops.InMemoryTable)
        self.brought |= {one.name: one.data.to_pyarrow(one.schema) for one in rows}
        named = [one.name for one in (*built.op().find(ops.UnboundTable), *rows)]
        return Question(sql=self._compiled(built), uses=tuple(sorted(set(named))))


def planned(asked: Asked, schemas: Mapping[str, ibis.Schema], engine: Engine) -> Plan:
    """Think the questions through."""
    noted = _Noted(schemas, engine.compiled)
    folds, built = folded({name: one.build(noted) for name, one in asked.items()})
    for name, fold in folds.items():
        noted.kept(name, fold)
    questions = {name: noted.question(question) for name, question in built.items()}
    return Plan(
        made_of=made_of(asked, schemas, engine.speaks),
        shared=noted.questions,
        asked=questions,
        brought=noted.brought,
    )


def made_of(asked: Asked, schemas: Mapping[str, ibis.Schema], speaks: str) -> str:
    """Return a digest of what the questions follow from: definitions, columns and compilers."""
    digest = hashlib.sha256()
    for package in sorted({HOME, *(_package_of(one.defined_in) for one in asked.values())}):
        for said in _sources(files(package)):
            digest.update(said)
    columns = sorted((name, str(schema)) for name, schema in schemas.items())
    versions = [(name, version(name)) for name in COMPILERS]
    digest.update(repr([sorted(asked), columns, versions, speaks]).encode())
    return digest.hexdigest()


def _package_of(module: str) -> str:
    """Return the package that holds all that a definition may be made of."""
    return HOME if f"{module}.".startswith(f"{HOME}.") else module.partition(".")[0]


def _sources(folder: Traversable) -> Iterator[bytes]:
    for found in sorted(folder.iterdir(), key=lambda one: one.name):
        if found.name.endswith(".py"):
            yield found.name.encode() + b"\n" + found.read_bytes()
        elif found.is_dir():
            yield from _sources(found)
