"""What all processes of this installation count, as Prometheus text. Each keeps files of its own."""

from __future__ import annotations

import hmac
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from tongdao.foundation.measuring import VARIABLE, registry

__all__ = ["VARIABLE", "clear_metrics", "metrics", "metrics_dir", "metrics_text"]
METRICS = "metrics"  # directory below the data directory


def metrics_dir(data_dir: Path) -> Path:
    """The directory of the files, made when it is not there."""
    place = data_dir / METRICS
    place.mkdir(parents=True, exist_ok=True)
    return place


def clear_metrics(data_dir: Path) -> None:
    """At a start, before any process counts: counters begin at zero."""
    for file in metrics_dir(data_dir).glob("*.db"):
        file.unlink(missing_ok=True)


def metrics_text() -> bytes:
    """All processes together where they share a directory, else this one alone."""
    return generate_latest(registry())


def metrics(request: HttpRequest) -> HttpResponse:
    """For a Prometheus that knows TONGDAO_METRICS_TOKEN; without one there is no such page."""
    token = settings.ENV.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        return HttpResponseNotFound("", content_type="text/plain")
    return HttpResponse(metrics_text(), content_type=CONTENT_TYPE_LATEST)
