"""Who I am here, my agreement, my language, my other shops, and the way out."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.faces.promoter.door import Walk, promoter_page
from tongdao.party.network.queries import standings_of


@require_safe
@promoter_page
def me(walk: Walk) -> HttpResponse:
    assert walk.person_id is not None
    context = {
        "standing": walk.standing,
        "data_url": reverse("shop:my_data", kwargs={"slug": walk.place.slug}),
        "many": len(standings_of(walk.person_id)) > 1,
        "languages": (("zh-hans", "简体中文"), ("en", "English")),
        "here": walk.request.path,
    }
    return walk.show("me", _("Me"), context, tab="me")
