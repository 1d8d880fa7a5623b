"""A promoter is told what is owed before the account goes: nobody could be paid afterwards."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from tongdao.foundation.hooks import register
from tongdao.foundation.money import Fen, format_yuan
from tongdao.foundation.personal import ERASE
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope, person_scope
from tongdao.party.network.models import Promoter
from tongdao.rewards.commissions.queries import income


class CommissionOwed(Refusal):
    """Commission of %(yuan)s yuan is still held for you or not paid out. Let it be settled first."""


@register(ERASE)
def still_earns(person_id: UUID) -> CommissionOwed | None:
    with person_scope(person_id):
        rows = list(Promoter.objects.values_list("merchant_id", "id"))
    ids: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for merchant_id, promoter_id in rows:
        ids[merchant_id].append(promoter_id)
    fen = sum(_owed(merchant_id, promoters) for merchant_id, promoters in ids.items())
    return CommissionOwed(yuan=format_yuan(Fen(fen)), fen=fen) if fen > 0 else None


def _owed(merchant_id: UUID, promoters: list[UUID]) -> int:
    with merchant_scope(merchant_id):
        earned = income(promoters)
    return earned.held.fen + earned.released.fen
