"""The one table of addresses: each face and each callback under its own prefix."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tongdao.config.metrics import metrics
from tongdao.faces.shop.domains import ask


def healthz(request: HttpRequest) -> HttpResponse:
    """Answers when the process serves; asks the database nothing, so a slow one restarts no web."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz),
    path("metrics", metrics),
    path(".well-known/tongdao/domain", ask),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", include("tongdao.faces.api.urls")),
    path("console/", include("tongdao.faces.console.urls")),
    path("operator/", include("tongdao.faces.operator.urls", namespace="operator")),
    path("promote/", include("tongdao.faces.promoter.urls")),
    path("callbacks/", include("tongdao.faces.api.callback_urls")),
    path("", include("tongdao.faces.shop.urls")),
]
if settings.DEBUG:
    urlpatterns.insert(0, path("_kitchen/", include("tongdao.faces.kit.urls")))
