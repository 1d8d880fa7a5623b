"""Taking a case along: whoever of the shop does is on record."""

from __future__ import annotations

from uuid import UUID

from tongdao.compliance.evidence.gathering import Evidence, gather
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.trade.aftersales.events import AfterSaleExported
from tongdao.trade.aftersales.operations.moving import lock_case


def take_evidence(case_id: UUID, *, with_postings: bool, actor: Actor) -> Evidence:
    """All that the shop may see of its case; postings only for who may read the books. Raises NotFound.

    In the merchant's scope, which ends before the bundle is made of it.
    """
    case = lock_case(case_id)
    found = gather(case_id, with_postings=with_postings)
    record(AfterSaleExported(case.order_id, case.person_id), subject=case, actor=actor)
    return found
