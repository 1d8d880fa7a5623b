"""A buying group as people see it: seats without names, because who else buys is nobody's business."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from tongdao.faces.kit.shapes import Tone
from tongdao.faces.shop.media import picture_url
from tongdao.faces.shop.store import Store
from tongdao.foundation import clock
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.queries import SkuFacts, sku_facts
from tongdao.terms.promotions.models import PromotionUse
from tongdao.terms.promotions.queries import GroupView, group_view
from tongdao.trade.orders.models import Order


@dataclass(frozen=True, slots=True)
class Seat:
    label: str
    state: str
    tone: Tone = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class GroupLook:
    """`own_url` is the visitor's own order in it, or empty. `alone_fen`: the price without a group."""

    group: GroupView
    product: str
    option_text: str
    picture: str
    product_url: str
    alone_fen: Fen
    saleable: bool
    seats: tuple[Seat, ...]
    own_url: str

    @property
    def over(self) -> bool:
        """Its time has passed and it is still open: its last seats are being paid, or it is about to end."""
        return self.group.state == "open" and clock.now() >= self.group.deadline


def read_group_look(store: Store, group_id: UUID, buyer: UUID | None) -> GroupLook:
    """As of now. Raises NotFound."""
    with merchant_scope(store.merchant_id):
        view = group_view(group_id, clock.now())
        facts = sku_facts([view.sku_id])[view.sku_id]
        uses = list(
            PromotionUse.objects.filter(group_id=group_id, state="held")
            .order_by("id")
            .values_list("order_id", "paid_at")
        )
        orders = [order_id for order_id, _paid in uses]
        own = Order.objects.filter(pk__in=orders, person_id__same_as=buyer).first() if buyer else None
    seats = [_seat(place, order_id == (own.id if own else None), paid_at is not None)
             for place, (order_id, paid_at) in enumerate(uses, 1)]  # fmt: skip
    free = view.left if view.state == "open" else 0
    seats += [Seat(_("Free seat"), "") for _place in range(free)]
    return _look(store, view, facts, tuple(seats), store.url("order", order_id=own.id) if own else "")


def _look(store: Store, view: GroupView, facts: SkuFacts, seats: tuple[Seat, ...], own_url: str) -> GroupLook:
    return GroupLook(
        group=view,
        product=facts.title,
        option_text=facts.option_text,
        picture=picture_url(facts.picture),
        product_url=store.url("product", handle=facts.handle),
        alone_fen=facts.price_fen,
        saleable=facts.saleable,
        seats=seats,
        own_url=own_url,
    )


def _seat(place: int, mine: bool, paid: bool) -> Seat:
    label = _("You") if mine else _("Buyer %(number)d") % {"number": place}
    if paid:
        return Seat(label, _("Paid"), "success", mine)
    return Seat(label, _("Not paid yet"), "waiting", mine)
