"""Opens connections: who we are, where we may go, how long we wait, how often we try."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from types import TracebackType

from vigie.errors import BusyError, GarbledError
from vigie.http.addresses import Allowed
from vigie.http.allowances import Allowances, Limit
from vigie.http.asking import Answer, Request
from vigie.http.broken import Broken, raised
from vigie.http.carrying import Carrier
from vigie.http.clocks import Clocks
from vigie.http.following import SCHEMES, messages
from vigie.http.lines import Seconds
from vigie.http.patience import NOT_DONE, RETRIED, Patience, asked_wait, is_haste
from vigie.http.proxies import Proxy, proxy_of
from vigie.http.refusing import busy, refusal
from vigie.http.targets import Target, redirected, target_of
from vigie.settings import Settings
from vigie.words import _

MOST_BYTES = 32 << 20
"""Of an answer, unpacked."""
REDIRECTS = 5
MOVED = frozenset({301, 302, 303, 307, 308})


def _now() -> datetime:
    return datetime.now(UTC)


def open_http(settings: Settings) -> Http:
    """Return the opener that these settings describe."""
    each = settings.questions_per_second
    return Http(
        agent=identity(settings.contact),
        allowed=replace(Allowed.of(settings.private_addresses), is_closed=settings.offline),
        proxy=None if settings.offline else proxy_of(settings.proxy),
        gap_seconds=1 / each if each else 0.0,
    )


def identity(contact: str) -> str:
    """Return who we say we are, with where to reach whoever runs this installation."""
    plain = "".join(letter for letter in contact if "!" <= letter <= "~")
    about = f"; +{plain}" if plain else ""
    return f"Vigie/{version('vigie')} (observatory of institutions on social networks{about})"


@dataclass(kw_only=True)
class Http:
    """Asks servers, politely. Safe to share between threads; may be closed by ``with``."""

    agent: str
    allowed: Allowed = field(default_factory=Allowed)
    patience: Patience = field(default_factory=Patience)
    seconds: Seconds = field(default_factory=Seconds)
    most_bytes: int = MOST_BYTES
    gap_seconds: float = 0.0
    """Least time between two questions to one server."""
    proxy: Proxy | None = field(default=None, repr=False)
    authorities: str | None = None
    """File of the certificate authorities that are trusted; none: those of the machine."""
    clock: Callable[[], datetime] = _now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
    calls: int = 0
    """Questions put so far: retries and redirects included."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self.clocks = Clocks()
        self._allowances = Allowances(gap_seconds=self.gap_seconds)
        self._carrier = Carrier(
            agent=self.agent,
            allowed=self.allowed,
            most_bytes=self.most_bytes,
            seconds=self.seconds,
            clock=self.clock,
            proxy=self.proxy,
            authorities=self.authorities,
        )

    def __enter__(self) -> Http:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections kept open; the next question opens a new one."""
        self._carrier.lines.close()

    def ask(self, request: Request) -> Answer:
        """Return the answer, 304 included; raise a ``NetworkError`` that says what went wrong.

        What may pass is asked again: broken connections, 5xx, 429 as the server wishes. What is
        not repeatable is asked again only where the server cannot have acted on it.
        """
        begun = self.monotonic()
        for tried in range(1, self.patience.tries + 1):
            outcome = self._follow(request)
            seconds = self._again_after(request, outcome, tried)
            if seconds is None or self.monotonic() - begun + seconds > self.patience.all_seconds:
                break
            self.sleep(seconds)
        if isinstance(outcome, Broken):
            raise outcome.error
        if outcome.status >= 400:
            raise refusal(outcome)
        return outcome

    def follow(self, request: Request, *, idle_seconds: float = 60) -> Iterator[bytes | str]:
        """Yield the messages of a websocket (``wss://``), until the caller closes the generator.

        Raises ``NoAnswerError`` when the connection breaks, or nothing comes for that long: the
        caller resumes from its cursor.
        """
        target = raised(target_of(request, schemes=SCHEMES))
        self._take_turn(_limit(request, target))
        yield from messages(self._carrier, request, target, idle_seconds=idle_seconds)

    def _again_after(self, request: Request, outcome: Answer | Broken, tried: int) -> float | None:
        """Return the seconds after which to ask again; none: this outcome stands."""
        if tried == self.patience.tries:
            return None
        usual = self.patience.wait(tried, chance=self.random())
        if isinstance(outcome, Broken):
            is_safe = request.is_repeatable or not outcome.is_sent
            return usual if outcome.is_passing and is_safe else None
        hasty = is_haste(outcome.headers, status=outcome.status)
        if not hasty and outcome.status not in RETRIED:
            return None
        if not (request.is_repeatable or hasty or outcome.status in NOT_DONE):
            return None
        asked = asked_wait(outcome.headers, status=outcome.status, now=outcome.at)
        if asked is None:
            return usual
        return asked + self.random() if asked <= self.patience.most_seconds else None

    def _follow(self, request: Request) -> Answer | Broken:
        """Ask, and go where the server sends us: every step is checked like the first."""
        first = request
        for _step in range(REDIRECTS + 1):
            target = raised(target_of(request))
            answer = self._once(request, target)
            if isinstance(answer, Broken) or answer.status not in MOVED:
                return answer
            if "location" not in answer.headers:
                raise GarbledError(
                    _("{url} sends us elsewhere without saying where.", url=answer.url)
                )
            request = raised(
                redirected(request, target, answer.headers["location"], status=answer.status)
            )
        raise GarbledError(_("{url} sends us in circles.", url=first.shown))

    def _once(self, request: Request, target: Target) -> Answer | Broken:
        limit = _limit(request, target)
        self._take_turn(limit)
        answer = self._carrier.carry(request, target)
        if isinstance(answer, Answer):
            self.clocks.note(target.named, answer.headers, at=answer.at)
            asked = asked_wait(answer.headers, status=answer.status, now=answer.at)
            if asked is not None:
                self._allowances.rest(limit, self.monotonic() + asked)
        return answer

    def _take_turn(self, limit: Limit) -> None:
        """Wait until a server may be asked; raise ``BusyError`` where that is too long."""
        for _again in range(self.patience.tries):
            left = self._allowances.rest_left(limit, self.monotonic())
            if not left:
                break
            if left > self.patience.most_seconds:
                until = self.clock() + timedelta(seconds=left)
                raise BusyError(busy(limit[0]), status=429, until=until)
            self.sleep(left + self.random())
        if turn := self._allowances.turn(limit[0], self.monotonic()):
            self.sleep(turn)
        with self._lock:
            self.calls += 1


def _limit(request: Request, target: Target) -> Limit:
    """Return which allowance a question counts against: each key has its own."""
    keys = [*request.secret_params.items(), *request.secret_headers.items()]
    return target.named, hash(tuple(sorted(keys))), request.counts_against
