"""Which error a refusal means, in words that say what to do."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from vigie.errors import BusyError, DeniedError, MissingError, RefusedError
from vigie.http.asking import Answer
from vigie.http.patience import NOT_DONE, asked_wait, is_haste
from vigie.http.secrecy import struck
from vigie.words import Words, _


def refusal(answer: Answer) -> RefusedError:
    """Return the error that an answer from 400 on means, with the answer without keys."""
    error = _refusal(answer)
    error.body = answer.kept
    error.headers = {name: struck(value, answer.secrets) for name, value in answer.headers.items()}
    return error


def _refusal(answer: Answer) -> RefusedError:
    host = urlsplit(answer.url).hostname or answer.url
    status, said = answer.status, answer.said
    seconds = asked_wait(answer.headers, status=status, now=answer.at)
    if is_haste(answer.headers, status=status) or (status in NOT_DONE and seconds is not None):
        until = answer.at + timedelta(seconds=seconds) if seconds is not None else None
        return BusyError(busy(host), status=status, said=said, until=until)
    facts: dict[str, str | int] = {"host": host, "status": status, "said": said}
    if status in (401, 403):
        words = _("{host} refused the key ({status}): {said}", **facts)
        return DeniedError(words, status=status, said=said)
    if status in (404, 410):
        words = _("{host} does not have {url} ({status}).", **facts, url=answer.url)
        return MissingError(words, status=status, said=said)
    words = _("{host} refused the question ({status}): {said}", **facts)
    return RefusedError(words, status=status, said=said)


def busy(host: str) -> Words:
    """Say that a server asks to be left alone."""
    return _(
        "{host} asks to wait: it has answered as much as it allows for now. It is asked again "
        "when it allows more.",
        host=host,
    )
