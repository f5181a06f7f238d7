"""Conversations that Vigie wrote, put into a box: all of a file, or nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from vigie.collect.nested import Item
from vigie.errors import FileError, RowError
from vigie.inbox.catching_up import untouched
from vigie.inbox.enclosures import place_of
from vigie.inbox.forgetting import Mark
from vigie.inbox.intake import put
from vigie.inbox.models import Attachment, Box, Forgotten, Message
from vigie.inbox.open_again import GOES_ON
from vigie.inbox.own_archives import Own, conversations, files_in, parts, require_known, said_in
from vigie.inbox.own_files import Beside, beside, unpacked
from vigie.register import log
from vigie.register.models import Service
from vigie.register.rights import Author
from vigie.store.room import writing
from vigie.words import Words, _

MOST_MESSAGES = 2_000
"""In a payload: what is read in one go."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What was found in a download."""

    conversations: int
    payloads: int
    known: int = 0
    """Conversations of which every word is in another box already."""
    boxes: frozenset[int] = frozenset()
    """The boxes that it was put into: of their own name, or the one that was named."""
    paused: tuple[str, ...] = ()
    """What people call those of them that are paused: they are read once they are resumed."""
    unconnected: tuple[str, ...] = ()
    """Boxes of open conversations that are not connected here: they can be read, not answered."""


def note_import(taken: Taken, box: Box, *, by: Author, at: datetime) -> None:
    """Write in the log that conversations were brought in, and how many."""
    facts = {"conversations": taken.conversations, "payloads": taken.payloads}
    log.write([log.Change(action="inbox.import", subject=box.name, facts=facts)], by=by, at=at)


def warned(taken: Taken) -> Iterator[Words]:
    """Say what stands in the way of reading what was brought, or of answering it."""
    if taken.paused:
        yield _(
            "Boxes that are paused are read once you resume them: {names}.",
            names=", ".join(taken.paused),
        )
    if taken.unconnected:
        yield _(
            "Open conversations came from boxes that are not connected here: {names}. They can be "
            "read and assigned, and not be answered that way. Connect boxes under their own names "
            "before the file is given, next time.",
            names=", ".join(taken.unconnected),
        )


def take_own(own: Own, box: Box, *, home: Path, mark: Mark, now: datetime) -> Taken:
    """Put what Vigie itself wrote into a box, but for messages that another box holds already.

    Every line and every file is looked at before the first is put.
    """
    require_known(own)
    files = beside(own)
    _require_confidential(own, box)
    taking = _Taking(box=box, files=files, home=home, mark=mark, now=now, named=_by_name(box),
                     # A key is looked up quickly only together with its box.
                     boxes=list(Box.objects.values_list("pk", flat=True)))  # fmt: skip
    with ExitStack() as stack:
        archive = stack.enter_context(unpacked(own.path)) if files.looked else None
        for _number, found in conversations(own):
            taking.take(files.told(found), archive)
    return taking.taken()


@dataclass(kw_only=True)
class _Taking:
    """What was put so far, and where."""

    box: Box
    files: Beside
    home: Path
    mark: Mark
    now: datetime
    named: Mapping[str, Box]
    boxes: Sequence[int]
    conversations: int = 0
    payloads: int = 0
    known: int = 0
    into: dict[int, Box] = field(default_factory=dict)
    unconnected: dict[str, None] = field(default_factory=dict)

    def take(self, told: dict[str, Any], archive: ZipFile | None) -> None:
        """Put one conversation, and the files of what is new of it."""
        own = _of_its_own(told, self.named)
        goes = own or self.box
        if own is None:
            self.unconnected |= dict.fromkeys(_left_open(told, self.box))
        keys = {key for one in said_in(told) if isinstance(key := one.get("key"), str)}
        held = Message.objects.filter(box__in=self.boxes, key__in=keys)
        there = set(held.values_list("key", "box_id"))
        others = {key for key, holder in there if holder != goes.pk}
        if own is not None and there and not _waits_to_be_told(goes, told):
            others = {key for key, _holder in there}
        self.conversations += 1
        self.known += bool(keys) and others >= keys
        if archive is not None:
            self._put_files(told, goes, archive, here={key for key, _holder in there})
        for body in parts(told, but=others, most=MOST_MESSAGES):
            with writing(self.home):
                put(goes, body, home=self.home, now=self.now, is_own=True)
            self.into[goes.pk] = goes
            self.payloads += 1

    def _put_files(
        self, told: Mapping[str, Any], goes: Box, archive: ZipFile, *, here: set[str]
    ) -> None:
        lacking = _lacking(told, goes, here=here)
        wanted = [*_new_files(told, but=here, mark=self.mark), *lacking.values()]
        if wanted:
            with writing(self.home):
                self.files.put(wanted, archive, home=self.home)
        _fill(lacking)

    def taken(self) -> Taken:
        """Say what was taken."""
        paused = (row.label for row in self.into.values() if row.state == "paused")
        return Taken(
            conversations=self.conversations,
            payloads=self.payloads,
            known=self.known,
            boxes=frozenset(self.into),
            paused=tuple(paused),
            unconnected=tuple(self.unconnected),
        )


def _by_name(box: Box) -> Mapping[str, Box]:
    """Return the boxes in which conversations may go on, by name: those of the same institution."""
    rows = Box.objects.filter(institution=box.institution_id).exclude(channel=box.channel)
    return {row.name: row for row in rows}


def _of_its_own(told: dict[str, Any], named: Mapping[str, Box]) -> Box | None:
    """Return the box of the name and channel it was in, and let it have its name of there."""
    name, _slash, thread = str(told.get("thread", "")).partition("/")
    box = named.get(name)
    if box is None or box.channel != told.get("channel") or not thread:
        return None
    told["thread"] = thread
    return box


def _waits_to_be_told(box: Box, told: Mapping[str, Any]) -> bool:
    """Whether the network brought a conversation here by itself, and nobody went on with it."""
    return untouched(box).filter(thread=told["thread"]).exists()


def _left_open(told: Mapping[str, Any], box: Box) -> Iterator[str]:
    """Yield the box of an open conversation that is not connected here."""
    is_open = isinstance(told.get("standing"), dict) and told.get("state") in GOES_ON
    if is_open and told.get("channel") != box.channel:
        yield str(told.get("thread", "")).partition("/")[0][:80]


def _new_files(
    told: Mapping[str, Any], *, but: set[str], mark: Mark
) -> Iterator[Mapping[str, Any]]:
    """Yield the files of messages that are new here; not those of someone erased since."""
    new = [one for one in said_in(told) if one.get("key") not in but]
    files = list(files_in({"messages": new}))
    if files:
        gone = Forgotten.objects.filter(mark__in=set(_marks(told, mark)))
        until = max(gone.values_list("at", flat=True), default=None)
        late = [one for one in new if until is None or _is_later(one, until)]
        yield from files_in({"messages": late})


def _is_later(one: Mapping[str, Any], moment: datetime) -> bool:
    try:
        return Item(one).when("said_at") > moment
    except RowError:
        return False


def _lacking(told: Mapping[str, Any], box: Box, *, here: set[str]) -> dict[int, Mapping[str, Any]]:
    """Return files whose messages came before without them, as lines alone: row → file."""
    files = {file["digest"]: file for file in files_in(told)}
    if not files or not here:
        return {}
    rows = Attachment.objects.filter(message__box=box, message__key__in=here, file="")
    found = rows.filter(message__is_withdrawn=False).values_list("pk", "digest")
    return {row: files[digest] for row, digest in found if digest in files}


def _fill(lacking: Mapping[int, Mapping[str, Any]]) -> None:
    for row, file in lacking.items():
        Attachment.objects.filter(pk=row).update(
            file=str(place_of(file["digest"])), media_type=file["media_type"], refused=None
        )


def _marks(told: Mapping[str, Any], mark: Mark) -> Iterator[str]:
    handles = [*Item(told).at("contact", "handles")]
    authors = [one.at("author") for one in Item(told).at("messages")]
    for one in (*handles, *authors):
        network, address = one.at("network").value, one.at("address").value
        if isinstance(network, str) and isinstance(address, str):
            yield mark(network, address)


def _require_confidential(own: Own, box: Box) -> None:
    """Refuse what only a confidential service may see where there is no such service."""
    told = (found for _number, found in conversations(own))
    wanted = {str(one.get("service")) for one in told if one.get("is_confidential") is True}
    # As it is looked for when they are read: one that is elsewhere, or was given up, is not found.
    here = Service.objects.filter(institution=box.institution_id, is_active=True)
    known = set(here.filter(is_confidential=True).values_list("slug", flat=True))
    if missing := sorted(wanted - known):
        raise FileError(
            _(
                "{file} holds conversations of a confidential service, {service}, and there is "
                "none here: everybody could read them. Add it first, with this address, and say "
                "that it is confidential.",
                file=own.path.name,
                service=missing[0],
            )
        )
