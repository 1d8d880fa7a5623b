"""Name and card go with the promoter, but for the name on what was paid: the papers that tax and books need
say to whom, and are kept as long as the law says (rulebook.retention). Then the name goes by itself.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.hooks import register
from tongdao.foundation.personal import BLANK, ERASE, holds, impersonal
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope, person_scope
from tongdao.party.network.models import Promoter
from tongdao.rewards.settlement.models import Payee, Payout, PayoutBatch, Transfer

BOOKS = ("retention.accounting", "retention.tax_papers")


class PayoutsUnderWay(Refusal):
    """There are %(count)d payouts still on their way to you. Wait until the money has arrived."""


@register(ERASE)
def waits_for_a_payout(person_id: UUID) -> PayoutsUnderWay | None:
    """Money on its way needs somebody to come to."""
    with person_scope(person_id):
        rows = list(Promoter.objects.values_list("merchant_id", "id"))
    count = sum(_open(merchant_id, promoter_id) for merchant_id, promoter_id in rows)
    return PayoutsUnderWay(count=count) if count else None


def _open(merchant_id: UUID, promoter_id: UUID) -> int:
    with merchant_scope(merchant_id):
        return Payout.objects.filter(promoter_id=promoter_id, state__in=["claimed", "approved"]).count()


def _forget_unpaid(person_id: UUID) -> int:
    """Of what came to nothing no paper needs a name."""
    rows = Payout.objects.filter(promoter__person_id=person_id, state="returned", erased_at__isnull=True)
    return rows.update(real_name=BLANK, erased_at=clock.now())


def forget_payees(before: datetime, at_once: int) -> int:
    """Write over who was paid by payouts that ended before; returns how many. In a merchant's scope."""
    old = Payout.objects.filter(ended_at__lt=before, erased_at__isnull=True).order_by("id")
    ids = list(old.values_list("id", flat=True)[:at_once])
    rows = Payout.objects.filter(pk__in=ids)
    return rows.update(real_name=BLANK, card=None, erased_at=clock.now()) if ids else 0


holds(
    Payee,
    "erased",
    person="promoter__person_id",
    shows=("way", "real_name", "bank", "card", "said_at", "checked_at"),
)
holds(
    Payout,
    "blanked",
    person="promoter__person_id",
    shows=("way", "amount_fen", "real_name", "card", "state", "claimed_at", "ended_at", "proof"),
    laws=BOOKS,
    since="ended_at",
    erase=_forget_unpaid,
    blank={"card": None},
)
holds(
    Transfer,
    "kept",
    person="payout__promoter__person_id",
    shows=("part", "amount_fen", "bill_no", "payee", "state", "created_at", "ended_at"),
    laws=BOOKS,
    since="ended_at",
)
impersonal(PayoutBatch, "who proposed and who decided: ids of staff; the books are kept as the law says")
