"""The reading of one stream of one account, page by page, from the newest back to what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vigie.collect.connector import Ask, Page, Payload, Stream, Subject
from vigie.collect.walking import Position, Walk, arrived, begin, cut_short, onward, unchanged
from vigie.errors import BusyError, GarbledError, RefusedError
from vigie.flow.errand import Errand
from vigie.flow.journal import Failure, Named
from vigie.model import Cursor, Mention, Post
from vigie.words import Words, _, kept

MOST_CHECKED = 100
LAST_CHANCE = timedelta(days=1)
"""Before a post is too old to be looked at again."""


class Stop(Exception):
    """The run ends here: out of budget, asked to stop, or the network asks to be left alone."""

    def __init__(self, state: str, words: Words | None = None) -> None:
        super().__init__(state)
        self.state = state
        self.words = words


def _standing(page: Page, walk: Walk) -> Page:
    """Return a page whose finds stand for those of the minutes that are not read."""
    finds = [one for one in page.records if isinstance(one, Mention)]
    read = [one for one in finds if walk.floor is None or one.published_at >= walk.floor]
    return replace(page, records=[replace(one, stands_for=walk.one_in) for one in read])


@dataclass(kw_only=True)
class Visit:
    """The reading of one stream of one account."""

    round: Errand
    subject: Subject
    stream: Stream
    fields: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    records: int = 0

    def __post_init__(self) -> None:
        self.before = self.round.known.cursors.get((self.subject.subject, self.stream.name))
        self.position = (
            Position.read(
                self.before.position,
                complete_from=self.before.complete_from,
                complete_to=self.before.complete_to,
            )
            if self.before
            else Position()
        )
        self.started = self.round.clock()

    def make(self) -> None:
        """Walk from the newest page back to what is known; a walk cut short before goes first."""
        if self.stream.grows:
            self._ask_about_posts()
        else:
            self._read(())

    def _ask_about_posts(self) -> None:
        """Ask about the recent posts of which more may be said than at the last whole look."""
        since = self.started - self.round.reach.relook
        recent = self.round.known.recent(self.subject.subject, since=since)
        changed = [post for post in recent if self._may_have_grown(post, since)]
        if changed:
            self._read(changed)
        if recent:
            metrics = {post: self._metrics(post, since) for post in recent}
            read_to = self.position.complete_to or self.started
            self.position = replace(self.position, complete_to=read_to, metrics=metrics)
            self._keep_cursor(is_done=True)

    def _may_have_grown(self, post: str, since: datetime) -> bool:
        metrics = self._metrics(post, since)
        return None in metrics or metrics != self.position.metrics.get(post, [0] * len(metrics))

    def _metrics(self, post: str, since: datetime) -> list[int | None]:
        """Return what would change if more was said about a post, and whether it grows old.

        Networks count what answers the post itself: what is said further below shows nowhere, so
        one that was answered is asked about once more before it is left alone.
        """
        known, subject = self.round.known, self.subject.subject
        metrics = known.metrics(subject, post, self.stream.grows)
        is_old = known.published(subject, post) < since + LAST_CHANCE
        return [*metrics, int(is_old and any(metrics))]

    def _read(self, posts: Sequence[str]) -> None:
        was_resumed = self.position.walk is not None
        last = self._walk(posts)
        if was_resumed:
            last = self._walk(posts)
        self._expect()
        if last is not None:
            self._check_absent(last)

    def _walk(self, posts: Sequence[str]) -> Walk | None:
        """Make one walk; return it when it was whole and read everything anew."""
        newest = self.round.known.newest(self.subject.subject)
        walk = begin(
            self.position,
            self.stream,
            self.round.reach,
            now=self.started,
            newest=newest,
            one_in=self.round.thinned.get(self.subject.subject, 1),
        )
        first = walk
        while True:
            ask = Ask(
                stream=self.stream.name,
                subject=self.subject,
                page=walk.page,
                since=walk.floor,
                validators=self.position.validators if walk.page is None else {},
                posts=tuple(posts),
            )
            try:
                page = self._ask(ask, walk)
            except RefusedError as error:
                if walk is not first or not walk.is_resumed or isinstance(error, BusyError):
                    raise
                # Networks forget where we were after a while: as far back, from the top.
                first = walk = Walk(top=self.started, floor=walk.floor)
                continue
            if page is None:
                self.position = unchanged(self.position, walk)
                self._keep_cursor(is_done=True)
                return None
            onwards = onward(walk, page)
            if onwards is None:
                self.position = arrived(self.position, walk, page, self.stream)
                self._keep_cursor(is_done=True)
                return None if first.is_resumed else walk
            walk = onwards
            self.position = cut_short(self.position, walk, page)
            self._keep_cursor(is_done=False)
            self.round.keeping.commit_if_due()

    def _ask(self, ask: Ask, walk: Walk | None = None) -> Page | None:
        """Put one question, within the budget; none: nothing changed since the last time."""
        made = self.round
        calls = made.connector.cost(ask)
        self._require(calls)
        made.keeping.count(calls=calls)
        made.budget = made.budget.after(calls=calls, posts=0)
        payload = made.connector.fetch(ask, made.http)
        if payload.status == 304:
            return None
        page = self._parsed(payload, walk)
        made.budget = made.budget.after(calls=0, posts=page.seen)
        made.keeping.count(cost=page.seen * made.budget.price_per_post)
        return page

    def _require(self, calls: int) -> None:
        made = self.round
        if made.should_stop():
            raise Stop("interrupted")
        if not made.budget.is_enough(calls=calls, posts=made.connector.posts_per_page):
            made.not_before = made.budget.resets_at
            raise Stop(
                "short",
                _(
                    "The budget of {network} is used up until {moment}. What was not read is read "
                    "then; figures say how much was seen.",
                    network=made.connector.label,
                    moment=made.budget.resets_at,
                ),
            )

    def _parsed(self, payload: Payload, walk: Walk | None) -> Page:
        made = self.round
        try:
            page = made.connector.parse(payload, made.context)
        except GarbledError as error:
            made.keeping.add_garbled(payload, error.words)
            raise
        if walk is not None and walk.one_in > 1:
            page = _standing(page, walk)
        made.keeping.add(payload, page)
        made.known.add(page.records)
        self._learn(page.handles)
        if page.granted is not None:
            made.granted = (made.granted or frozenset()) | page.granted
        made.ends_at = page.ends_at or made.ends_at
        self.records += len(page.records)
        self.fields |= page.fields
        self.seen |= {record.post for record in page.records if isinstance(record, Post)}
        return page

    def _learn(self, handles: Mapping[str, str]) -> None:
        """Note the number and the handle of the account, where the register lacks or has others."""
        known = self.subject
        for identifier, handle in handles.items():
            is_renamed = known.handle is not None and known.handle.casefold() != handle.casefold()
            if known.identifier not in (None, identifier):
                continue  # Another account: one that is quoted, or that took over the handle.
            if known.identifier is None or is_renamed:
                self.round.named[known.subject] = Named(
                    account=known.subject,
                    identifier=identifier,
                    handle=handle,
                    is_renamed=is_renamed,
                )

    def _expect(self) -> None:
        """Note which metrics this account had before: one that nobody has any more is lost."""
        if not self.records:
            return
        expected = self.round.expected.setdefault(self.stream.name, {})
        for name in self.before.fields if self.before else ():
            expected[name] = expected.get(name, 0) + 1
        self.round.found.setdefault(self.stream.name, set()).update(self.fields)

    def _check_absent(self, walk: Walk) -> None:
        """Ask about known posts that a whole walk did not meet: they may have been taken down."""
        if self.stream.name != "posts":
            return
        made = self.round
        floor = max(filter(None, (walk.floor, self.started - made.reach.relook)))
        recent = made.known.recent(self.subject.subject, since=floor)
        absent = [post for post in recent if post not in self.seen][:MOST_CHECKED]
        ask = made.connector.check(absent, self.subject) if absent else None
        while ask is not None:
            page = self._ask(ask)
            following = page.next_page if page else None
            ask = replace(ask, page=following) if following and following != ask.page else None

    def failed(self, words: Words, *, is_denied: bool = False) -> None:
        """Note that the account could not be read."""
        made = self.round
        made.failures.append(
            Failure(
                subject=self.subject.subject,
                stream=self.stream.name,
                words=words,
                is_denied=is_denied,
            )
        )
        self._keep_cursor(is_done=False, failure=kept(words))

    def stopped(self) -> None:
        """Note where to go on, when the run ends in the middle of a walk."""
        if self.position.walk is not None:
            self._keep_cursor(is_done=False)

    def _keep_cursor(self, *, is_done: bool, failure: str | None = None) -> None:
        now = self.round.clock()
        before = self.before or self._first(now)
        if is_done:
            outcome = replace(before, succeeded_at=now, failed_at=None, failure=None, misses=0)
        elif failure is not None:
            misses = before.misses + 1
            outcome = replace(before, failed_at=now, failure=failure, misses=misses)
        else:
            outcome = before
        self.round.keeping.move(
            replace(
                outcome,
                position=self.position.as_json(),
                complete_from=self.position.complete_from,
                complete_to=self.position.complete_to,
                asked_at=max(now, before.asked_at),
                fields=tuple(sorted({*before.fields, *self.fields})),
                run=self.round.context.run,
            )
        )

    def _first(self, now: datetime) -> Cursor:
        return Cursor(
            connector=self.round.name,
            network=self.subject.network,
            subject=self.subject.subject,
            stream=self.stream.name,
            position="",
            asked_at=now,
        )
