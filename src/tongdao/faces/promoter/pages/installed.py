"""What makes the face installable: its manifest, its worker, and the page for when there is no network.

The worker keeps nothing but that page and what it is drawn with. Amounts are always asked for anew, so no
old figure is ever taken for today's.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

PAPER = "#fbfaf7"
SIZES = (192, 512)
HOUR = 3600  # seconds


@require_safe
@cache_control(max_age=HOUR, private=True)
@vary_on_headers("Accept-Language", "Cookie")
def manifest(request: HttpRequest) -> JsonResponse:
    start = reverse("promoter:start")
    icons = [
        {"src": static(f"promoter/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in SIZES
    ]
    masked = {**icons[-1], "src": static("promoter/icon-maskable-512.png"), "purpose": "maskable"}
    described = {
        "id": start,
        "name": _("Tongdao: promoter"),
        "short_name": _("Promoter"),
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [*icons, masked],
    }
    return JsonResponse(described, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """Below the face's own path, which is as far as it reaches."""
    context = {"offline": reverse("promoter:offline"), "drawn_with": _drawn_with()}
    return render(request, "promoter/worker.js", context, content_type="text/javascript")


@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """In both languages, since it is kept whatever language is read later. Nothing on it is anybody's."""
    return render(request, "promoter/offline.html")


def _drawn_with() -> list[str]:
    return [
        static(name)
        for name in ("kit/tongdao.css", "kit/tongdao.js", "kit/mark.svg", "promoter/promoter.css")
    ]
