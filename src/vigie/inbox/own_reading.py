"""A conversation that Vigie wrote, read again as messages, with what was known beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vigie.collect.nested import Item
from vigie.errors import RowError
from vigie.inbox.channel import Author, Incoming, PublicPost, Received, Unread
from vigie.inbox.enclosures import DIGEST, place_of
from vigie.inbox.history_reading import history_in, person, plain
from vigie.inbox.history_reading import moment as _moment
from vigie.inbox.history_reading import text as _text
from vigie.inbox.own_archives import ONE, as_json
from vigie.inbox.past import Kept, Past, PastContact, PastNote
from vigie.inbox.words import KIND_WORDS
from vigie.words import InLanguages, Words, _

NOT_HERE = _("It did not come along: only the words did.")


def read(body: bytes) -> Received | None:
    """Read a payload that is a conversation of ours; none: it is something else."""
    found = as_json(body)
    if not isinstance(found, dict) or found.get("format") != ONE:
        return None
    item = Item(found)
    past = _past(item)
    messages: list[Incoming] = []
    unread: list[Unread] = []
    for position, one in enumerate(item.at("messages"), 1):
        try:
            messages.append(_message(one, item, past))
        except RowError as error:
            unread.append(Unread(reason=error.words, position=position))
    return Received(messages=tuple(messages), unread=tuple(unread))


def _message(one: Item, whole: Item, past: Past) -> Incoming:
    author = one.at("author")
    named = Author(
        network=_needed(author, "network")[:16],
        address=_needed(author, "address")[:320],
        shown=_text(author, "shown"),
        name=_text(author, "name"),
    )
    return Incoming(
        key=_needed(one, "key")[:512],
        thread=_needed(whole, "thread")[:512],
        kind=_among(_text(whole, "kind"), tuple(KIND_WORDS), "direct"),
        is_public=whole.at("is_public").value is True,
        author=named,
        words=_said(one),
        said_at=one.when("said_at"),
        answers_to=_text(one, "answers_to"),
        subject=_text(whole, "subject"),
        url=_text(one, "url"),
        language=_text(whole, "language")[:8],
        post=_post(whole.at("post")),
        is_ours=_text(one, "direction") == "out",
        is_automatic=one.at("is_automatic").value is True,
        is_past=True,
        past=past,
        kept=tuple(_files(one)),
        external=_text(one, "external") if one.at("external").value is not None else None,
        by=person(one.at("by")),
        facts=_facts(one.at("facts")),
        service=_text(whole, "service"),
    )


def _facts(told: Item) -> dict[str, str]:
    found = told.value if isinstance(told.value, Mapping) else {}
    return {str(name): plain(value) for name, value in found.items() if isinstance(value, str)}


def _said(one: Item) -> str:
    """Return what was said, and a line for each file that is known by its name alone."""
    words = _text(one, "words")
    files = [file.value for file in one.at("files") if isinstance(file.value, str)]
    missing = [f"[{file}]" for file in files if f"[{file}]" not in words]
    return "\n".join([*([words] if words else []), *missing])


def _files(one: Item) -> Iterator[Kept]:
    for file in one.at("files"):
        if not isinstance(file.value, Mapping):
            continue
        digest, size = _text(file, "digest"), file.at("size").value
        is_here = file.at("is_here").value is True and bool(DIGEST.fullmatch(digest))
        yield Kept(
            name=_text(file, "name")[:200] or "file",
            media_type=_text(file, "media_type")[:127],
            size=size if isinstance(size, int) and size >= 0 else 0,
            digest=digest[:64],
            file=str(place_of(digest)) if is_here else "",
            refused=None if is_here else _refused(file.at("refused")),
            alt=_text(file, "alt"),
        )


def _refused(why: Item) -> Words:
    said = why.value if isinstance(why.value, Mapping) else {}
    texts = {str(language): str(text).replace("\x00", "") for language, text in said.items()}
    return Words("{why}", {"why": InLanguages(texts)}) if texts else NOT_HERE


def _past(whole: Item) -> Past:
    return Past(
        contact=_contact(whole),
        topic=_text(whole, "topic"),
        urgency=_text(whole, "urgency"),
        closed_at=_moment(whole, "closed_at"),
        is_confidential=whole.at("is_confidential").value is True,
        notes=tuple(_notes(whole)),
        history=history_in(whole),
    )


def _contact(whole: Item) -> PastContact:
    contact = whole.at("contact")
    tags = (tag.value for tag in contact.at("tags"))
    return PastContact(
        name=_text(contact, "name"),
        language=_text(contact, "language")[:8],
        tags=tuple(tag.replace("\x00", "") for tag in tags if isinstance(tag, str)),
        consent=_text(contact, "consent") or "unknown",
        handles=tuple(dict.fromkeys(_handles(contact.at("handles")) or _first(whole))),
    )


def _handles(told: Item) -> list[tuple[str, str, str]]:
    found = [(_text(one, "network")[:16], _text(one, "address")[:320], _text(one, "shown"))
             for one in told]  # fmt: skip
    return [one for one in found if one[0] and one[1]]


def _first(whole: Item) -> list[tuple[str, str, str]]:
    """Return who wrote first, where handles are not told: whom the conversation was with."""
    wrote = [one for one in whole.at("messages") if _text(one, "direction") == "in"]
    author = wrote[0].at("author") if wrote else Item(None)
    return _handles(Item([author.value]))


def _notes(whole: Item) -> Iterator[PastNote]:
    for note in whole.at("notes"):
        words, at = _text(note, "words"), _moment(note, "at")
        if words and at is not None:
            yield PastNote(words=words, at=at, by=_text(note, "by"))


def _post(found: Item) -> PublicPost | None:
    if not isinstance(found.value, dict):
        return None
    return PublicPost(
        network=_text(found, "network"), post=_text(found, "post"), url=_text(found, "url"),
        words=_text(found, "words"), said_at=_moment(found, "said_at"),
    )  # fmt: skip


def _needed(item: Item, name: str) -> str:
    value = _text(item, name)
    if not value:
        raise RowError(_("{where} is missing.", where=name), column=name)
    return value


def _among(value: str, known: Sequence[str], otherwise: str) -> str:
    return value if value in known else otherwise
