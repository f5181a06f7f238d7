"""Lets a person out."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from vigie.web.page import PUBLIC

route = "sign-out/"
permission = PUBLIC
methods = ("POST",)


def page(request: HttpRequest) -> HttpResponse:
    """Forget who was there."""
    logout(request)
    return redirect("index.home")
