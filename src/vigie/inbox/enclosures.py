"""Files that come with messages or go with them: what they are by their first bytes, and which."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import puremagic

from vigie.errors import InboxError
from vigie.inbox import pictures
from vigie.inbox.brands import type_by_brand
from vigie.inbox.channel import Channel, Enclosed, Incoming, Pictures
from vigie.inbox.past import Kept
from vigie.words import Words, _

FOLDER = "enclosures"
MOST_BYTES = 20 << 20
MOST_FILES = 10
"""That go with one answer; together they are no larger than one that comes may be."""
DIGEST = re.compile(r"[0-9a-f]{64}")
UNKNOWN = "application/octet-stream"
KEPT = frozenset(
    {
        "application/pdf", "application/rtf", "application/vnd.ms-excel", "application/msword",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "audio/mpeg", "audio/ogg", "audio/wav", "image/avif", "image/gif", "image/heic",
        "image/heif", "image/jpeg", "image/png", "image/webp", "text/calendar", "text/csv",
        "text/plain", "video/mp4", "video/quicktime", "video/webm",
    }
)  # fmt: skip
"""Types that are kept; nothing that runs, and no archive that could hold it."""
TEXTS = {"text/plain", "text/csv", "text/calendar"}
"""Types without a mark in their first bytes: the sender is believed where the bytes are text."""


@dataclass(frozen=True, kw_only=True)
class Files:
    """Files that are to go with an answer, and where they are kept."""

    enclosed: Sequence[Enclosed]
    home: Path

    def __bool__(self) -> bool:
        return bool(self.enclosed)


def why_not(files: Files, channel: type[Channel] | None) -> Words | None:
    """Say why files cannot go with an answer by this channel; none: they can."""
    if not files:
        return None
    if channel is None or not channel.may_enclose:
        return no_files(channel)
    if len(files.enclosed) > MOST_FILES:
        return _("{count} files are too many: {limit} may go with one answer.",
                 count=len(files.enclosed), limit=MOST_FILES)  # fmt: skip
    if sum(len(one.content) for one in files.enclosed) > MOST_BYTES:
        return too_large()
    if channel.pictures is not None and len(files.enclosed) > channel.pictures.most:
        return _("{count} pictures are too many: {limit} may go with one answer here.",
                 count=len(files.enclosed), limit=channel.pictures.most)  # fmt: skip
    for one in files.enclosed:
        kind = type_of(one.content, called=one.media_type)
        refused = refusal(len(one.content), kind)
        if refused is None and channel.pictures is not None:
            refused = _no_picture(one, kind, channel.pictures)
        if refused is not None:
            return _("“{name}” cannot be sent. {why}", name=_plain(one.name), why=refused)
    return None


def _no_picture(one: Enclosed, kind: str, taken: Pictures) -> Words | None:
    """Say why a file cannot go where only pictures do, each with words for who does not see it."""
    if kind not in taken.types and kind not in pictures.AS_JPEG:
        return _("Only pictures go out here: JPEG, PNG, GIF, WebP, HEIC or AVIF.")
    if not one.alt.strip():
        return _("Say what it shows, for those who do not see it.")
    if len(one.alt.strip()) > taken.longest_alt:
        return _("Say in {limit} characters at most what it shows.", limit=taken.longest_alt)
    return None


def no_files(channel: type[Channel] | None) -> Words:
    """Say that a channel takes no files, and what to do instead."""
    if channel is None:
        return _("Files cannot be sent by this channel. Give the address of a page instead.")
    return _("Files cannot be sent by {channel} from here. Give the address of a page instead.",
             channel=channel.label)  # fmt: skip


def too_large() -> Words:
    """Say that files are larger than an answer may be."""
    return _("The files are larger than {limit} MB together.", limit=MOST_BYTES >> 20)


def fitted(files: Files, channel: type[Channel] | None) -> Files:
    """Return the files of an answer as they go out, pictures cleaned; refuse them otherwise."""
    refused = why_not(files, channel)
    if refused is not None:
        raise InboxError(refused)
    largest = channel.pictures.largest if channel is not None and channel.pictures else None
    return replace(files, enclosed=tuple(_fitted(one, largest) for one in files.enclosed))


def _fitted(one: Enclosed, largest: int | None) -> Enclosed:
    before = type_of(one.content, called=one.media_type)
    if before not in pictures.TYPES:
        return one
    try:
        content = pictures.cleaned(one.content, largest=largest)
        if largest is not None and len(content) > largest:
            raise InboxError(
                _("The network takes pictures of {limit} kB at most. Make it smaller first.",
                  limit=largest // 1000)
            )  # fmt: skip
    except InboxError as error:
        raise InboxError(
            _("“{name}” cannot be sent. {why}", name=_plain(one.name), why=error.words)
        ) from error
    return replace(one, content=content, name=_renamed(one.name, before, type_of(content)))


def _renamed(name: str, before: str, media_type: str) -> str:
    """Return the name of a picture as its type is written, where that changed."""
    known = mimetypes.guess_type(name)[0]
    if known == media_type or (known is None and before == media_type):
        return name
    return str(Path(name).with_suffix(mimetypes.guess_extension(media_type) or ""))


def checked(files: Files, channel: type[Channel] | None) -> list[Kept]:
    """Keep the files of an answer, checked like those that come; refuse the answer otherwise."""
    refused = why_not(files, channel)
    if refused is not None:
        raise InboxError(refused)
    return [keep(one, home=files.home) for one in files.enclosed]


def keep(enclosed: Enclosed, *, home: Path) -> Kept:
    """Put a file that came where it stays, the same file once, or say why it is not kept."""
    content = enclosed.content
    digest = hashlib.sha256(content).hexdigest()
    media_type = type_of(content, called=enclosed.media_type)
    refused = enclosed.refused or refusal(len(content), media_type)
    file = "" if refused else _put(content, digest, home)
    return Kept(
        name=_plain(enclosed.name),
        media_type=media_type,
        size=len(content),
        digest=digest,
        file=file,
        refused=refused,
        alt=enclosed.alt.strip(),
    )


def come_with(message: Incoming, *, home: Path) -> Iterator[Kept]:
    """Yield what became of each file of a message."""
    yield from (keep(one, home=home) for one in message.enclosed)
    yield from (_still(one, home) for one in message.kept)


def _still(kept: Kept, home: Path) -> Kept:
    """Return a file that was put in its place before, if it is still there."""
    if not kept.file or (home / kept.file).is_file():
        return kept
    return replace(kept, file="", refused=_("It is no longer here: it was erased since."))


def place_of(digest: str) -> Path:
    """Return where the file of a digest is kept, below the home folder."""
    if not DIGEST.fullmatch(digest):
        raise ValueError(digest)
    return Path(FOLDER) / digest[:2] / digest


def type_of(content: bytes, *, called: str = "") -> str:
    """Return what a file is by its first bytes, whatever it is called."""
    if told := type_by_brand(content):
        return told
    try:
        found = puremagic.magic_string(content[:4096])
    except (puremagic.PureError, ValueError):
        found = []
    for match in found:
        if match.mime_type:
            return str(match.mime_type)
    return called if called in TEXTS and _is_text(content) else UNKNOWN


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in content


def refusal(size: int, media_type: str) -> Words | None:
    """Say why a file of a size and type is not kept; none: it is."""
    if size > MOST_BYTES:
        return _("It is larger than {limit} MB.", limit=MOST_BYTES >> 20)
    if media_type == UNKNOWN:
        return _("It is no document, picture, sound or video that is known here: not taken in.")
    if media_type not in KEPT:
        return _("Files of the type {type} are not taken in.", type=media_type)
    return None


def _put(content: bytes, digest: str, home: Path) -> str:
    relative = place_of(digest)
    path = home / relative
    if path.exists():
        # It is new to whoever brings it: what nobody names for long is let go.
        os.utime(path)
    else:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        written = path.with_name(f".{digest}.{secrets.token_hex(4)}")
        descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        written.rename(path)
    return str(relative)


def _plain(name: str) -> str:
    """Return a name without any folder, or anything that ends a line."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:200] or "file"
