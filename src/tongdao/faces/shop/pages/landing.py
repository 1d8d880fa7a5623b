"""The front door of the installation."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What this is, and where to go. Stores are named only where the demo has written down its own."""
    context = {"stores": _demo_stores(), "canonical": request.build_absolute_uri("/")}
    return render(request, "shop/landing.html", context)


def _demo_stores() -> list[dict[str, str]]:
    """The demo's stores from demo.json (see config.up); none where there is no demo or it cannot be read."""
    try:
        rows: Any = json.loads((settings.TONGDAO_DATA / "demo.json").read_text("utf-8"))
        return [
            {"name": str(row["what"]).removeprefix("store "), "url": str(row["where"])}
            for row in rows
            if str(row["where"]).startswith("/s/")
        ]
    except (OSError, ValueError, LookupError, TypeError):
        return []
