"""What anyone may see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def newsroom(request: HttpRequest) -> HttpResponse:
    return render(request, "public/newsroom.html")
