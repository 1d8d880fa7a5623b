"""Who may stand in a conversation, and until when. All of it in a merchant_scope."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import NotAllowed, NotFound
from tongdao.party.network.models import Promoter
from tongdao.rulebook import trade
from tongdao.trade.orders.models import Order, WaterfallShare
from tongdao.trade.orders.models.agreed import ShareKind

ENDS = ("completed_at", "closed_at")


def order_of_buyer(order_id: UUID, actor: Actor) -> Order:
    """Raises NotFound for an order of somebody else."""
    if actor.kind != "person" or actor.id is None:
        raise NotFound()
    return _found(Order.objects.filter(pk=order_id, person_id__same_as=actor.id).first())


def order_of_staff(order_id: UUID, actor: Actor) -> Order:
    """Which permission it takes is the door's to ask. Raises NotAllowed for who is no staff, NotFound."""
    if actor.kind != "staff" or actor.id is None:
        raise NotAllowed()
    return _found(Order.objects.filter(pk=order_id).first())


def order_of_promoter(order_id: UUID, actor: Actor) -> tuple[Order, UUID]:
    """The order and the actor's promoter id that earns on it; raises NotFound where none does."""
    if actor.kind != "person" or actor.id is None:
        raise NotFound()
    rows = Promoter.objects.filter(person_id__same_as=actor.id, pk__in=promoters_of(order_id))
    promoter_id = rows.order_by("id").values_list("id", flat=True).first()
    if promoter_id is None:
        raise NotFound()
    # Not whose it is: a promoter's request reads nothing of the buyer but what is to be hidden (queries).
    lean = Order.objects.filter(pk=order_id).only("id", "merchant_id", "purchase_id", *ENDS)
    return _found(lean.first()), promoter_id


def promoters_of(order_id: UUID) -> list[UUID]:
    """The promoters of record that earn on a line of the order: they have a page of it."""
    shares = WaterfallShare.objects.filter(line__order_id=order_id, kind=ShareKind.PROMOTER)
    found = shares.order_by("beneficiary").values_list("beneficiary", flat=True).distinct()
    return [promoter_id for promoter_id in found if promoter_id is not None]


def check_promoter(order_id: UUID, promoter_id: UUID | None) -> None:
    """None is the thread with the shop. Raises NotFound for a promoter of another order."""
    if promoter_id is not None and promoter_id not in promoters_of(order_id):
        raise NotFound()


def closes_at(order: Order) -> datetime | None:
    """From then on nobody writes any more; None while the order goes on."""
    ended = order.completed_at or order.closed_at
    return ended + trade.TALK_AFTER_END.on(ended) if ended else None


def _found(order: Order | None) -> Order:
    if order is None:
        raise NotFound()
    return order
