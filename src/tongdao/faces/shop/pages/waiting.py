"""Very many order at once: nothing was ordered, nothing is lost, and the form is sent again in a while.

The page costs the database nothing. Whoever waits here has no place in any line, and whoever comes back has
no advantage: the form goes in like any other, after a time that is not the same for all.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.shop.plain import plain_frame
from tongdao.faces.shop.store import Store, show
from tongdao.foundation.committing import QueueFull

KEPT = (
    "key", "quote_version", "line", "group", "coupons", "coupon", "applied",
    "recipient", "phone", "detail", "province", "city", "county",
)  # fmt: skip
"""All that the checkout's form carries, its key too: the same wish is placed at most once."""


def wait(request: HttpRequest, store: Store, refusal: QueueFull) -> HttpResponse:
    """503, with the form as it was sent."""
    seconds = int(refusal.details["retry_after"])
    context = {
        **plain_frame(store),
        "page_title": _("One moment, please"),
        "private": True,
        "kept": [(name, value) for name in KEPT for value in request.POST.getlist(name)],
        "seconds": seconds,
        "here": store.url("checkout"),
    }
    response = show(request, store, "waiting", context, status=refusal.status)
    response["Retry-After"] = str(seconds)
    return response
