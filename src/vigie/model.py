"""The nouns that travel: a class here is a table in the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Record:
    """One row of a table of the store.

    ``table`` names the table, ``key`` the columns that say what the row is about, ``month``
    the date column that chooses its partition (none: the table is one small folder), and
    ``looked`` the column that says which of two looks at the same thing is newer, ``lasting``
    the columns that never change: a look that does not say them leaves them as they were known.
    Columns may be added, never renamed; an old file answers *unknown* for a new column.
    """

    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    month: ClassVar[str | None] = None
    looked: ClassVar[str | None] = None
    lasting: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True, kw_only=True)
class Post(Record):
    """Something an account under study published, as it was seen at a moment."""

    table: ClassVar[str] = "posts"
    key: ClassVar[tuple[str, ...]] = ("network", "post")
    month: ClassVar[str | None] = "published_on"
    looked: ClassVar[str | None] = "observed_at"
    lasting: ClassVar[tuple[str, ...]] = ("answers_to", "thread")

    network: str
    post: str
    """The network's own identifier: text from the first byte."""
    account: str
    """``network:handle``, the key of the account that published."""
    published_at: datetime
    """UTC."""
    published_on: date
    """The day in the institution's own time zone: months are counted on it."""
    observed_at: datetime
    """UTC."""
    kind: str | None = None
    """text, image, carousel, video, link, audio, poll, story, or unknown."""
    text: str | None = None
    url: str | None = None
    language: str | None = None
    is_repost: bool | None = None
    """The words of someone else: not an own post."""
    is_reply: bool | None = None
    """An answer to someone else, not a thread of one's own."""
    answers_to: str | None = None
    """The identifier of the post it answers, where the network says."""
    thread: str | None = None
    """The identifier of the post that began the conversation it is in."""
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    saves: int | None = None
    clicks: int | None = None
    views: int | None = None
    """Plays of a video."""
    impressions: int | None = None
    reach: int | None = None
    images: int | None = None
    images_described: int | None = None
    """Images that carry an alternative text."""
    source: str | None = None
    """The importer or connector that saw it."""
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Mention(Record):
    """A public post by someone else that concerns an account: a reply, a mention, a quote, a find.

    Who wrote it is a pseudonym from the first byte; a post that concerns two accounts is two rows.
    """

    table: ClassVar[str] = "mentions"
    key: ClassVar[tuple[str, ...]] = ("network", "post", "subject")
    month: ClassVar[str | None] = "published_on"
    looked: ClassVar[str | None] = "observed_at"
    lasting: ClassVar[tuple[str, ...]] = ("answers_to", "thread")

    network: str
    post: str
    """The network's own identifier."""
    subject: str
    """The account it concerns (``network:handle``), or the name of the query that caught it."""
    kind: str
    """reply, mention, quote, tag, review, or found (by a query)."""
    author: str
    """A pseudonym: the same person on one network has the same one, and nobody can undo it."""
    published_at: datetime
    """UTC."""
    published_on: date
    """The day in the institution's own time zone."""
    observed_at: datetime
    """UTC."""
    text: str | None = None
    url: str | None = None
    language: str | None = None
    answers_to: str | None = None
    """The identifier of the post it answers."""
    thread: str | None = None
    """The identifier of the post that began the conversation."""
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    views: int | None = None
    source: str | None = None
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Label(Record):
    """What an annotator answered to one question about one post, own or someone else's."""

    table: ClassVar[str] = "labels"
    key: ClassVar[tuple[str, ...]] = ("network", "post", "question", "annotator")
    month: ClassVar[str | None] = "published_on"
    looked: ClassVar[str | None] = "labelled_at"

    network: str
    post: str
    """The network's own identifier."""
    published_on: date
    """The day of the post, so that labels lie beside what they are about."""
    question: str
    """The name of the classifier that puts the question: intent, tone, service, language …"""
    annotator: str
    """``rules 1``, ``model 3``: a classifier's version; or ``person:`` and a name."""
    answers: tuple[str, ...] = ()
    """Those given, the surest first; none: the annotator looked and could not say."""
    certainties: tuple[float, ...] = ()
    """How sure of each answer, 0 to 1."""
    labelled_at: datetime
    """UTC."""
    run: str | None = None
    text_mark: str | None = None
    """Which words were read: the beginning of their MD5 digest. A post that was edited since is due
    again; unknown: a person answered, or the label is older than this column."""


@dataclass(frozen=True, kw_only=True)
class Tombstone(Record):
    """A post its author took down: its words are erased, and never come back."""

    table: ClassVar[str] = "tombstones"
    key: ClassVar[tuple[str, ...]] = ("network", "post")
    looked: ClassVar[str | None] = None

    network: str
    post: str
    observed_at: datetime
    """When we learned of it, UTC."""
    reason: str
    """deleted (the network said so) or absent (asked for again, and not there)."""
    source: str | None = None
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Raw(Record):
    """An answer of a network exactly as received, kept for a while so that it can be read again."""

    table: ClassVar[str] = "raw"
    key: ClassVar[tuple[str, ...]] = ("raw",)
    month: ClassVar[str | None] = "received_on"

    raw: str
    """Digest of what was received, and of when and for whom."""
    connector: str
    network: str
    stream: str
    subject: str
    """The account or query that was asked about."""
    url: str
    """What was asked, without keys."""
    page: str | None = None
    posts: tuple[str, ...] = ()
    """Those that were asked for one by one."""
    status: int
    headers: str
    """Those the reading needs, as JSON."""
    received_at: datetime
    received_on: date
    """UTC."""
    body: bytes
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Quarantined(Record):
    """One record of a network that could not be read: kept aside with the reason, to be retried."""

    table: ClassVar[str] = "quarantine"
    key: ClassVar[tuple[str, ...]] = ("quarantined",)
    looked: ClassVar[str | None] = "observed_at"

    quarantined: str
    """Digest of where it came from and of its content."""
    connector: str
    network: str
    stream: str
    subject: str
    raw: str | None = None
    """The answer it was in."""
    position: int
    """Its place in that answer, from 1."""
    field: str | None = None
    reason: str
    """A sentence kept unsaid (``words.kept``)."""
    content: str | None = None
    observed_at: datetime
    state: str
    """waiting, or read (a later reading understood it)."""
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Cursor(Record):
    """How far one stream of one account was read, and how the last attempt went."""

    table: ClassVar[str] = "cursors"
    key: ClassVar[tuple[str, ...]] = ("connector", "subject", "stream")
    looked: ClassVar[str | None] = "asked_at"

    connector: str
    network: str
    subject: str
    stream: str
    position: str
    """Where to go on, as JSON (see ``collect.walking``)."""
    complete_from: datetime | None = None
    """Everything published between these two moments was seen."""
    complete_to: datetime | None = None
    asked_at: datetime
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str | None = None
    """What went wrong the last time, kept unsaid (``words.kept``); unknown after a success."""
    misses: int = 0
    """Failures in a row."""
    fields: tuple[str, ...] = ()
    """Fields the network has given so far: one that disappears breaks a series."""
    lost: tuple[str, ...] = ()
    """Fields that disappeared."""
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Visit(Record):
    """What came on a web site from a campaign on one day, as its analytics count."""

    table: ClassVar[str] = "visits"
    key: ClassVar[tuple[str, ...]] = ("site", "day", "utm_source", "utm_medium", "utm_campaign")
    month: ClassVar[str | None] = "day"
    looked: ClassVar[str | None] = "observed_at"

    site: str
    """The account of the analytics: ``matomo:…`` or ``ga4:…``."""
    day: date
    utm_source: str
    """Empty where the visit carries none."""
    utm_medium: str
    utm_campaign: str
    observed_at: datetime
    visits: int | None = None
    visitors: int | None = None
    conversions: int | None = None
    revenue: float | None = None
    source: str | None = None
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Snapshot(Record):
    """The audience and profile of an account at a moment."""

    table: ClassVar[str] = "snapshots"
    key: ClassVar[tuple[str, ...]] = ("account", "observed_at")
    month: ClassVar[str | None] = "observed_on"
    looked: ClassVar[str | None] = None

    network: str
    account: str
    observed_at: datetime
    observed_on: date
    """The day in the institution's own time zone."""
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    """Posts published since the account was opened, as the network counts them."""
    views: int | None = None
    """Plays since the account was opened (video networks)."""
    name: str | None = None
    description: str | None = None
    website: str | None = None
    is_verified: bool | None = None
    source: str | None = None
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class AccountDay(Record):
    """What a network says happened on an account in one day (its own page statistics)."""

    table: ClassVar[str] = "account_days"
    key: ClassVar[tuple[str, ...]] = ("account", "day", "source")
    month: ClassVar[str | None] = "day"
    looked: ClassVar[str | None] = "observed_at"

    network: str
    account: str
    day: date
    observed_at: datetime
    impressions: int | None = None
    reach: int | None = None
    views: int | None = None
    clicks: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    saves: int | None = None
    interactions: int | None = None
    """As the network sums them; which ones it sums differs from one to the next."""
    profile_visits: int | None = None
    followers_gained: int | None = None
    """New followers that day: a flow, never the stock."""
    followers_lost: int | None = None
    posts: int | None = None
    source: str | None = None
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Institution(Record):
    """A university or similar body that is compared or served."""

    table: ClassVar[str] = "institutions"
    key: ClassVar[tuple[str, ...]] = ("institution",)

    institution: str
    """Slug: lower case, stable, readable in an address."""
    name: str
    kind: str | None = None
    """university, engineering_school, business_school, art_school, institute, research, other."""
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    region: str | None = None
    city: str | None = None
    website: str | None = None
    timezone: str | None = None
    uai: str | None = None
    other_uais: tuple[str, ...] = ()
    """Its other and former UAI codes: they tell who became whom."""
    ror: str | None = None
    wikidata: str | None = None
    eter: str | None = None
    short_name: str | None = None
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    merged_into: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    is_invented: bool = False


@dataclass(frozen=True, kw_only=True)
class Enrolment(Record):
    """How many students an institution had in an academic year."""

    table: ClassVar[str] = "enrolments"
    key: ClassVar[tuple[str, ...]] = ("institution", "year")

    institution: str
    year: int
    """The calendar year in which the academic year begins."""
    students: int


@dataclass(frozen=True, kw_only=True)
class Account(Record):
    """An institution's presence on a network."""

    table: ClassVar[str] = "accounts"
    key: ClassVar[tuple[str, ...]] = ("account",)

    account: str
    """``network:handle`` with the handle folded as the network folds it, or ``network:id``."""
    institution: str
    network: str
    handle: str | None = None
    identifier: str | None = None
    """The network's own immutable identifier, where it is known."""
    url: str | None = None
    name: str | None = None
    is_principal: bool = True
    """The principal account makes the headline; secondary ones are summed beside it."""
    opened_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Event(Record):
    """Something that breaks or explains a series: a purge, a merger, a metric renamed."""

    table: ClassVar[str] = "events"
    key: ClassVar[tuple[str, ...]] = ("event",)

    event: str
    day: date
    kind: str
    """purge, merger, metric_renamed, account_changed, other."""
    breaks_series: bool
    """Growth across this day is not computed."""
    network: str | None = None
    """None: every network."""
    institution: str | None = None
    """None: every institution."""
    account: str | None = None
    words: str | None = None


@dataclass(frozen=True, kw_only=True)
class Statement(Record):
    """An institution's reply to a published figure."""

    table: ClassVar[str] = "statements"
    key: ClassVar[tuple[str, ...]] = ("statement",)

    statement: str
    institution: str
    edition: str
    written_at: datetime
    words: str
    asks_correction: bool = False


@dataclass(frozen=True, kw_only=True)
class Run(Record):
    """One execution of a step: what came, what was kept, what was refused."""

    table: ClassVar[str] = "runs"
    key: ClassVar[tuple[str, ...]] = ("run",)
    looked: ClassVar[str | None] = "ended_at"

    run: str
    step: str
    """import, collect, measure, index."""
    member: str | None = None
    """The importer or connector that worked."""
    subject: str | None = None
    """What it worked on: a file's name, an account."""
    digest: str | None = None
    """SHA-256 of the file read."""
    started_at: datetime
    ended_at: datetime
    read: int
    kept: int
    duplicate: int
    refused: int
    refused_file: str | None = None
    """Where the refused rows are kept with their reasons, relative to the home folder."""
    version: str | None = None
    skipped: int | None = None
    """Seen and left aside on purpose (a repost of others, something erased): read = kept +
    duplicate + refused + skipped."""
    calls: int | None = None
    """Questions put to the network."""
    cost: float | None = None
    """Euros, where the network asks for money."""
    state: str | None = None
    """running, done, short (of budget), failed or interrupted; unknown for older runs."""
    remarks: tuple[str, ...] = ()
    """Sentences kept unsaid (``words.kept``)."""


@dataclass(frozen=True, kw_only=True)
class Value(Record):
    """An indicator for a subject and a month, with how sure we are."""

    table: ClassVar[str] = "values"
    key: ClassVar[tuple[str, ...]] = ("indicator", "level", "subject", "network", "month_on")
    month: ClassVar[str | None] = "month_on"

    indicator: str
    level: str
    """account, institution (principal accounts), institution_all (secondary too), sector."""
    subject: str
    """The account's key, the institution's slug, or the name of the group."""
    network: str
    """A network, or ``all``."""
    month_on: date
    """First day of the month."""
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    coverage: float | None = None
    """Share of what should have been seen that was, 0 to 1."""
    seen_at: datetime | None = None
    """Freshness: the latest look that went into the value."""


@dataclass(frozen=True, kw_only=True)
class Identity(Record):
    """How far an institution was told from its peers by its posts of two years."""

    table: ClassVar[str] = "identities"
    key: ClassVar[tuple[str, ...]] = ("institution", "month_on")
    month: ClassVar[str | None] = "month_on"
    looked: ClassVar[str | None] = "computed_at"

    institution: str
    month_on: date
    """First day of the month with which the period ends."""
    computed_at: datetime
    """UTC."""
    first_on: date
    """The first day of the period."""
    language: str | None = None
    """Of the posts that were read: ISO 639-1."""
    posts: int = 0
    """Different posts of the institution that were read."""
    coverage: float | None = None
    """The share of its posts of the period that could be read: in that language, with words."""
    peers: tuple[str, ...] = ()
    missing: str | None = None
    """Why there is no figure: few_posts or few_peers."""
    cut_at: datetime | None = None
    """The moment between the two halves of the period."""
    value: float | None = None
    """Identifiability without names: 0.5 is guessing."""
    low: float | None = None
    high: float | None = None
    posted: float | None = None
    """The same of posts as they are, with names."""
    posted_low: float | None = None
    posted_high: float | None = None
    named: float | None = None
    """The difference: how much of it is the institution naming itself."""
    named_low: float | None = None
    named_high: float | None = None
    common: tuple[str, ...] = ()
    """What it and all its peers speak of alike."""
    terms_sought: int | None = None
    """Of its most distinctive terms, those looked for in mentions; unknown: too few mentions."""
    terms_by_chance: int | None = None
    """Those heard in as many mentions of its peers."""
    mentions: int | None = None
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class IdentityTerm(Record):
    """A term that an institution uses more than its peers, in both halves of a period."""

    table: ClassVar[str] = "identity_terms"
    key: ClassVar[tuple[str, ...]] = ("institution", "month_on", "term")
    month: ClassVar[str | None] = "month_on"
    looked: ClassVar[str | None] = None

    institution: str
    month_on: date
    term: str
    """Without accents and capitals."""
    written: str
    """As it is most often written."""
    kind: str
    """speciality, or habit (a way of writing)."""
    z: float
    """By how many standard deviations it is used more."""
    z_early: float
    z_late: float
    own: int
    """Posts of the institution that use it."""
    own_of: int
    peers: int
    peers_of: int
    is_declared: bool | None = None
    """A declared speciality speaks of it; unknown: it is a habit."""
    is_heard: bool | None = None
    """At least five people used it of the institution; unknown: it was not looked for."""


@dataclass(frozen=True, kw_only=True)
class IdentitySpeciality(Record):
    """A speciality that an institution declares, and whether it came through."""

    table: ClassVar[str] = "identity_specialities"
    key: ClassVar[tuple[str, ...]] = ("institution", "month_on", "name")
    month: ClassVar[str | None] = "month_on"
    looked: ClassVar[str | None] = None

    institution: str
    month_on: date
    name: str
    words: tuple[str, ...]
    state: str
    """through; alike (said, but no more than by peers); silent."""
    z: float
    own: int
    own_of: int
    peers: int
    peers_of: int


@dataclass(frozen=True, kw_only=True)
class IdentityPost(Record):
    """A post that shows what an institution is known for; its words stay in ``posts``."""

    table: ClassVar[str] = "identity_posts"
    key: ClassVar[tuple[str, ...]] = ("institution", "month_on", "network", "post")
    month: ClassVar[str | None] = "month_on"
    looked: ClassVar[str | None] = None

    institution: str
    month_on: date
    network: str
    post: str
    place: int
    """From 1."""
    terms: tuple[str, ...]
    """The distinctive terms it uses."""


@dataclass(frozen=True, kw_only=True)
class Standing(Record):
    """Where an institution stands in its group in an edition, and how sure we are."""

    table: ClassVar[str] = "standings"
    key: ClassVar[tuple[str, ...]] = ("edition", "revision", "institution")

    edition: str
    """``2026-10``; with a suffix when several comparisons share a month."""
    revision: int
    """0 while it is a draft, 1 when first published, more after a correction."""
    month_on: date
    method: str
    """Name of the dated method, as ``vigie 2026.1``."""
    group: str
    """The peer group's key, as ``university.fr`` or ``university.fr.small``."""
    group_size: int
    institution: str
    score: float | None
    rank: int | None
    """Competition rank (1, 2, 2, 4); unknown where nothing could be scored."""
    is_tied: bool = False
    rank_low: int | None = None
    """Best rank of the 90 % interval (5 % of draws are better)."""
    rank_high: int | None = None
    first_ten: float | None = None
    """Probability of being among the first ten."""
    band: int | None = None
    """Institutions of one band cannot be told apart; 1 is the band of the leader."""
    previous_rank: int | None = None
    """In the edition of the month before, same group and method."""
    coverage: float | None = None
    """Share of the scores this place needs that are known."""
    seen_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StandingPart(Record):
    """One score that went into a standing: a dimension on a network, with its weight."""

    table: ClassVar[str] = "standing_parts"
    key: ClassVar[tuple[str, ...]] = ("edition", "revision", "institution", "network", "dimension")

    edition: str
    revision: int
    group: str
    institution: str
    network: str
    dimension: str
    """audience, activity, engagement or responsiveness."""
    indicator: str
    """The indicator that measured it in this group and month."""
    is_present: bool
    value: float | None
    score: float | None
    weight: float
    """Share of the whole score, network weight times dimension weight."""


@dataclass(frozen=True, kw_only=True)
class OtherRank(Record):
    """The rank the same institution would have under another method."""

    table: ClassVar[str] = "other_ranks"
    key: ClassVar[tuple[str, ...]] = ("edition", "revision", "institution", "method", "listing")

    edition: str
    revision: int
    group: str
    institution: str
    method: str
    listing: str
    score: float | None
    rank: int | None


@dataclass(frozen=True, kw_only=True)
class MethodGap(Record):
    """A figure for want of which another method could not be used on a group of an edition."""

    table: ClassVar[str] = "method_gaps"
    key: ClassVar[tuple[str, ...]] = ("edition", "revision", "group", "method", "figure")

    edition: str
    revision: int
    group: str
    method: str
    figure: str
    """The name of the indicator, or of what no indicator gives."""


@dataclass(frozen=True, kw_only=True)
class Edition(Record):
    """A published comparison with its method, frozen for good."""

    table: ClassVar[str] = "editions"
    key: ClassVar[tuple[str, ...]] = ("edition", "revision")

    edition: str
    revision: int
    month_on: date
    method: str
    computed_at: datetime
    published_at: datetime | None = None
    """Unknown while it is a draft."""
    reason: str | None = None
    """Why this revision replaces the one before."""
    digest: str | None = None
    """SHA-256 over the open files of the edition."""
    is_invented: bool = False


@dataclass(frozen=True, kw_only=True)
class Spike(Record):
    """A day on which a watched query brought more than chance explains, as it was found."""

    table: ClassVar[str] = "spikes"
    key: ClassVar[tuple[str, ...]] = ("spike",)
    month: ClassVar[str | None] = "day"
    looked: ClassVar[str | None] = "observed_at"

    spike: str
    """Digest of kind, series and day: the same whenever it is found."""
    kind: str
    """burst (a single day) or rise (a fortnight that creeps up)."""
    query: str
    """Name of the query."""
    facet: str
    """What part of its posts: all, network, institution, intent, service, tone."""
    value: str
    """Which network, institution …; empty for all."""
    day: date
    """The day, or the last of the fortnight, in the time zone of the installation."""
    posts: int
    """Duplicates and reposts left out."""
    authors: int
    """Distinct."""
    expected: float
    """What weekday, level and calendar let expect."""
    low: float | None = None
    high: float | None = None
    """Between which nine such days in ten lie."""
    factor: float | None = None
    """What the calendar multiplied the expectation by."""
    seen: float
    """The share of the day that was collected."""
    chance: float
    """How often an ordinary day of the archive surprises so much."""
    false_share: float
    """The least share of false discoveries at which it is found."""
    observed_at: datetime
    """When this was found, UTC; a later look at a day that went on counts more."""
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class ThemeFound(Record):
    """A theme of the last half-year, as the newest run found it: replaced whole."""

    table: ClassVar[str] = "themes"
    key: ClassVar[tuple[str, ...]] = ("scope", "theme")

    scope: str
    """Whose posts: others or own."""
    theme: str
    """Of the run in which it was first seen: a theme keeps it from run to run."""
    terms: tuple[str, ...] = ()
    """The strongest first, folded."""
    weights: tuple[float, ...] = ()
    written: tuple[str, ...] = ()
    """The terms as people write them."""
    posts: int
    authors: int
    first_day: date
    """Of the posts that were read."""
    last_day: date
    observed_at: datetime


@dataclass(frozen=True, kw_only=True)
class ThemedPost(Record):
    """Which theme a post of the last half-year is of, as the newest run found it."""

    table: ClassVar[str] = "themed"
    key: ClassVar[tuple[str, ...]] = ("network", "post")
    month: ClassVar[str | None] = "published_on"

    network: str
    post: str
    published_on: date
    scope: str
    theme: str
    strength: float
    """How much of the post is of its theme, 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class EmergingTerm(Record):
    """A term that is said all of a sudden, as the newest run found it: replaced whole."""

    table: ClassVar[str] = "emerging"
    key: ClassVar[tuple[str, ...]] = ("scope", "term")

    scope: str
    term: str
    """Folded."""
    written: str
    first_day: date
    """The newest posts are those from this day …"""
    last_day: date
    """… to this one."""
    posts: int
    authors: int
    before: int
    """Posts of the half-year before that say it."""
    expected: float
    score: float
    """−log10 of the chance that so many say it."""
    limit: float
    """The score that one quiet day in twenty reaches."""
    said_in: tuple[str, ...] = ()
    """The newest posts that say it: network, a space, and the network's own identifier."""
    observed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Conversation(Record):
    """One conversation of the inbox as it stood: times and names of offices, no person, no word."""

    table: ClassVar[str] = "conversations"
    key: ClassVar[tuple[str, ...]] = ("conversation",)
    month: ClassVar[str | None] = "opened_on"

    conversation: str
    """A pseudonym: without the key of the installation it leads nowhere."""
    institution: str
    opened_at: datetime
    opened_on: date
    """The day in the institution's own time zone."""
    observed_at: datetime
    """Until when it was followed."""
    service: str | None = None
    """The short name of the service that answers; unknown: nobody owns it."""
    office: str | None = None
    """What people call that service."""
    is_confidential: bool = False
    channel: str
    kind: str
    """mail, direct, comment, mention, review, form, found."""
    language: str | None = None
    urgency: str = "normal"
    topic: str | None = None
    """From the list of the service, chosen by a person."""
    state: str
    left_out: str | None = None
    """Why it asks for no answer: automatic, spam, nothing_asked; unknown: it asks for one."""
    incoming: int = 0
    """Messages that came, automatic ones left out."""
    outgoing: int = 0
    """Messages that a person sent."""
    reopened: int = 0
    answered_at: datetime | None = None
    """The first answer by a person; unknown: none so far."""
    closed_at: datetime | None = None
    """The last close; unknown: it is not closed."""
    waited_minutes: int
    """Service hours from the first message to the first answer, or to the last look."""
    target_minutes: int | None = None
    """Within how many an answer was owed; unknown: no target was set."""
    lasted_minutes: int | None = None
    """Service hours from the first message to the last close, or to the last look, without those in
    which we waited for the other side."""
    is_asked: bool = False
    """Whether the other side was asked how satisfied they are."""
    score: int | None = None
    """Their answer, 1 to 5; unknown: none."""


@dataclass(frozen=True, kw_only=True)
class Response(Record):
    """One turn of a conversation: a message that came, and how long it waited for an answer."""

    table: ClassVar[str] = "responses"
    key: ClassVar[tuple[str, ...]] = ("conversation", "place")
    month: ClassVar[str | None] = "asked_on"

    conversation: str
    place: int
    """0 is the first message."""
    institution: str
    service: str | None = None
    channel: str
    kind: str
    asked_at: datetime
    asked_on: date
    answered_at: datetime | None = None
    """Unknown: nobody answered so far."""
    observed_at: datetime
    waited_minutes: int
    """Service hours to the answer, or to the last look."""


TABLES: dict[str, type[Record]] = {
    record.table: record
    for record in (
        Post, Snapshot, AccountDay, Mention, Label, Tombstone, Raw, Quarantined, Cursor, Visit,
        Institution, Enrolment, Account, Event, Statement, Run, Value,
        Identity, IdentityTerm, IdentitySpeciality, IdentityPost,
        Standing, StandingPart, OtherRank, MethodGap, Edition, Spike,
        ThemeFound, ThemedPost, EmergingTerm, Conversation, Response,
    )
}  # fmt: skip
"""Every table of the store by name."""
