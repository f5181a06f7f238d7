"""Texts labelled: those that lack a label of the current version, month by month."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa

from vigie.annotate.answering import TRIAL, Annotator
from vigie.annotate.batch import Batch, Known
from vigie.annotate.classifier import Answered
from vigie.annotate.languages import expected
from vigie.annotate.models import MODEL, Models
from vigie.columns import records_of, schema_of, table_of
from vigie.errors import LabelError, ModelError, NetworkError
from vigie.flow.answerers import answerers
from vigie.flow.copied import Copied
from vigie.flow.unlabelled import Unlabelled, stretches
from vigie.http import Http
from vigie.model import Account, Institution, Label, Run
from vigie.settings import Settings
from vigie.store.store import Store
from vigie.words import _

STEP = "annotate"
CHUNK = 10_000
"""Texts read, labelled and kept at once: what a stop loses, and what memory must hold."""
STRETCH = CHUNK
"""Texts of several small months that are looked at together."""
BATCH = 1_000
MOST_LABELS = 100_000
"""Labels of several months looked at together when some of them may go."""
DONE = "annotated.json"
PERSON = "person:"
PAUSE = timedelta(hours=1)
"""After which a model that could not answer is asked again; the rules answer meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Annotated:
    """What a run of annotate did."""

    state: str
    """done, or interrupted: what is left is due again."""
    texts: int
    labels: int
    months: tuple[date, ...]
    seconds: float


@dataclass(kw_only=True)
class _Work:
    """One run: who answers, what is known, how far it is."""

    store: Store
    annotators: Sequence[Annotator]
    """Who still answers: a model that cannot is left out from there on."""
    copied: Copied
    """What is known, and the texts that may be copied."""
    clock: Callable[[], datetime]
    should_stop: Callable[[], bool]
    progress: Callable[[int, int | None], None]
    total: int = 0
    run: str = ""
    texts: int = 0
    labels: int = 0
    months: set[date] = field(default_factory=set)
    silent: dict[str, ModelError | NetworkError] = field(default_factory=dict)
    """Question → why its model cannot answer."""

    @property
    def unlabelled(self) -> Unlabelled:
        """Return the texts that those who still answer have not answered about."""
        return Unlabelled(store=self.store, annotators=self.annotators)


def annotate(
    store: Store,
    *,
    settings: Settings,
    questions: Iterable[str] = (),
    among: Collection[date] | None = None,
    everything: bool = False,
    http: Http | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int | None], None] = lambda done, of: None,
) -> Annotated:
    """Label what lacks a label of the current version; ``everything``: what was labelled too.

    ``among`` names the months that are looked at: all, unless said.

    A month whose texts did not change since it was done is not even looked at. What is kept after
    each chunk stays kept: a run that is stopped goes on where it was.
    """
    begun, started_at = time.monotonic(), clock()
    models = Models(settings.home)
    known_ones = answerers(settings, questions, http=http)
    annotators = [one for one in known_ones if not _is_paused(models, one, started_at)]
    unlabelled = Unlabelled(store=store, annotators=annotators)
    prints, known = unlabelled.prints(), _known_prints(settings)
    if everything:
        _forget_machine(store, annotators)
    wanted = [m for m in unlabelled.months() if among is None or m in among]
    months = [m for m in wanted if everything or prints[m] != known.get(m)]
    if not months:
        return Annotated(state="done", texts=0, labels=0, months=(), seconds=0.0)
    forget_other_models(store, known_ones, months)
    parted = unlabelled.stretches(months, most=STRETCH)
    counts = [unlabelled.count(some) for some in parted]
    work = _Work(
        store=store, annotators=annotators, clock=clock, total=sum(counts),
        copied=Copied(known=known_of(store, settings), total=sum(counts)),
        should_stop=should_stop, progress=progress,
        run=f"{started_at:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}",
    )  # fmt: skip
    for some, count in zip(parted, counts, strict=True):
        is_done = not count or _stretch(work, some)
        _note_trouble(models, work)
        if not is_done:
            return _ended(work, "interrupted", started_at, begun)
        now = prints if not work.silent else work.unlabelled.prints()
        known |= {month: now[month] for month in some}
        if not questions:
            _keep_prints(settings, known)
    return _ended(work, "done", started_at, begun)


def _is_paused(models: Models, one: Annotator, now: datetime) -> bool:
    """Whether a model could not answer a short while ago."""
    if one.languages is None:
        return False
    since = models.trouble(one.question).get("at")
    return bool(since) and now - datetime.fromisoformat(str(since)) < PAUSE


def _note_trouble(models: Models, work: _Work) -> None:
    """Note which models cannot answer, and which can again."""
    for question, error in work.silent.items():
        models.note_trouble(question, error.words, at=work.clock().isoformat())
    for one in work.annotators:
        if one.languages is not None and work.texts and models.trouble(one.question):
            models.note_trouble(one.question, None)


def _stretch(work: _Work, months: Sequence[date]) -> bool:
    """Label what some months lack; false when it was to stop before the end."""
    if any(one.question == "duplicate" for one in work.annotators):
        work.copied.begin(work.unlabelled, months)
    last: pa.Table | None = None
    while not work.should_stop():
        rows = work.unlabelled.next(months, most=CHUNK)
        if not rows.num_rows:
            return True
        if last is not None and rows.equals(last):
            raise LabelError(
                _(
                    "The labels of {month} were written and cannot be read back. Run: vigie "
                    "store check.",
                    month=f"{rows['published_on'][0].as_py():%Y-%m}",
                )
            )
        last = rows
        _label(work, rows)
    return False


def _label(work: _Work, rows: pa.Table) -> None:
    """Label some texts and keep their labels, all at once."""
    parts, done = [], work.texts
    for some in work.copied.batches(rows, most=BATCH):
        batch = batch_of(some, work.copied.known)
        parts += [_labels(work, some, one, _answers(work, one, batch)) for one in work.annotators]
        done += some.num_rows
        work.progress(done, work.total)
    kept = pa.concat_tables(parts)
    work.store.append(Label.table, kept)
    work.months |= {day.replace(day=1) for day in rows["published_on"].unique().to_pylist()}
    work.texts += rows.num_rows
    work.labels += kept.num_rows


def _answers(work: _Work, one: Annotator, batch: Batch) -> Sequence[Answered | None]:
    """Return what one answers; a model that cannot is left out, and the rules' answers stand."""
    try:
        return one.answer(batch)
    except (ModelError, NetworkError) as error:
        if one.languages is None:
            raise
        work.silent[one.question] = error
        work.annotators = [other for other in work.annotators if other is not one]
        return [None] * len(batch)


def batch_of(rows: pa.Table, known: Known) -> Batch:
    """Return texts of the store as classifiers read them."""
    columns = rows.to_pydict()
    pairs = zip(columns["network"], columns["post"], strict=True)
    return Batch(
        texts=columns["text"],
        names=[f"{network}:{post}" for network, post in pairs],
        own=[origin == "own" for origin in columns["origin"]],
        hints=[language and language.lower()[:2] for language in columns["language"]],
        known=known,
    )


def _labels(
    work: _Work, rows: pa.Table, annotator: Annotator, answers: Sequence[Answered | None]
) -> pa.Table:
    """Return what one answered as labels; what it left to the rules, where it may, as left."""
    may_leave = annotator.may_leave and annotator in work.annotators
    said = [may_leave or one is not None for one in answers]
    given = [one for one, is_said in zip(answers, said, strict=True) if is_said]
    names = [annotator.left if one is None else annotator.name for one in given]
    about = rows.select(["network", "post", "published_on", "text_mark"]).filter(
        pa.array(said, pa.bool_())
    )
    count = len(given)
    nothing = Answered()
    columns = {
        **{name: about[name] for name in about.column_names},
        "question": pa.array([annotator.question] * count, pa.string()),
        "annotator": pa.array(names, pa.string()),
        "answers": pa.array([(one or nothing).answers for one in given], pa.list_(pa.string())),
        "certainties": pa.array(
            [(one or nothing).certainties for one in given], pa.list_(pa.float64())
        ),
        "labelled_at": pa.array([work.clock()] * count, pa.timestamp("us", tz="UTC")),
        "run": pa.array([work.run] * count, pa.string()),
    }
    schema = schema_of(Label)
    return pa.table([columns[name] for name in schema.names], schema=schema)


def known_of(store: Store, settings: Settings) -> Known:
    """Return what a team knows before it reads."""
    return Known(
        languages=expected(settings.languages),
        institutions=records_of(Institution, store.table("institutions").to_pyarrow()),
        accounts=records_of(Account, store.table("accounts").to_pyarrow()),
    )


def _forget_machine(store: Store, annotators: Sequence[Annotator]) -> None:
    """Let go of what machines answered to some questions, of any version; people's labels stay."""
    questions = sorted({one.question for one in annotators})
    for some in _labelled(store, store.months(Label.table)):
        labels = store.table(Label.table, months=some)
        goes = labels.question.isin(questions) & ~labels.annotator.startswith(PERSON)
        store.replace(Label.table, labels.filter(~goes).to_pyarrow(), months=some)


def _labelled(store: Store, months: Sequence[date]) -> list[list[date]]:
    """Return those of some months that hold labels, in stretches."""
    held = store.rows(Label.table)
    return stretches(
        [month for month in months if held.get(month)], held.__getitem__, most=MOST_LABELS
    )


def forget_other_models(
    store: Store, annotators: Sequence[Annotator], months: Sequence[date]
) -> None:
    """Let go of what models answered that answer no more, and of what they left to the rules.

    ``annotators`` are all who answer now to the questions that are looked at.
    """
    questions = sorted({one.question for one in annotators})
    kept = {f"{one.question} {name}" for one in annotators for name in (one.name, one.left)}
    for some in _labelled(store, months):
        labels = store.table(Label.table, months=some)
        goes = _is_of_others(labels, questions, sorted(kept))
        days = labels.filter(goes).published_on.to_pyarrow().unique().to_pylist()
        lost = sorted({day.replace(day=1) for day in days})
        if lost:
            left = store.table(Label.table, months=lost)
            left = left.filter(~_is_of_others(left, questions, sorted(kept)))
            store.replace(Label.table, left.to_pyarrow(), months=lost)


def _is_of_others(
    labels: ir.Table, questions: Sequence[str], kept: Sequence[str]
) -> ir.BooleanValue:
    """Whether a model gave a label to one of some questions that is none of those kept."""
    who = labels.annotator
    is_model = who.startswith(f"{MODEL} ") | who.startswith(f"{TRIAL} left ")
    return labels.question.isin(questions) & is_model & ~(labels.question + " " + who).isin(kept)


def _ended(work: _Work, state: str, started_at: datetime, begun: float) -> Annotated:
    if work.texts:
        run = Run(
            run=work.run, step=STEP, started_at=started_at, ended_at=work.clock(),
            read=work.texts, kept=work.texts, duplicate=0, refused=0, state=state,
        )  # fmt: skip
        work.store.append(Run.table, table_of(Run, [run]))
    return Annotated(
        state=state,
        texts=work.texts,
        labels=work.labels,
        months=tuple(sorted(work.months)),
        seconds=time.monotonic() - begun,
    )


def _known_prints(settings: Settings) -> dict[date, str]:
    path = settings.home / DONE
    if not path.exists():
        return {}
    found: Mapping[str, str] = json.loads(path.read_text("utf-8"))
    return {date.fromisoformat(month): print_ for month, print_ in found.items()}


def _keep_prints(settings: Settings, prints: Mapping[date, str]) -> None:
    path: Path = settings.home / DONE
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.tmp")
    aside.write_text(json.dumps({str(month): print_ for month, print_ in prints.items()}), "utf-8")
    aside.replace(path)
