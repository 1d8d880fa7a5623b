"""What makes a store installable. No worker: it would only keep old prices; a browser asks for none."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from tongdao.faces.shop.store import Store, shop_page

PAPER = "#fbfaf7"
SIZES = (192, 512)
HOUR = 3600  # seconds


@require_safe
@cache_control(max_age=HOUR, private=True)
@vary_on_headers("Accept-Language", "Cookie")
@shop_page
def manifest(request: HttpRequest, store: Store) -> JsonResponse:
    home = store.url("home")
    icons = [
        {"src": static(f"kit/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in SIZES
    ]
    masked = {**icons[-1], "src": static("kit/icon-maskable-512.png"), "purpose": "maskable"}
    described = {
        "id": home,
        "name": store.name,
        "short_name": store.name[:12],
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [*icons, masked],
    }
    return JsonResponse(described, content_type="application/manifest+json")
