"""The kitchen: every partial in every state, for those who build and judge the faces. In debug only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from tongdao.faces.kit import samples

SECTIONS = ("words", "buttons", "fields", "notices", "goods", "buying", "order", "figures", "share", "desk")
PAGES = ("store", "product", "cart", "order", "sign-in", "orders", "record", "error", "empty", "loading")


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return "en" if asked == "en" else "zh-hans"


def _theme(request: HttpRequest) -> str:
    asked = request.GET.get("theme", "")
    return asked if asked in ("light", "dark") else ""


def kitchen(request: HttpRequest) -> HttpResponse:
    """All sections, light and dark beside each other; ``?lang=en`` for English."""
    with translation.override(_language(request)):
        context = {
            "sections": SECTIONS,
            "pages": PAGES,
            "themes": ("light", "dark"),
            "lang": _language(request),
        }
        return render(request, "kit/kitchen/index.html", {**context, **samples.context()})


def sample_page(request: HttpRequest, name: str) -> HttpResponse:
    """One whole page of samples; ``?theme=dark`` and ``?lang=en`` as wished. Unknown names are 404."""
    if name not in PAGES:
        raise Http404(name)
    with translation.override(_language(request)):
        face = samples.console() if name in ("orders", "record") else samples.shop()
        return render(
            request, f"kit/kitchen/page_{name}.html", {**samples.context(), **face, "theme": _theme(request)}
        )
