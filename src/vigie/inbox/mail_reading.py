"""A mail as bytes, read: who wrote what, in which conversation, and whether a machine did."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache
from typing import Any

import ftfy
from charset_normalizer import from_bytes
from selectolax.lexbor import LexborHTMLParser

from vigie.errors import GarbledError
from vigie.inbox.channel import Author, Enclosed, Incoming
from vigie.words import Words, _

LOOP = "X-Vigie"
"""Our own mails carry it: one that comes back is a loop."""
CUT = "X-Vigie-Cut"
"""What is put before a mail of which only the beginning was fetched: its whole size, in bytes."""
AUTOMATIC = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
"""What a mail says that nobody wrote by hand: no machine answers it (RFC 3834)."""
OURS = re.compile(r"<vigie\.([0-9a-z]+)@[^>]+>")
IDENTIFIER = re.compile(r"<[^<>\s]+>")
BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
LIST_HEADERS = ("List-Id", "List-Unsubscribe", "Feedback-ID", "X-Auto-Response-Suppress")
ANSWERED = re.compile(
    r"^(?:>.*|-{3,}\s?(?:original message|message d.origine|forwarded message)\b.*"
    r"|(?:on|le)\b.{5,200}\b(?:wrote|a écrit)\s?:|_{10,})$",
    re.IGNORECASE,
)
"""A line at which the mail that is answered begins."""
FORGED = re.compile(r"\bdmarc=fail\b[^;]*\b(?:p|dis)=(?:quarantine|reject)\b", re.IGNORECASE)
"""The domain of the sender itself wants such mail put aside or refused."""
SIGNED = re.compile(r"^-- $")


class Read(EmailMessage):
    """A mail as it was read: it is not changed any more.

    Its headers are found at once; the library goes through all of them for each that is asked for.
    """

    _found: dict[str, tuple[str, Any]] | None = None

    def get(self, name: str, failobj: Any = None) -> Any:
        """Return the first header of a name as it is understood, or what stands for none."""
        if self._found is None:
            raw = list(self.raw_items())
            self._found = {key.lower(): (key, value) for key, value in reversed(raw)}
        found = self._found.get(name.lower())
        return failobj if found is None else self.policy.header_fetch_parse(*found)

    def set_raw(self, name: str, value: str) -> None:
        """Add a header while the mail is being read."""
        self._found = None
        super().set_raw(name, value)


READ = default.clone(header_factory=lru_cache(maxsize=64)(HeaderRegistry()), message_factory=Read)
"""Each header is understood once: the library does it anew whenever one is asked for."""
UNDATED = datetime.max.replace(tzinfo=UTC)
"""A mail that does not say when it was written: whoever admits it says when it came."""
MOST_WORDS = 100_000
HIDDEN, QUOTES = "script, style, head", ", blockquote, .gmail_quote"
"""What of a mail in HTML nobody reads, and what it quotes."""


def opened(body: bytes) -> EmailMessage:
    """Return a mail, what is broken left out. Raises ``GarbledError`` for what is no mail."""
    if not body.strip():
        raise GarbledError(_("The mail is empty."))
    try:
        found = BytesParser(policy=READ).parsebytes(body)
    except (MessageError, ValueError, LookupError) as error:
        raise GarbledError(
            _("The mail cannot be read ({kind}).", kind=type(error).__name__)
        ) from error
    if not isinstance(found, EmailMessage) or not found.keys():
        raise GarbledError(_("This is not a mail: it has no headers."))
    return found


def header(mail: EmailMessage, name: str) -> str:
    """Return a header as text, whatever is wrong with it."""
    try:
        return str(mail.get(name, "") or "").strip()
    except (ValueError, LookupError, IndexError, AttributeError, MessageError):
        raw = next((value for key, value in mail.raw_items() if key.lower() == name.lower()), "")
        return str(raw).encode("utf-8", "replace").decode().strip()


def left_aside(mail: EmailMessage) -> str:
    """Return why a mail is none of ours to answer: a loop, or a report of delivery."""
    if header(mail, LOOP):
        return "loop"
    if mail.get_content_type() == "multipart/report" or header(mail, "Return-Path") == "<>":
        return "bounce"
    return "" if author_of(mail).address else "no author"


def is_automatic(mail: EmailMessage) -> bool:
    """Whether a machine wrote it (RFC 3834), or it went to a list: it is never answered by one."""
    submitted = header(mail, "Auto-Submitted").lower()
    return (
        bool(submitted and submitted != "no")
        or header(mail, "Precedence").lower() in BULK
        or any(header(mail, name) for name in LIST_HEADERS)
    )


def unwanted(mail: EmailMessage) -> Words | None:
    """Return why the mail server says that nobody wants a mail; none: it does not.

    Only the uppermost verdict counts, which our own server added last.
    """
    if header(mail, "X-Spam-Flag").casefold() == "yes":
        return _("The mail server says that it is unwanted mail (X-Spam-Flag).")
    if FORGED.search(header(mail, "Authentication-Results")):
        return _("The mail server says that its sender is forged (DMARC, RFC 7489).")
    return None


def author_of(mail: EmailMessage) -> Author:
    """Return who is to be answered: ``Reply-To`` before ``From``."""
    for name in ("Reply-To", "From"):
        for shown, address in _addresses(header(mail, name)):
            if "@" in address:
                plain = address.strip().casefold()[:320]
                return Author(network="mail", address=plain, shown=plain, name=shown.strip()[:200])
    return Author(network="mail", address="")


@lru_cache(maxsize=64)
def _addresses(written: str) -> list[tuple[str, str]]:
    return getaddresses([written]) if written else []


def incoming(body: bytes, mail: EmailMessage, *, ours: str) -> Incoming:
    """Return a mail as a message; ``ours`` is the mailbox's own address."""
    key = next(iter(IDENTIFIER.findall(header(mail, "Message-ID"))), "")
    key = _known(key) if key else "sha256:" + hashlib.sha256(body).hexdigest()
    references = IDENTIFIER.findall(f"{header(mail, 'References')} {header(mail, 'In-Reply-To')}")
    named = [_known(one) for one in references]
    author = author_of(mail)
    return Incoming(
        key=key[:512],
        thread=(named[0] if named else key)[:512],
        also_threads=tuple(dict.fromkeys(name[:512] for name in named)),
        kind="mail",
        is_public=False,
        author=author,
        words=words_of(mail),
        said_at=_said_at(mail),
        answers_to=(named[-1] if named else "")[:512],
        subject=_subject(mail),
        enclosed=tuple(files_of(mail)),
        is_ours=author.address == ours.strip().casefold(),
        is_automatic=is_automatic(mail),
        unwanted=unwanted(mail),
        facts={"message_id": header(mail, "Message-ID"), "references": " ".join(references)},
    )


def _known(identifier: str) -> str:
    """Return one of our own identifiers as the key it was made of, others as they are."""
    found = OURS.fullmatch(identifier)
    return found.group(1) if found else identifier


def _subject(mail: EmailMessage) -> str:
    return " ".join(ftfy.fix_encoding(header(mail, "Subject")).split())[:500]


def _said_at(mail: EmailMessage) -> datetime:
    received = header(mail, "Received").rpartition(";")[2]
    for written in (header(mail, "Date"), received):
        try:
            moment = parsedate_to_datetime(written.strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return UNDATED


def words_of(mail: EmailMessage) -> str:
    """Return what its author wrote: plain text before HTML, without the mail that is answered."""
    return without_history(_readable(mail, without_quotes=True))[:MOST_WORDS]


def text_of(mail: EmailMessage) -> str:
    """Return all that a mail says, what it quotes included."""
    return _readable(mail, without_quotes=False)[:MOST_WORDS]


def _readable(mail: EmailMessage, *, without_quotes: bool) -> str:
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = _text(part)
    if part.get_content_type() == "text/html":
        text = _without_tags(text, dropped=HIDDEN + (QUOTES if without_quotes else ""))
    return ftfy.fix_encoding(text)


def _text(part: MIMEPart) -> str:
    """Return the text of a part, whatever it says of its letters."""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, KeyError, ValueError):
        raw = part.get_payload(decode=True)
        found = from_bytes(raw if isinstance(raw, bytes) else b"").best()
        return str(found) if found else ""


def _without_tags(html: str, *, dropped: str) -> str:
    tree = LexborHTMLParser(html)
    for node in tree.css(dropped):
        node.decompose()
    for node in tree.css("br, p, div, li, tr"):
        node.insert_after("\n")
    return tree.body.text() if tree.body else tree.text()


def without_history(text: str) -> str:
    """Return a mail's own words: what it answers and its signature's foot are cut off.

    Where nothing would be left, all of it stays.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    own: list[str] = []
    for number, line in enumerate(lines):
        broken = f"{line.strip()} {lines[number + 1].strip()}" if number + 1 < len(lines) else line
        if ANSWERED.match(line.strip()) or SIGNED.match(line) or _is_answered(broken):
            break
        own.append(line.rstrip())
    kept = re.sub(r"\n{3,}", "\n\n", "\n".join(own)).strip()
    return kept or text.strip()


def _is_answered(line: str) -> bool:
    """Whether a line that was broken in two says who wrote what follows."""
    return bool(re.match(r"^(?:on|le)\b.{5,200}\b(?:wrote|a écrit)\s?:$", line, re.IGNORECASE))


def enclosed(mail: EmailMessage, *, with_pictures: bool = True) -> Iterator[Enclosed]:
    """Yield the files of a mail; pictures that its text shows, as a signature does, on demand."""
    for part in mail.iter_attachments():
        is_shown = part.get("Content-ID") and part.get_content_disposition() != "attachment"
        if is_shown and not with_pictures:
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            yield Enclosed(
                name=_file_name(part), content=content, media_type=part.get_content_type()
            )


def files_of(mail: EmailMessage) -> Iterator[Enclosed]:
    """Yield the files of a mail; of one that was cut short, why they are not there."""
    size = header(mail, CUT)
    if not size:
        yield from enclosed(mail)
        return
    whole = int(size) >> 20 if size.isascii() and size.isdigit() else 0
    why = _(
        "The mail is too large ({size} MB): its files were not taken in, and its words may end "
        "early. Look at it in the mailbox itself.",
        size=whole,
    )
    for name in [_file_name(part) for part in mail.iter_attachments()] or ["…"]:
        yield Enclosed(name=name, content=b"", refused=why)


def _file_name(part: EmailMessage) -> str:
    try:
        return part.get_filename() or "file"
    except (ValueError, LookupError, IndexError):
        return "file"


def as_address(name: str, address: str) -> Address | str:
    """Return an address for a header; one that cannot be written so is written plainly."""
    try:
        return Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError, MessageError):
        return address
