"""How a case moves: under its order's lock, with its clock set anew, and what was said with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments import Kept
from tongdao.foundation.events import Code, record
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.refusals import NotFound
from tongdao.trade.aftersales.deadlines import Whose, due_at
from tongdao.trade.aftersales.events import AfterSaleMoved
from tongdao.trade.aftersales.models import AfterSale, AfterSaleFile, AfterSaleWord, Side
from tongdao.trade.aftersales.models.asking import MOST_LETTERS
from tongdao.trade.aftersales.refusals import CaseDisputed, CaseMoved, CaseWordsTooLong
from tongdao.trade.orders.models import Order
from tongdao.trade.orders.operations.completing import hold_confirm, resume_confirm


def lock_case(case_id: UUID, *, person_id: UUID | None = None) -> AfterSale:
    """The case under its order's lock; with `person_id`, only that buyer's. Raises NotFound."""
    mine = {"person_id__same_as": person_id} if person_id else {}
    order_id = AfterSale.objects.filter(pk=case_id, **mine).values_list("order_id", flat=True).first()
    if order_id is None or not lock_rows(Rank.ORDER, Order, [order_id]):
        raise NotFound()
    return AfterSale.objects.select_related("order").get(pk=case_id)


def undisputed(case: AfterSale) -> AfterSale:
    """Raises CaseDisputed while the platform decides."""
    if case.paused_left is not None:
        raise CaseDisputed()
    return case


def clock_of(case: AfterSale, state: str, at: datetime) -> Mapping[str, Any]:
    """The columns that say by when `state` ends."""
    return {"due_at": due_at(case.kind, state, at), "warned_at": None, "paused_left": None}


def moved(case: AfterSale, claimed: list[UUID], side: Whose, *, actor: Actor, reason: str = "") -> AfterSale:
    """The case as it stands now, told in the log; what its order waited with goes on where it has ended.

    `claimed` is what `states.claim` gave. Raises CaseMoved where somebody else was quicker.
    """
    old = case.state
    if not claimed:
        raise CaseMoved(state=old)
    case.refresh_from_db()
    payload = AfterSaleMoved(case.order_id, case.person_id, Code(str(case.kind)), Code(side))
    record(payload, subject=case, actor=actor, reason=reason, old={"state": old}, new={"state": case.state})
    if case.ended_at:
        case_ended(case.order_id)
    return case


def case_opened(order_id: UUID) -> None:
    """While it is open, receipt is not confirmed by the timer. The caller holds the order's lock."""
    hold_confirm(order_id)


def case_ended(order_id: UUID) -> None:
    """The timer goes on with the last of the order's cases. The caller holds the order's lock."""
    if not AfterSale.objects.filter(order_id=order_id, ended_at__isnull=True).exists():
        resume_confirm(order_id)


def say(
    case: AfterSale, side: Side, step: str, text: str, files: Sequence[Kept] = (), *, actor: Actor
) -> AfterSaleWord | None:
    """Keep what a side says and shows with a step; nothing is kept of nothing. Raises CaseWordsTooLong."""
    said = text.strip()
    if len(said) > MOST_LETTERS:
        raise CaseWordsTooLong(most=MOST_LETTERS)
    if not said and not files:
        return None
    word = AfterSaleWord.objects.create(
        aftersale=case, side=side, author_id=actor.id, step=step, text=said, said_at=clock.now()
    )
    AfterSaleFile.objects.bulk_create(
        AfterSaleFile(word=word, **kept.columns(position)) for position, kept in enumerate(files, 1)
    )
    return word
