"""A buying group: its seats, its deadline, and the way in. Nobody earns anything by sharing it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongdao.faces.shop.buyers import buyer_of
from tongdao.faces.shop.groups import GroupLook, read_group_look
from tongdao.faces.shop.notices import Notice
from tongdao.faces.shop.store import Store, absolute, shop_page, show


@never_cache
@require_safe
@shop_page
def group(request: HttpRequest, store: Store, group_id: UUID) -> HttpResponse:
    look = read_group_look(store, group_id, buyer_of(request))
    here = store.url("group", group_id=group_id)
    context = {
        "page_title": look.group.title,
        "private": True,
        "back_url": look.product_url,
        "look": look,
        "group": look.group,
        "share_url": absolute(here),
        "take_url": store.url("take"),
        "notice": _notice(look),
    }
    return show(request, store, "group", context)


def _notice(look: GroupLook) -> Notice:
    """Where it stands, what that means for the money, and what comes next."""
    if look.group.state == "formed":
        return Notice(
            _("The group is complete"), _("All seats are paid. The goods are being packed."), tone="success"
        )
    if look.group.state == "dissolved":
        return Notice(
            _("The group did not come together"),
            _("Whoever has paid gets all of it back by itself."),
            _("You can open a new group, or buy it alone."),
            "info",
        )
    if look.over or not look.group.left:
        return Notice(
            _("All seats are taken") if not look.group.left else _("Its time is over"),
            _("The last payments are awaited. If they do not come, all the money goes back by itself."),
            tone="waiting",
        )
    if look.own_url:
        return Notice(
            _("You are in this group"),
            _("If it is not complete in time, all your money goes back by itself."),
            _("You can show the page to others. Nobody gets anything for it but the price."),
            "success",
        )
    return Notice(
        _("Seats are free"),
        _("If the group is not complete in time, everybody gets all the money back by itself."),
        tone="info",
    )
