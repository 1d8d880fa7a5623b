"""What a side has read, and what needs no answer."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.trade.orders.models import Order
from tongdao.trade.talk.access import order_of_staff
from tongdao.trade.talk.events import TalkSettled
from tongdao.trade.talk.models import Message, Side, Talk


def mark_seen(talk_id: UUID, side: Side, upto: int) -> None:
    """The side has read up to the message numbered `upto`, the last one that it was shown. Never goes back.

    It is the number that was shown which counts, not the moment: a message that comes meanwhile stays unread.
    Whoever calls has found out that the reader stands on that side. Again is no error, nor is what is gone.
    """
    seen, unread = f"{side}_seen", f"{side}_unread"
    found = Talk.objects.filter(pk=talk_id).values_list("order_id", seen, "last_seq").first()
    if found is None or min(upto, found[2]) <= found[1]:
        return
    lock_rows(Rank.ORDER, Order, [found[0]])
    # Read under the lock, in statements of their own: what came meanwhile is counted.
    talk = Talk.objects.get(pk=talk_id)
    now_seen = max(getattr(talk, seen), min(upto, talk.last_seq))
    left = Message.objects.filter(talk=talk, seq__gt=now_seen).exclude(side=side).count()
    Talk.objects.filter(pk=talk_id).update(**{seen: now_seen, unread: left})


def settle_talk(order_id: UUID, upto: int, *, actor: Actor) -> bool:
    """The buyer's words up to number `upto` need no answer: nobody waits any more. False where nobody did.

    A message of the buyer that came after them goes on waiting. Raises NotFound or NotAllowed.
    """
    order = order_of_staff(order_id, actor)
    lock_rows(Rank.ORDER, Order, [order.id])
    talk = Talk.objects.filter(order=order, promoter_id=None).first()
    if talk is None or talk.buyer_waits_since is None:
        return False
    waited = talk.buyer_waits_since
    later = Message.objects.filter(talk=talk, side=Side.BUYER, seq__gt=upto).order_by("seq").first()
    talk.buyer_waits_since = later.at if later else None
    talk.save(update_fields=["buyer_waits_since"])
    record(TalkSettled(order_id, waited, talk.buyer_waits_since), subject=talk, actor=actor)
    return True
