"""Leaving: at any time, without a reason, and what becomes of each amount is said before."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongdao.faces.promoter.door import Walk, promoter_page
from tongdao.party.network.operations import leave_promoter
from tongdao.reach.traffic.models import ShareLink
from tongdao.rewards.commissions.queries import income


@require_http_methods(["GET", "HEAD", "POST"])
@promoter_page
def leave(walk: Walk) -> HttpResponse:
    if walk.promoter_id is None:
        return redirect(walk.url("today"))
    if walk.request.method == "POST":
        with walk.scope():
            leave_promoter(walk.promoter_id, actor=walk.actor)
        messages.success(walk.request, _("You have left. What you earned stays here to be seen."))
        return redirect(walk.url("today"))
    with walk.scope():
        context = {
            "earned": income(walk.ids),
            "links": ShareLink.objects.filter(promoter_id=walk.promoter_id).count(),
        }
    return walk.show("leave", _("Leave?"), context, tab="me", back="me")
