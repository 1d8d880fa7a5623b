"""All addresses below /operator/ besides the lists and the way in: pages that show, acts that do."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from tongdao.faces.operator.acts import disputes, machinery, parties
from tongdao.faces.operator.acts.base import Act, view_of
from tongdao.faces.operator.pages import dispute, home, merchant, person, readers, sandboxes, switches, things

PAGES: tuple[tuple[str, str, Any], ...] = (
    ("index", "", home.index),
    ("merchant", "merchants/<uuid:merchant_id>/", merchant.one),
    ("person", "people/<uuid:person_id>/", person.one),
    ("review", "reviews/<uuid:review_id>/", things.review),
    ("dispute", "disputes/<uuid:dispute_id>/", dispute.one),
    ("dispute_file", "disputes/<uuid:dispute_id>/<slug:source>/<uuid:file_id>", dispute.file),
    ("dispute_bundle", "disputes/<uuid:dispute_id>/bundle.zip", dispute.take_bundle),
    ("readers", "readers/", readers.index),
    ("reader", "readers/<str:name>/", readers.one),
    ("intent", "intents/<uuid:intent_id>/", things.intent),
    ("job", "jobs/<int:job_id>/", things.job),
    ("switches", "switches/", switches.index),
    ("sandboxes", "sandboxes/", sandboxes.index),
    ("sandbox", "sandboxes/<slug:name>/", sandboxes.one),
)
ACTS: tuple[Act, ...] = (*parties.ACTS, *disputes.ACTS, *machinery.ACTS)


def page_urls(guarded: Any) -> list[URLPattern]:
    """`guarded(view, acts=…)` lets in only who may."""
    return [
        *(path(address, guarded(require_safe(view)), name=name) for name, address, view in PAGES),
        *(path(act.path, guarded(view_of(act), acts=True), name=act.name) for act in ACTS),
    ]
