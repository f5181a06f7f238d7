"""What due work is: for each kind, the function that does it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from vigie import flow
from vigie.annotate.models import Models
from vigie.annotate.succession import TOOK
from vigie.cli import inbox_work, taking_up
from vigie.cli.after_collecting import teach_register
from vigie.cli.alerts import let_go_of_listening, warn
from vigie.cli.collected import told_reread
from vigie.cli.identities import told_identities
from vigie.cli.inbox_tables import keep_inbox
from vigie.cli.outcomes import outcome_of
from vigie.cli.renewing import keeper, renew_due
from vigie.cli.sought import sought
from vigie.cli.walls import keep_walls
from vigie.collect.connecting import connectors
from vigie.collect.news import News
from vigie.errors import LabelError, ModelError
from vigie.http import Http, open_http
from vigie.inbox.bench import Bench
from vigie.inbox.working import READ_BOX
from vigie.listening import tables
from vigie.listening.label_changes import checked_keys, sampled_keys
from vigie.listening.model_changes import TEACHER, note_taught
from vigie.listening.theme_changes import remembered
from vigie.listening.trained_words import trained_words
from vigie.settings import Settings
from vigie.sources import deliveries, findings, turns
from vigie.sources.asked import registered, subjects_of
from vigie.sources.connections import entered
from vigie.sources.shelf import Shelf
from vigie.sources.turns import Claim
from vigie.sources.working import Job, Outcome
from vigie.store.store import Store
from vigie.words import Words, _, plural


@dataclass(frozen=True, kw_only=True)
class Jobs:
    """The work of an installation."""

    store: Store
    settings: Settings
    http: Http | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def by_kind(self) -> Mapping[str, Job]:
        """Return the function of each kind of work."""
        return {
            turns.COLLECT: self.collect,
            turns.REREAD: self.reread,
            turns.DELIVERIES: self.read_deliveries,
            turns.LET_GO: self.let_go,
            turns.MEASURE: self.measure,
            turns.ANNOTATE: self.annotate,
            findings.DISCOVER: self.discover,
            turns.WALLS: self.keep_walls,
            turns.ALERTS: self.warn,
            turns.SEARCH: self.search,
            turns.SPIKES: self.find_spikes,
            turns.THEMES: self.find_themes,
            turns.IDENTITY: self.identify,
            turns.TRAIN: self.train,
            turns.TRY: self.try_model,
            READ_BOX: self.read_box,
            inbox_work.SEND_REPLIES: self.send_replies,
            taking_up.TAKE_UP: self.take_up,
            inbox_work.COUNT_INBOX: self.count_inbox,
            inbox_work.ASK_SERVICES: self.ask_services,
            inbox_work.RECOUNT_HOURS: self.recount_hours,
            inbox_work.SKETCH_PAYLOADS: self.sketch_payloads,
        }

    def collect(self, claim: Claim, should_stop: Callable[[], bool]) -> Outcome:
        """Ask one network about its accounts, or about the one that is due."""
        name = claim.connector
        wish = flow.Wish(
            connectors=(name,),
            only=(claim.subject,) if claim.subject else (),
            is_due_only=not claim.is_whole,
        )
        means = self._means(name, should_stop)
        subjects = self._subjects(name)
        if not subjects or (claim.subject and claim.subject not in subjects):
            return Outcome()
        (collected,) = flow.collect(self.store, wish, means)
        if collected.counts.kept:
            self._follow_up()
        self.teach(collected)
        return outcome_of(collected)

    def search(self, claim: Claim, should_stop: Callable[[], bool]) -> Outcome:
        """Search one network for what is listened to."""
        queries = sought()
        if not queries:
            return Outcome()
        collected = flow.search(
            self.store, claim.connector, queries, self._means(claim.connector, should_stop)
        )
        if collected is None:
            return Outcome()
        if collected.counts.kept:
            turns.make_due(turns.ANNOTATE, now=self.clock())
        return outcome_of(collected)

    def _follow_up(self) -> None:
        """Have done what new posts call for."""
        for kind in (turns.MEASURE, turns.ANNOTATE, turns.WALLS, turns.SPIKES):
            turns.make_due(kind, now=self.clock())

    def _means(self, name: str, should_stop: Callable[[], bool]) -> flow.Means:
        renew_due([name], self.settings, http=self.http)
        return flow.Means(
            settings=self.settings,
            http=self.http,
            secrets={name: entered(name, settings=self.settings)},
            clock=self.clock,
            should_stop=should_stop,
            keep=keeper(self.settings, clock=self.clock),
        )

    def _subjects(self, name: str) -> frozenset[str]:
        rows = entered(name, settings=self.settings)
        known = registered(self.store)
        return subjects_of(name, known, settings=self.settings, options=rows)

    def teach(self, collected: flow.Collected) -> None:
        """Tell the register what the network said of accounts and of its own metrics."""
        today = self.clock().astimezone(self.settings.zone).date()
        teach_register(self.store, [collected], today=today)

    def reread(self, claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        """Read what is kept of a network's answers once more."""
        (collected,) = flow.reparse(
            self.store,
            (claim.connector,),
            settings=self.settings,
            clock=self.clock,
            sought=sought(),
        )
        if collected.counts.kept:
            turns.make_due(turns.MEASURE, now=self.clock())
            turns.make_due(turns.ANNOTATE, now=self.clock())
        return Outcome(words=told_reread(collected))

    def read_deliveries(self, _claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        """Read what networks sent of their own accord."""
        shelf = Shelf(home=self.settings.home)
        keep = timedelta(days=self.settings.raw_days)
        deliveries.read_all(shelf, now=self.clock(), keep=keep, hear=self._hear, share=self._share)
        inbox_work.read_brought(settings=self.settings, http=self.http, clock=self.clock)
        return Outcome()

    def _share(self, webhook: str, body: bytes, received_at: datetime) -> bool:
        """Hand what a network sent to the boxes of the inbox that it concerns."""
        return inbox_work.share(webhook, body, received_at, settings=self.settings)

    def _hear(self, news: Sequence[News]) -> Sequence[bool]:
        """Keep what networks told, and have what follows from it done."""
        enough = flow.hear(self.store, news, settings=self.settings, clock=self.clock)
        if news:
            self._follow_up()
        return enough

    def let_go(self, _claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        """Let go of what may no longer be kept, unless nobody agrees on what day it is."""
        now = self.clock()
        if self.http is not None and (ahead := self.http.clocks.ahead):
            return Outcome(failure=_wrong_clock(now, ahead))
        flow.let_go(self.store, settings=self.settings, today=self.clock().date())
        flow.drop_words(self.store, settings=self.settings)
        inbox_work.let_go(settings=self.settings, now=now)
        let_go_of_listening(self.store, now=self.clock())
        return Outcome()

    def warn(self, _claim: Claim, should_stop: Callable[[], bool]) -> Outcome:
        """Decide what alerts say, and send what is to be sent."""
        said = warn(
            self.store,
            settings=self.settings,
            http=self.http,
            now=self.clock(),
            should_stop=should_stop,
        )
        return Outcome(words=said)

    def measure(self, _claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        """Measure the months that what came in touches."""
        keep_inbox(self.store, settings=self.settings, now=self.clock())
        flow.measure(self.store, settings=self.settings)
        return Outcome(words=_("The indicators were measured again."))

    def annotate(self, _claim: Claim, should_stop: Callable[[], bool]) -> Outcome:
        """Label the texts that lack a label, and note where each word stands."""
        done = flow.annotate(
            self.store,
            settings=self.settings,
            among=self._invented_months(),
            http=self.http or open_http(self.settings),
            clock=self.clock,
            should_stop=should_stop,
        )
        if done.texts:
            turns.make_due(turns.ALERTS, now=self.clock())
            turns.make_due(turns.SPIKES, now=self.clock())
            if taking_up.is_wanted():
                turns.make_due(taking_up.TAKE_UP, now=self.clock())
        flow.read_words(self.store, settings=self.settings)
        words = plural(
            "{count} text was labelled.", "{count} texts were labelled.", count=done.texts
        )
        return Outcome(is_finished=done.state == "done", words=words if done.texts else None)

    def _invented_months(self) -> Collection[date] | None:
        """Return the months in which an invented sector is spoken of; none: some of it is real.

        To label all that its institutions publish would keep a newcomer's machine busy for minutes.
        """
        is_invented = self.store.table("institutions").is_invented.all().to_pyarrow().as_py()
        return self.store.months("mentions") if is_invented else None

    def find_spikes(self, _claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        """Look whether what came in is more than chance explains."""
        watch = flow.watch_of(tables.queries(), tables.events())
        found = flow.find_spikes(self.store, watch, settings=self.settings, now=self.clock())
        words = plural("{count} spike was found.", "{count} spikes were found.", count=len(found))
        return Outcome(words=words)

    def read_box(self, claim: Claim, should_stop: Callable[[], bool]) -> Outcome:
        """Read what came to one box of the inbox."""
        return inbox_work.read(
            claim,
            settings=self.settings,
            http=self.http,
            clock=self.clock,
            should_stop=should_stop,
        )

    def send_replies(self, _claim: Claim, should_stop: Callable[[], bool]) -> Outcome:
        """Send the replies of the inbox that are due."""
        return inbox_work.send(
            settings=self.settings, http=self.http, clock=self.clock, should_stop=should_stop
        )

    def count_inbox(self, _claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        """Give the store the plain rows of the inbox."""
        count = keep_inbox(self.store, settings=self.settings, now=self.clock())
        words = plural("{count} conversation was counted.", "{count} conversations were counted.",
                       count=count)  # fmt: skip
        return Outcome(words=words if count else None)

    def take_up(self, _claim: Claim, should_stop: Callable[[], bool]) -> Outcome:
        """Make conversations of the mentions that queries send to the inbox."""
        bench = Bench(
            settings=self.settings, http=self.http or open_http(self.settings), clock=self.clock
        )
        count = taking_up.take_up_found(self.store, bench, should_stop=should_stop)
        words = plural("{count} mention went to the inbox.", "{count} mentions went to the inbox.",
                       count=count)  # fmt: skip
        return Outcome(words=words if count else None)

    def ask_services(self, _claim: Claim, should_stop: Callable[[], bool]) -> Outcome:
        """Ask those who answer by mail, and warn of what is nearly late."""
        return inbox_work.ask(settings=self.settings, clock=self.clock, should_stop=should_stop)

    def recount_hours(self, _claim: Claim, should_stop: Callable[[], bool]) -> Outcome:
        """Count anew what is due where hours were changed."""
        return inbox_work.recount(settings=self.settings, clock=self.clock, should_stop=should_stop)

    def sketch_payloads(self, _claim: Claim, should_stop: Callable[[], bool]) -> Outcome:
        """Note in brief which words the payloads of the inbox hold."""
        return inbox_work.sketch(settings=self.settings, should_stop=should_stop)

    def find_themes(self, _claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        """Find what is spoken of, and what is new in it."""
        done = flow.find_themes(
            self.store, settings=self.settings, now=self.clock(), remembered=remembered()
        )
        words = plural("{count} theme was found.", "{count} themes were found.", count=done.themes)
        return Outcome(words=words)

    def identify(self, claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        """Tell who institutions are, once a month each; one that was named is told anew."""
        done = flow.identify_due(
            self.store,
            specialities=tables.specialities(),
            named=(claim.subject,) if claim.subject else (),
            now=self.clock(),
        )
        if done is None:
            return Outcome()
        turns.make_due(turns.MEASURE, now=self.clock())
        return Outcome(words=told_identities(done))

    def train(self, claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        """Teach a model of one question; it answers only where it beats what answers."""
        try:
            made = flow.train(
                self.store,
                claim.subject,
                settings=self.settings,
                checks=checked_keys(claim.subject),
                by=TEACHER.name,
                now=self.clock(),
            )
        except ModelError as error:
            return self._failed_model(claim.subject, error.words)
        Models(self.settings.home).note_failure(claim.subject, None)
        note_taught(made, by=TEACHER, at=self.clock())
        if made.place == TOOK:
            turns.make_due(turns.ANNOTATE, now=self.clock())
        return Outcome(words=trained_words(made))

    def try_model(self, claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        """Put the question of the latest check to a model that settings name."""
        question, _slash, name = claim.subject.partition("/")
        try:
            done = flow.try_model(
                self.store,
                question,
                sampled_keys(question),
                settings=self.settings,
                http=self.http or open_http(self.settings),
                name=name,
                checks=checked_keys(question),
                by=claim.worker,
                now=self.clock(),
            )
        except LabelError as error:
            return self._failed_model(question, error.words)
        failed = done.failure.words if done.failure and not done.kept else None
        if failed is not None:
            return self._failed_model(question, failed)
        Models(self.settings.home).note_failure(question, None)
        words = plural(
            "{name} was tried on {count} text.",
            "{name} was tried on {count} texts.",
            name=name,
            count=done.kept,
        )
        return Outcome(words=words)

    def _failed_model(self, question: str, words: Words) -> Outcome:
        """Say at the first failure why a model was not taught or tried, and try again later."""
        now = self.clock().isoformat()
        Models(self.settings.home).note_failure(question, words, at=now)
        return Outcome(failure=words)

    def discover(self, claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        """Look at the site of an institution for its accounts."""
        secrets = {name: entered(name, settings=self.settings) for name in connectors()}
        means = flow.Means(
            settings=self.settings,
            http=self.http,
            secrets=secrets,
            clock=self.clock,
            keep=keeper(self.settings, clock=self.clock),
        )
        found = flow.discover(self.store, claim.subject, means)
        findings.note(found)
        return Outcome(words=_("The site of {name} was looked at.", name=found.name))

    def keep_walls(self, _claim: Claim, _should_stop: Callable[[], bool]) -> Outcome:
        """Bring posts to the walls of classes; close and erase those whose time is over."""
        keep_walls(self.store, now=self.clock())
        return Outcome()


def _wrong_clock(now: datetime, ahead: timedelta) -> Words:
    return _(
        "The clock of this machine says {ours}, and every server that was asked says {theirs}. "
        "Set it right: until then nothing is let go that may be kept for a while only.",
        ours=now,
        theirs=now - ahead,
    )
