"""Who I am here, my agreement, my language, my other shops, and the way out."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongdao.crm.reputation.queries import promoter_reputation
from tongdao.faces.kit.reputation_words import figures
from tongdao.faces.lists.plan_words import grade_words
from tongdao.faces.promoter.door import Walk, promoter_page
from tongdao.foundation import clock
from tongdao.party.network.queries import standings_of
from tongdao.terms.plans.grading import current_grades
from tongdao.terms.plans.queries import grades_of_version, plan_at


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
        **_grade(walk),
        **_reputation(walk),
    }
    return walk.show("me", _("Me"), context, tab="me")


def _reputation(walk: Walk) -> dict[str, object]:
    """What buyers read of what I recommended, and where the formula stands."""
    if walk.promoter_id is None:
        return {}
    with walk.scope():
        found = promoter_reputation(walk.promoter_id, clock.now())
    how = reverse("shop:about", kwargs={"slug": walk.place.slug}) + "#how"
    return {"figures": figures(found), "how_url": how}


def _grade(walk: Walk) -> dict[str, object]:
    """My grade, the figures that gave it, and what each grade takes; nothing where the shop has none."""
    if walk.promoter_id is None:
        return {}
    with walk.scope():
        plan = plan_at(clock.now())
        grades = grades_of_version(plan.version) if plan else ()
        mine = current_grades([walk.promoter_id]).get(walk.promoter_id) if grades else None
    return {"grades": grade_words(grades), "grade": mine}
