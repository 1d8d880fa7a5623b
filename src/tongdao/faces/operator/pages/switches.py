"""Feature switches: what each is for, how it stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tongdao.faces.operator.frame import show
from tongdao.faces.operator.reading.asking import on_platform
from tongdao.faces.operator.sessions import operator_of
from tongdao.foundation.models import FeatureSwitch
from tongdao.foundation.switches import switches


def index(request: HttpRequest) -> HttpResponse:
    kept = on_platform(FeatureSwitch).in_bulk()
    here = operator_of(request)
    rows = [
        {
            "name": name,
            "meaning": switch.meaning,
            "on": kept[name].is_on if name in kept else switch.default,
            "set": _("set %(at)s") % {"at": localtime(kept[name].changed_at).strftime("%Y-%m-%d %H:%M")}
            if name in kept
            else _("never set"),
            "url": reverse("operator:switch_set", args=[name]),
        }
        for name, switch in switches().items()
    ]
    context = {"switches": rows, "may_act": here is not None and here.may_act}
    return show(request, "switches", _("Switches"), context)
