"""What all processes of this installation count, as Prometheus text. Each keeps files of its own."""

from __future__ import annotations

import hmac
import os
import re
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client when it is imported
METRICS = "metrics"  # directory below the data directory
_LIVE = re.compile(r"gauge_live\w*_(\d+)\.db")


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
    place = os.environ.get(VARIABLE)
    if not place:
        return generate_latest(REGISTRY)
    for file in Path(place).glob("gauge_live*.db"):
        if (found := _LIVE.fullmatch(file.name)) and not Path(f"/proc/{found[1]}").exists():
            mark_process_dead(int(found[1]), place)  # type: ignore[no-untyped-call]  # the library's
    registry = CollectorRegistry()
    MultiProcessCollector(registry, place)  # type: ignore[no-untyped-call]  # the library's
    return generate_latest(registry)


def metrics(request: HttpRequest) -> HttpResponse:
    """For a Prometheus that knows TONGDAO_METRICS_TOKEN; without one there is no such page."""
    token = settings.ENV.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        return HttpResponseNotFound("", content_type="text/plain")
    return HttpResponse(metrics_text(), content_type=CONTENT_TYPE_LATEST)
