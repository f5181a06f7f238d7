"""Who is who: every institution of the register, with what it is known by."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigie.present.document import Cell, Column, Document, Grid, Link, Note
from vigie.present.naming import institution_path, kind
from vigie.register.models import Account, Enrolment, Institution, Update
from vigie.register.rights import CHANGE_REGISTER, READ_REGISTER
from vigie.web.asking import asked_page, asked_words
from vigie.web.people import may
from vigie.web.shown import show_fresh
from vigie.words import _, plural

route = "register/"
permission = READ_REGISTER

COLUMNS = (
    Column(key="name", label=_("Institution"), is_row_header=True),
    Column(key="kind", label=_("Kind")),
    Column(key="city", label=_("City")),
    Column(key="uai", label=_("UAI code")),
    Column(key="ror", label=_("ROR identifier")),
    Column(key="students", label=_("Students"), kind="integer"),
    Column(key="accounts", label=_("Accounts"), kind="integer"),
)


def page(request: HttpRequest) -> HttpResponseBase:
    """List the register, or what of it holds the words sought."""
    sought = asked_words(request)
    rows = [_row(row) for row in _institutions(sought)]
    grid = Grid(
        name="register",
        caption=_("Institutions of the register"),
        columns=COLUMNS,
        rows=rows,
        page=asked_page(request),
    )
    accounts = Account.objects.filter(closed_on__isnull=True).count()
    document = Document(
        name="register",
        title=_("Who is who?"),
        lead=plural(
            "{count} institution is listed; the register holds {accounts} open accounts.",
            "{count} institutions are listed; the register holds {accounts} open accounts.",
            count=len(rows),
            accounts=accounts,
        ),
        blocks=[grid if rows else Note(text=_("The register holds no such institution."))],
        made_at=datetime.now(UTC),
        choices={"q": sought} if sought else {},
    )
    beside = {
        "sought": sought,
        "may_change": may(request, CHANGE_REGISTER),
        "pending": Update.objects.filter(items__state="pending").distinct().count(),
    }
    return show_fresh(request, document, template="register/register.html", beside=beside)


def _institutions(sought: str) -> QuerySet[Institution]:
    latest = Enrolment.objects.filter(institution=OuterRef("pk")).order_by("-year")
    found = Institution.objects.annotate(
        open_accounts=Count("accounts", filter=Q(accounts__closed_on__isnull=True)),
        students=Subquery(latest.values("students")[:1]),
    )
    for word in sought.split():
        found = found.filter(
            Q(name__icontains=word) | Q(city__icontains=word) | Q(uai__iexact=word)
            | Q(slug__icontains=word) | Q(ror__iexact=word) | Q(wikidata__iexact=word)
        )  # fmt: skip
    return found.order_by("name", "slug")


def _row(row: Institution) -> dict[str, Cell]:
    known: dict[str, Cell] = {
        "name": Link(text=row.name, href=institution_path(row.slug)),
        "kind": kind(row.kind) if row.kind else None,
        "city": row.city,
        "uai": row.uai,
        "ror": row.ror,
    }
    counted = vars(row)
    return {**known, "students": counted["students"], "accounts": counted["open_accounts"]}
