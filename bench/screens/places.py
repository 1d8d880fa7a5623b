"""Which pages there are: read from the table of addresses, so that a new one is there without a line here.

A page's address is filled from the world's own rows: `FINDERS` says for each parameter where its value comes
from. tests/bench/test_screens.py fails on a parameter that is not named there, and on one of
NOT_PAGES that is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.screens.worlds import World

NO_FACES = {"", "api"}
NOT_PAGES = {
    "shop:media": "a picture",
    "shop:theme": "a style sheet",
    "shop:manifest": "for the browser",
    "promoter:manifest": "for the browser",
    "promoter:worker": "for the browser",
    "shop:link": "leads on to a page",
    "shop:flash_pulse": "a part of a page",
    "shop:story": "a part of a page",
    "shop:talk_news": "a part of a page",
    "console:talk_news": "a part of a page",
    "promoter:talk_news": "a part of a page",
    "shop:talk_file": "a picture or a video",
    "console:talk_file": "a picture or a video",
    "shop:case_file": "a picture or a video",
    "shop:dispute_file": "a picture or a video",
    "console:case_file": "a picture or a video",
    "console:dispute_file": "a picture or a video",
    "shop:suggest": "a part of a page",
    "shop:seen_cards": "a part of a page",
    "promoter:payout_parts": "a part of a page",
    "operator:dispute_file": "a picture or a video",
    "operator:dispute_bundle": "a file",
}
# Parameter: (model, the column that its value stands in, the column of whose it is where that matters).
FINDERS: dict[str, tuple[str, str, str]] = {
    "handle": ("catalog.Product", "handle", ""),
    "product_id": ("catalog.Product", "id", ""),
    "sku_id": ("catalog.Sku", "id", ""),
    "order_id": ("orders.Order", "id", "person_id"),
    "line_id": ("orders.OrderLine", "id", "order__person_id"),
    "review_id": ("reviews.Review", "id", "person_id"),
    "case_id": ("aftersales.AfterSale", "id", "person_id"),
    "promotion_id": ("promotions.Promotion", "id", ""),
    "group_id": ("promotions.Group", "id", ""),
    "template_id": ("agreements.FreightTemplate", "id", ""),
    "link_id": ("traffic.ShareLink", "id", "person_id"),
    "promoter_id": ("network.Promoter", "id", ""),
    "member_id": ("members.Member", "id", ""),
    "staff_id": ("merchants.StaffMember", "id", ""),
    "invitation_id": ("merchants.StaffInvitation", "id", ""),
    "role_id": ("merchants.StaffRole", "id", ""),
    "brand_id": ("merchants.Brand", "id", ""),
    "page_id": ("merchants.StorefrontPage", "id", ""),
    "licence_id": ("merchants.Licence", "id", ""),
    "agreement_id": ("merchants.AgreementVersion", "id", ""),
    "run_id": ("intake.ImportRun", "id", ""),
    "refund_id": ("payments.Refund", "id", ""),
    "address_id": ("addressbook.KeptAddress", "id", "person_id"),
    "text": ("merchants.StorefrontPage", "slug", ""),
    "person_id": ("members.Member", "person_id", ""),
    "parcel_id": ("shipping.Parcel", "id", ""),
    "dispatch_id": ("shipping.Dispatch", "id", ""),
    "note_id": ("notes.OrderNote", "id", ""),
    "batch_id": ("editing.GoodsBatch", "id", ""),
    "export_id": ("lists.ExportRun", "id", ""),
    "payout_batch_id": ("settlement.PayoutBatch", "id", ""),
    "payout_id": ("settlement.Payout", "id", ""),
    "plan_id": ("plans.CommissionPlan", "id", ""),
    "dispute_id": ("disputes.Dispute", "id", "person_id"),
    "transfer_id": ("settlement.Transfer", "id", ""),
}
GIVEN = ("slug", "merchant_id")
# The same where a page is only for some of the rows: (model, column, owner, which ones).
CHOSEN: dict[str, tuple[str, str, str, dict[str, object]]] = {
    "shop:flash promotion_id": ("promotions.Promotion", "id", "", {"kind": "flash"}),
    "promoter:income_line line_id": ("commissions.Commission", "line_id", "promoter__person_id", {}),
    "promoter:payout payout_id": ("settlement.Payout", "id", "promoter__person_id", {}),
    "promoter:take payout_id": (
        "settlement.Transfer",
        "payout_id",
        "payout__promoter__person_id",
        {"state": "waiting"},
    ),
    "promoter:take transfer_id": (
        "settlement.Transfer",
        "id",
        "payout__promoter__person_id",
        {"state": "waiting"},
    ),
    "operator:dispute dispute_id": ("disputes.Dispute", "id", "", {}),
    "operator:dispute_rule dispute_id": ("disputes.Dispute", "id", "", {"state": "open"}),
    "shop:close order_id": ("orders.Order", "id", "person_id", {"state": "placed"}),
    "shop:case_withdraw case_id": (
        "aftersales.AfterSale",
        "id",
        "person_id",
        {"state": "requested", "paused_left": None},
    ),
    "shop:case_say case_id": (
        "aftersales.AfterSale",
        "id",
        "person_id",
        {"state": "requested", "paused_left": None},
    ),
    "shop:case_send_back case_id": (
        "aftersales.AfterSale",
        "id",
        "person_id",
        {"state": "agreed", "paused_left": None},
    ),
    "shop:case_correct case_id": (
        "aftersales.AfterSale",
        "id",
        "person_id",
        {"state": "returning", "signed_at": None, "paused_left": None},
    ),
    "shop:case_confirm case_id": (
        "aftersales.AfterSale",
        "id",
        "person_id",
        {"state": "replaced", "paused_left": None},
    ),
    "shop:case_escalate case_id": (
        "aftersales.AfterSale",
        "id",
        "person_id",
        {"state": "refused", "paused_left": None},
    ),
    "shop:case_state case_id": ("aftersales.AfterSale", "id", "person_id", {"disputes__state": "open"}),
    "shop:case_drop case_id": ("aftersales.AfterSale", "id", "person_id", {"disputes__state": "open"}),
    "shop:case_concede case_id": (
        "aftersales.AfterSale",
        "id",
        "person_id",
        {"disputes__state": "open", "disputes__opened_by": "seller"},
    ),
    "shop:case_appeal case_id": ("aftersales.AfterSale", "id", "person_id", {"disputes__state": "ruled"}),
    "shop:case_accept case_id": ("aftersales.AfterSale", "id", "person_id", {"disputes__state": "ruled"}),
    "shop:review line_id": (
        "orders.OrderLine",
        "id",
        "order__person_id",
        {"order__state": "completed", "reviews": None},
    ),
}
# What no row of a merchant says: of the operators' face, of the log, of a person alone.
FIXED: dict[str, str] = {
    "reader": "metrics.days",
    "name": "wechatpay",
    "operator:reader name": "metrics.days",
    "operator:switch_set name": "sms_codes",
    "command": "info",
}
RARE = {
    "token": "a secret link",
    "rest": "what is no address",
    "merge_id": "two accounts that became one",
    "intent_id": "something that could not be delivered",
    "job_id": "a job of the queue",
}


@dataclass(frozen=True)
class Place:
    """One address with a name, such as `shop:product`."""

    name: str
    route: str

    @property
    def face(self) -> str:
        return self.name.partition(":")[0]

    @property
    def parameters(self) -> list[str]:
        return [part.split(">")[0].split(":")[-1] for part in self.route.split("<")[1:]]

    def path(self, values: dict[str, str]) -> str:
        found = self.route
        for part in self.route.split("<")[1:]:
            hole = part.split(">")[0]
            found = found.replace(f"<{hole}>", values[hole.split(":")[-1]])
        return f"/{found}"


def places() -> list[Place]:
    """All pages of all faces; what only takes a form is among them and answers 405."""
    from django.urls import get_resolver

    found = _walk(get_resolver().url_patterns)
    return [
        place
        for place in found
        if ":" in place.name and place.face not in NO_FACES and place.name not in NOT_PAGES
    ]


def _walk(patterns: Any, route: str = "", space: str = "") -> Iterator[Place]:
    from django.urls import URLPattern

    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Place(f"{space}{pattern.name}", here)
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, here, inner)


def values_for(place: Place, world: World) -> dict[str, str] | None:
    """What the address needs, out of this world; None where it has none of that."""
    found = {"slug": world.slug, "merchant_id": str(world.merchant_id)}
    for name in place.parameters:
        value = (
            found.get(name) or FIXED.get(f"{place.name} {name}", FIXED.get(name)) or _find(name, place, world)
        )
        if value is None:
            return None
        found[name] = value
    return found


def _find(name: str, place: Place, world: World) -> str | None:
    from django.apps import apps

    from tongdao.foundation.tenancy import merchant_scope

    if name not in FINDERS:
        return None
    label, column, owner, which = CHOSEN.get(f"{place.name} {name}", (*FINDERS[name], {}))
    with merchant_scope(world.merchant_id):
        rows: Any = apps.get_model(label).objects.filter(**which)
        if owner and place.face in world.viewers and place.face != "console":
            rows = rows.filter(**{owner: world.viewers[place.face]})
        value = rows.order_by("-pk").values_list(column, flat=True).first()
    return str(value) if value is not None else None
