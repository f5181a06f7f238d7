"""What a mail server means that refuses a mail, in plain words, with what to do then.

Its codes are those of SMTP (RFC 5321) and the status codes that say more (RFC 3463).
"""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass

from vigie.words import Words, _

STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
FULL = re.compile(r"quota|mailbox (?:is )?full|over.?size.?limit|pleine", re.IGNORECASE)
UNKNOWN = re.compile(
    r"unknown|no such|does not exist|doesn.t exist|not found|invalid recipient|inconnu",
    re.IGNORECASE,
)
FULL_WORDS = _(
    "The mailbox is full. Answer this person another way, or try once more in a few days."
)
UNKNOWN_WORDS = _(
    "There is no such mailbox. Ask the person for the right address, or answer another way."
)
TOO_LARGE_WORDS = _("The mail is too large for this mailbox. Give the address of a page instead.")
POLICY_WORDS = _(
    "The mail server there refuses our mail by its rules. Tell whoever runs the mail here; "
    "meanwhile answer this person another way."
)
NOT_REACHED_WORDS = _(
    "The mail server there could not be reached for so long that the mail was given up. Check the "
    "address, or answer this person another way."
)
OTHER_WORDS = _("The mail was refused. Check the address, or answer this person another way.")


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A mail that was refused."""

    is_final: bool
    """Trying again changes nothing."""
    words: Words


def meaning(said: str, *, code: int = 0) -> Refused:
    """Return what a refusal means, from what the server said of it."""
    found = STATUS.search(said)
    kind, subject, detail = (int(part) for part in found.groups()) if found else (0, 0, 0)
    is_final = (kind or code // 100) == 5
    return Refused(is_final=is_final, words=_words(subject, detail, said, code=code))


def _words(subject: int, detail: int, said: str, *, code: int) -> Words:
    if (subject, detail) == (2, 2) or FULL.search(said):
        return FULL_WORDS
    if (subject, detail) in ((2, 3), (3, 4)):
        return TOO_LARGE_WORDS
    if subject == 7:
        return POLICY_WORDS
    if subject == 1 or (subject, detail) == (2, 1) or UNKNOWN.search(said):
        return UNKNOWN_WORDS
    if subject == 4:
        return NOT_REACHED_WORDS
    return POLICY_WORDS if code in (521, 554, 571) else OTHER_WORDS


def refused(error: BaseException) -> Refused | None:
    """Return what it means that a server did not take a mail; none: something else went wrong."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()), (0, b""))
        return meaning(_text(said), code=code)
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return meaning(_text(error.smtp_error), code=error.smtp_code)
    return None


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
