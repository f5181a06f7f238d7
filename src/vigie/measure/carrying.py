"""Carries a plan out: several questions at once, each as soon as what it starts from is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice

import ibis
import pyarrow as pa

from vigie.measure.indicator import REGISTER, Tables
from vigie.measure.plan import Asked, Asking, Engine, Plan, Question, Workroom, made_of, planned

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
        """Return every answer, finished; ``rows`` are tables that are in memory."""
        schemas = {name: table.schema() for name, table in tables.items()}
        schemas |= {name: ibis.Schema.from_pyarrow(held.schema) for name, held in rows.items()}
        if self.plan is None or self.plan.made_of != made_of(asked, schemas, self.engine.speaks):
            self.plan = planned(asked, schemas, self.engine)
        given = {**tables, **rows, **self.plan.brought}
        with self.engine.workroom(given, repeated=REPEATED, small=REGISTER) as room:
            return carried(_work(self.plan, asked, room), self.engine.threads)


@dataclass(frozen=True, kw_only=True)
class Work:
    """Something to be done as soon as what it needs was done."""

    needs: frozenset[str]
    do: Callable[[Mapping[str, pa.Table]], pa.Table | None]
    """It is handed what was found so far, and finds nothing when something is only kept."""


def _work(plan: Plan, asked: Asked, room: Workroom) -> dict[str, Work]:
    """Return all that is to be done: what others start from goes first."""
    kept = {_kept(name): Work(needs=frozenset(), do=_taking_in(room, name)) for name in REGISTER}
    kept |= {
        _kept(name): Work(needs=_needs(plan, question), do=_keeping(room, name, question))
        for name, question in plan.shared.items()
    }
    # The longest to say is mostly the longest to answer: it had better begin early.
    by_length = sorted(plan.asked.items(), key=lambda one: -len(one[1].sql))
    others = sorted(by_length, key=lambda one: len(asked[one[0]].after))
    return kept | {
        name: Work(
            needs=_needs(plan, question) | {*asked[name].after},
            do=_asking(room, question, asked[name]),
        )
        for name, question in others
    }


def _kept(name: str) -> str:
    return f"{name} is kept"


def _needs(plan: Plan, question: Question) -> frozenset[str]:
    return frozenset(_kept(name) for name in question.uses if name in {*plan.shared, *REGISTER})


def _taking_in(room: Workroom, name: str) -> Callable[[Mapping[str, pa.Table]], None]:
    return lambda found: room.take_in(name)


def _keeping(
    room: Workroom, name: str, question: Question
) -> Callable[[Mapping[str, pa.Table]], None]:
    return lambda found: room.keep(name, question.sql)


def _asking(
    room: Workroom, question: Question, one: Asking
) -> Callable[[Mapping[str, pa.Table]], pa.Table]:
    return lambda found: one.finish(room.answer(question.sql), found)


def carried(work: Mapping[str, Work], at_once: int) -> dict[str, pa.Table]:
    """Do all of it, so much at once, and return what was found."""
    waiting, done = dict(work), set[str]()
    found: dict[str, pa.Table] = {}
    working: dict[Future[pa.Table | None], str] = {}
    with ThreadPoolExecutor(at_once) as threads:
        while waiting or working:
            ready = (name for name, one in waiting.items() if one.needs <= done)
            for name in list(islice(ready, at_once - len(working))):
                working[threads.submit(waiting.pop(name).do, found)] = name
            for future in wait(working, return_when=FIRST_COMPLETED).done:
                name, answer = working.pop(future), future.result()
                done.add(name)
                if answer is not None:
                    found[name] = answer
    return found
