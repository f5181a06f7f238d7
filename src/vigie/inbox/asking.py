"""What a stranger asks by a form: checked, referred to by a short sign, written as a payload."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from vigie.errors import GarbledError
from vigie.words import LANGUAGES, Words, _

LONGEST, LONGEST_NAME, LONGEST_MAIL = 5000, 120, 254
SHORT = 60
"""Letters of a question that stand for it in lists."""
JOINER = "\u200d"
"""Makes one picture of several."""
REFERENCE = 8
"""Signs of a reference: enough to tell a million questions apart in one box."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as it was typed."""

    words: str = ""
    mail: str = ""
    name: str = ""
    service: str = ""
    """Slug of the service that was chosen; empty: they do not know."""
    language: str = "fr"


def typed(fields: Mapping[str, str], *, language: str) -> Asked:
    """Return what a form holds, without what nobody types."""
    return Asked(
        words=_plain(fields.get("words", "").replace("\r\n", "\n")),
        mail=_line(fields.get("mail", "")),
        name=_line(fields.get("name", "")),
        service=_line(fields.get("service", ""))[:80],
        language=language,
    )


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() or _is_kept(sign)).strip()


def _is_kept(sign: str) -> bool:
    """Whether a sign that prints nothing says something: the space before a question mark does."""
    return sign in "\n\t" + JOINER or unicodedata.category(sign) == "Zs"


def _line(text: str) -> str:
    return " ".join(_plain(text).split())


def mistakes_of(asked: Asked, services: Mapping[str, object]) -> dict[str, Words]:
    """Return what is to be mended, by field."""
    found: dict[str, Words] = {}
    if not asked.words:
        found["words"] = _("Write your question.")
    elif len(asked.words) > LONGEST:
        found["words"] = _("Say it in at most {most} characters.", most=LONGEST)
    if not _is_mail(asked.mail):
        found["mail"] = _("Give a mail address like name@example.org: the answer is sent to it.")
    if len(asked.name) > LONGEST_NAME:
        found["name"] = _("Write a name of at most {most} characters.", most=LONGEST_NAME)
    if asked.service and asked.service not in services:
        found["service"] = _("Choose one of the services of the list, or “I do not know”.")
    return found


def _is_mail(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= LONGEST_MAIL


def reference_of(key: str) -> str:
    """Return the sign by which a person and a service speak of one question: K7Q2-9FDM."""
    digest = base64.b32encode(hashlib.sha256(key.encode()).digest()).decode()[:REFERENCE]
    return f"{digest[: REFERENCE // 2]}-{digest[REFERENCE // 2 :]}"


def written(asked: Asked, *, key: str, at: datetime) -> bytes:
    """Return a question as it is kept."""
    whole = {"key": key, "at": at.isoformat(), **asdict(asked)}
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace")


def read(body: bytes) -> tuple[Asked, str, datetime]:
    """Return a question that was kept, its key, and when it was asked."""
    try:
        found = json.loads(body)
        key, at = str(found["key"]), datetime.fromisoformat(found["at"]).astimezone(UTC)
        asked = typed({name: str(found.get(name, "")) for name in asdict(Asked())},
                      language=str(found["language"]))  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise GarbledError(_("This is no question of a form.")) from error
    if not key or not _is_mail(asked.mail) or not asked.words or asked.language not in LANGUAGES:
        raise GarbledError(_("This is no question of a form."))
    return asked, key, at


def subject_of(asked: Asked, key: str) -> str:
    """Return what stands for a question in lists and in the subject of its answer."""
    first = asked.words.split("\n", 1)[0]
    short = first if len(first) <= SHORT else f"{first[:SHORT].rsplit(' ', 1)[0]}…"
    return f"{short} [{reference_of(key)}]"
