"""What people change on the walls of classes: checks the right, writes the log, at once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vigie.culture import wall as rules
from vigie.culture.asking import touch
from vigie.culture.board import board, counts
from vigie.culture.hashtag import CODE, LETTERS, fold
from vigie.culture.wall import Draft
from vigie.culture.wall_models import HIDDEN, SHOWN, WAITING, Question, Wall, Wording
from vigie.errors import CultureError
from vigie.register import log
from vigie.register.rights import WRITE_CULTURE, Author, require
from vigie.words import _

CLOCK = Author(name="clock", rights=frozenset({WRITE_CULTURE}))
"""Who closes and erases walls whose time is over, in the log."""


def open_wall(draft: Draft, *, by: Author, at: datetime | None = None) -> Wall:
    """Open a wall: one at a time for a hashtag."""
    require(by, WRITE_CULTURE)
    moment = at or timezone.now()
    for words in rules.mistakes_of(draft, now=moment).values():
        raise CultureError(words)
    assert draft.closes_at is not None  # a mistake otherwise
    forget_due(at=moment)
    with transaction.atomic():
        tag = fold(draft.hashtag)
        if Wall.objects.filter(tag=tag, closed_at__isnull=True).exists():
            raise CultureError(
                _("A wall for #{tag} is open already. Close it first, or choose another.", tag=tag)
            )
        row = Wall.objects.create(
            hashtag=draft.hashtag.strip().lstrip("#＃"),
            tag=tag,
            code=_free_code(),
            title=draft.title,
            unit=draft.unit,
            is_moderated=draft.is_moderated,
            takes_posts=draft.takes_posts,
            opened_at=moment,
            opened_by=by.name,
            closes_at=draft.closes_at,
            keep_days=draft.keep_days,
        )
        facts = {"moderated": row.is_moderated, "keep_days": row.keep_days}
        _log("wall.open", row, facts, by=by, at=moment)
    return row


def _free_code() -> str:
    used = set(Wall.objects.filter(closed_at__isnull=True).values_list("code", flat=True))
    while True:
        code = "".join(secrets.choice(LETTERS) for _place in range(CODE))
        if code not in used:
            return code


def close(wall: int, *, by: Author, at: datetime | None = None) -> Wall:
    """Close a wall: it takes no more questions, and the room no longer sees those it has."""
    require(by, WRITE_CULTURE)
    moment = at or timezone.now()
    with transaction.atomic():
        row = _wall(wall)
        if row.closed_at is not None:
            raise CultureError(_("This wall is closed already."))
        row.closed_at = min(moment, row.closes_at)
        row.save(update_fields=["closed_at"])
        touch(row.pk)
        _log("wall.close", row, {}, by=by, at=moment)
    return row


def erase(wall: int, *, by: Author, at: datetime | None = None) -> Wall:
    """Erase every question of a closed wall; how many there were is kept."""
    require(by, WRITE_CULTURE)
    moment = at or timezone.now()
    with transaction.atomic():
        row = _wall(wall)
        if row.closed_at is None:
            raise CultureError(_("This wall is still open: close it before you erase it."))
        if row.erased_at is not None:
            return row
        found = counts(board(row))
        row.asked, row.questions_asked = found.asked, found.questions
        row.questions_answered, row.people_asking = found.answered, found.people
        row.erased_at = moment
        row.save()
        Wording.objects.filter(wall=row).delete()
        Question.objects.filter(wall=row).delete()
        touch(row.pk)
        facts = {"questions": found.questions, "wordings": found.asked}
        _log("wall.erase", row, facts, by=by, at=moment)
    return row


def forget_due(*, at: datetime) -> int:
    """Close the walls whose time is over, erase those kept long enough; return how many."""
    done = 0
    for row in Wall.objects.filter(closed_at__isnull=True, closes_at__lte=at):
        close(row.pk, by=CLOCK, at=at)
        done += 1
    for row in Wall.objects.filter(closed_at__isnull=False, erased_at__isnull=True):
        due = rules.erased_on(row, at)
        if due is not None and due <= at:
            erase(row.pk, by=CLOCK, at=at)
            done += 1
    return done


def approve(wall: int, number: int, *, by: Author, at: datetime | None = None) -> Question:
    """Let everyone read a question."""
    return _change(wall, number, "approve", {"state": SHOWN}, by=by, at=at)


def hide(wall: int, number: int, *, by: Author, at: datetime | None = None) -> Question:
    """Let nobody read a question, nor what is asked in the same words later."""
    return _change(wall, number, "hide", {"state": HIDDEN}, by=by, at=at)


def answer(wall: int, number: int, *, by: Author, at: datetime | None = None) -> Question:
    """Note that a question was answered."""
    moment = at or timezone.now()
    return _change(wall, number, "answer", {"answered_at": moment}, by=by, at=moment)


def reopen(wall: int, number: int, *, by: Author, at: datetime | None = None) -> Question:
    """Note that a question was not answered after all."""
    return _change(wall, number, "reopen", {"answered_at": None}, by=by, at=at)


def merge(wall: int, number: int, *, into: int, by: Author, at: datetime | None = None) -> Question:
    """Say that a question is the same as another; those merged into it follow."""
    require(by, WRITE_CULTURE)
    moment = at or timezone.now()
    with transaction.atomic():
        row = _kept(wall)
        one, other = _question(row, number), _question(row, into)
        root = other.merged_into or other
        if root.pk == one.pk:
            raise CultureError(_("A question cannot be merged into itself."))
        one.merged.update(merged_into=root)
        one.merged_into = root
        one.save(update_fields=["merged_into"])
        if one.state == SHOWN and root.state == WAITING:
            Question.objects.filter(pk=root.pk).update(state=SHOWN)
        touch(row.pk)
        _log("wall.merge", row, {"number": number, "into": root.number}, by=by, at=moment)
    return one


def unmerge(wall: int, number: int, *, by: Author, at: datetime | None = None) -> int:
    """Take apart what people merged into a question; return how many questions came out."""
    require(by, WRITE_CULTURE)
    moment = at or timezone.now()
    with transaction.atomic():
        row = _kept(wall)
        count = _question(row, number).merged.update(merged_into=None)
        if not count:
            raise CultureError(_("Nothing was merged into this question."))
        touch(row.pk)
        _log("wall.unmerge", row, {"number": number, "questions": count}, by=by, at=moment)
    return count


def split(wall: int, wording: int, *, by: Author, at: datetime | None = None) -> Question:
    """Make a question of its own of a wording that was grouped wrongly."""
    require(by, WRITE_CULTURE)
    moment = at or timezone.now()
    with transaction.atomic():
        row = _kept(wall)
        found = Wording.objects.filter(wall=row, pk=wording).select_related("question").first()
        if found is None:
            raise CultureError(_("This question is no longer on the wall."))
        if found.question.wordings.count() < 2:
            raise CultureError(_("This question was asked in no other words."))
        last = Question.objects.filter(wall=row).order_by("-number")[0].number
        new = Question.objects.create(wall=row, number=last + 1, state=found.question.state)
        found.question = new
        found.save(update_fields=["question"])
        touch(row.pk)
        _log("wall.split", row, {"number": new.number}, by=by, at=moment)
    return new


ACTS: Mapping[str, Callable[..., Question]] = {
    "approve": approve, "hide": hide, "answer": answer, "reopen": reopen,
}  # fmt: skip
"""What is done to one question, by the word its button sends."""


def _change(
    wall: int,
    number: int,
    act: str,
    changed: Mapping[str, object],
    *,
    by: Author,
    at: datetime | None,
) -> Question:
    require(by, WRITE_CULTURE)
    with transaction.atomic():
        row = _kept(wall)
        question = _question(row, number)
        for name, value in changed.items():
            setattr(question, name, value)
        question.save(update_fields=list(changed))
        touch(row.pk)
        _log(f"wall.{act}", row, {"number": number}, by=by, at=at or timezone.now())
    return question


def _wall(wall: int) -> Wall:
    try:
        return Wall.objects.select_for_update().get(pk=wall)
    except Wall.DoesNotExist as error:
        raise CultureError(_("There is no such wall. Look at the list again.")) from error


def _kept(wall: int) -> Wall:
    row = _wall(wall)
    if row.erased_at is not None:
        raise CultureError(_("The questions of this wall are erased."))
    return row


def _question(wall: Wall, number: int) -> Question:
    found = Question.objects.select_related("merged_into").filter(wall=wall, number=number)
    row = found.first()
    if row is None:
        raise CultureError(_("This question is no longer on the wall."))
    return row


def _log(action: str, row: Wall, facts: Mapping[str, object], *, by: Author, at: datetime) -> None:
    change = log.Change(action=action, subject=f"wall {row.pk} #{row.tag}", facts=facts)
    log.write([change], by=by, at=at)
