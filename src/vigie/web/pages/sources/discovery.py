"""Which accounts do institutions name on their sites, whose are they, and which shall we keep?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from vigie import flow
from vigie.collect.proof import IMPOSTOR, MISSING, ORPHAN, PROOFS, TWO_WAY, VERDICTS
from vigie.errors import ForbiddenError, RegisterError
from vigie.register import tables
from vigie.register.models import Account, Institution
from vigie.register.rights import CHANGE_REGISTER, READ_SOURCES, RUN_SOURCES
from vigie.sources import findings
from vigie.sources.gathering import is_someone_working
from vigie.sources.models import Finding, Look, Work
from vigie.web.asking import asked_page, asked_words
from vigie.web.people import author_of, may
from vigie.web.sentences import said
from vigie.web.site import site_store
from vigie.words import Words, _, plural

route = "sources/discovery/"
permission = READ_SOURCES
methods = ("GET", "HEAD", "POST")

PAGE = 50
ALARMING = frozenset({IMPOSTOR, ORPHAN, MISSING})
ORDER = tuple(VERDICTS)
DECISIONS = {
    "accept": _("{account} is in the register, with its proof."),
    "reject": _("{account} was rejected. It is asked about again only when its evidence changes."),
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One account found, as it is read."""

    row: Finding
    verdict: Words
    badge: str
    is_known: bool
    may_accept: bool
    """There is something to accept: it is new, or its proof is."""
    may_reject: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """One institution of the list."""

    institution: Institution
    look: Look | None
    waiting: int
    alarming: int


def page(request: HttpRequest) -> HttpResponse:
    """List the institutions, show what was found of one, or decide on it."""
    slug = request.POST.get("institution") or request.GET.get("institution", "")
    if not slug and request.method != "POST":
        return _list(request)
    institution = Institution.objects.filter(slug=slug).first()
    if institution is None:
        raise Http404
    return _do(request, slug) if request.method == "POST" else _one(request, institution)


def _do(request: HttpRequest, slug: str) -> HttpResponse:
    what, number = request.POST.get("do", ""), request.POST.get("finding", "")
    try:
        if what == "look":
            # That it is to be looked at, the page itself says.
            findings.look_again(slug, by=author_of(request))
        else:
            messages.success(request, said(_decided(request, what, number)))
    except ForbiddenError:
        raise
    except RegisterError as error:
        messages.error(request, said(error.words))
    response = redirect("sources.discovery")
    response["Location"] += f"?{urlencode({'institution': slug})}"
    return response


def _decided(request: HttpRequest, what: str, number: str) -> Words:
    by = author_of(request)
    if what not in DECISIONS or not (number.isascii() and number.isdigit()):
        raise Http404
    if what == "accept":
        row = findings.accept(int(number[:18]), by=by)
        flow.keep_register(site_store(), tables.rows())
    else:
        row = findings.reject(int(number[:18]), by=by)
    return Words(DECISIONS[what].text, {"account": row.account})


def _one(request: HttpRequest, institution: Institution) -> HttpResponse:
    rows = list(Finding.objects.filter(institution=institution.slug))
    open_ones = Account.objects.filter(institution=institution, closed_on__isnull=True)
    kept = dict(open_ones.values_list("account", "proof"))
    shown = sorted(
        (_shown(row, kept.get(row.account)) for row in rows),
        key=lambda one: (ORDER.index(one.row.verdict), one.row.account),
    )
    waiting = [one for one in shown if one.row.state == "pending"]
    return _rendered(request, "sources/found.html", {
        "institution": institution,
        "title": _title(institution, len(waiting)),
        "look": Look.objects.filter(institution=institution.slug).first(),
        "is_due": Work.objects.filter(kind=findings.DISCOVER, subject=institution.slug).exists(),
        "groups": [
            (_("To decide"), waiting),
            (_("In the register"), [one for one in shown if one.row.state == "accepted"]),
            (_("Rejected"), [one for one in shown if one.row.state == "rejected"]),
        ],
        "is_empty": not shown,
    })  # fmt: skip


def _title(institution: Institution, waiting: int) -> Words:
    if not waiting:
        return _("Accounts of {name}", name=institution.name)
    return plural(
        "{name}: {count} account to decide on",
        "{name}: {count} accounts to decide on",
        count=waiting,
        name=institution.name,
    )


def _shown(row: Finding, kept: str | None) -> Shown:
    proof = PROOFS.get(row.verdict, "")
    is_known = kept is not None
    return Shown(
        row=row,
        verdict=VERDICTS[row.verdict],
        badge=_badge(row.verdict),
        is_known=is_known,
        may_accept=bool(proof and proof != kept) if is_known else True,
        may_reject=not is_known and row.state == "pending",
    )


def _badge(verdict: str) -> str:
    if verdict == TWO_WAY:
        return "working"
    return "failing" if verdict in ALARMING else "needs"


def _list(request: HttpRequest) -> HttpResponse:
    words, number = asked_words(request), asked_page(request)
    chosen = Institution.objects.exclude(website=None).exclude(website="").filter(closed_on=None)
    if words:
        chosen = chosen.filter(Q(name__icontains=words) | Q(short_name__icontains=words))
    looks = {row.institution: row for row in Look.objects.all()}
    waiting, alarming = _counts(Q(state="pending")), _counts(Q(verdict__in=ALARMING))
    lines = sorted(
        (
            Line(institution=one, look=looks.get(one.slug), waiting=waiting.get(one.slug, 0),
                 alarming=alarming.get(one.slug, 0))
            for one in chosen
        ),
        key=lambda line: (-line.waiting, -line.alarming, line.institution.name),
    )  # fmt: skip
    begin = (number - 1) * PAGE
    return _rendered(request, "sources/discovery.html", {
        "lines": lines[begin : begin + PAGE],
        "count": len(lines),
        "words": words,
        "page_number": number,
        "pages": -(-len(lines) // PAGE),
    })  # fmt: skip


def _counts(which: Q) -> dict[str, int]:
    """Return how many findings each institution has of a kind, but for those rejected."""
    rows = Finding.objects.filter(which).exclude(state="rejected").order_by()
    return dict(rows.values_list("institution").annotate(Count("id")))


def _rendered(request: HttpRequest, template: str, shown: dict[str, object]) -> HttpResponse:
    rights = {
        "may_decide": may(request, CHANGE_REGISTER),
        "may_look": may(request, RUN_SOURCES),
        "nobody_works": not is_someone_working(datetime.now(UTC)),
    }
    return render(request, template, {**shown, **rights})
