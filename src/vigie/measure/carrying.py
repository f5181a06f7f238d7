"""Carries a plan out: several questions at once, each as soon as what it starts from is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from vigie.measure.indicator import Tables
from vigie.measure.plan import Asked, Engine, Plan, Workroom, made_of, planned

REPEATED = ("account", "network")
"""Columns whose texts come again and again, by which questions group and join."""


class Prepared:
    """Answers over the tables of an engine, of questions thought through before if they were."""

    def __init__(self, engine: Engine, plan: Plan | None = None) -> None:
        self.engine = engine
        self.plan = plan

    def answers(
        self, tables: Tables, rows: Mapping[str, pa.Table], asked: Asked
    ) -> dict[str, pa.Table]:
        """Return every answer; ``rows`` are tables that are in memory."""
        schemas = {name: table.schema() for name, table in tables.items()}
        schemas |= {name: ibis.Schema.from_pyarrow(held.schema) for name, held in rows.items()}
        if self.plan is None or self.plan.made_of != made_of(asked, schemas):
            self.plan = planned(asked, schemas, self.engine)
        return _carried(self.plan, self.engine, {**tables, **rows})


def _carried(
    plan: Plan, engine: Engine, tables: Mapping[str, ir.Table | pa.Table]
) -> dict[str, pa.Table]:
    with (
        engine.workroom({**tables, **plan.brought}, repeated=REPEATED) as room,
        ThreadPoolExecutor(engine.threads) as threads,
    ):
        return _Carried(room, threads, plan).answers(engine.threads)


class _Carried:
    """What is still to be made and to be answered, and what is being worked at."""

    def __init__(self, room: Workroom, threads: ThreadPoolExecutor, plan: Plan) -> None:
        self._room = room
        self._threads = threads
        self._to_make = dict(plan.shared)
        # The longest to say is mostly the longest to answer: it had better begin early.
        self._to_ask = dict(sorted(plan.asked.items(), key=lambda one: -len(one[1].sql)))
        self._working: dict[Future[pa.Table | None], str] = {}
        self._missing = set(plan.shared)

    def answers(self, at_once: int) -> dict[str, pa.Table]:
        """Ask everything and wait for it."""
        found: dict[str, pa.Table] = {}
        while self._to_make or self._to_ask or self._working:
            while len(self._working) < at_once and self._begin():
                pass
            done, _others = wait(self._working, return_when=FIRST_COMPLETED)
            for future in done:
                name, answer = self._working.pop(future), future.result()
                if answer is None:
                    self._missing.discard(name)
                else:
                    found[name] = answer
        return found

    def _begin(self) -> bool:
        """Begin one more piece of work, if one is ready: what others start from goes first."""
        for name, question in self._to_make.items():
            if self._missing.isdisjoint(question.uses):
                del self._to_make[name]
                self._work(name, self._room.keep, name, question.sql)
                return True
        for name, question in self._to_ask.items():
            if self._missing.isdisjoint(question.uses):
                del self._to_ask[name]
                self._work(name, self._room.answer, question.sql)
                return True
        return False

    def _work(self, name: str, work: Callable[..., pa.Table | None], *given: str) -> None:
        self._working[self._threads.submit(work, *given)] = name
