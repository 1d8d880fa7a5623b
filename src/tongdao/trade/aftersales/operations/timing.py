"""Cases whose time is over move by themselves, and whose time is nearly over are told of."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events import Code, record
from tongdao.foundation.states import claim
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rulebook import aftersales as rules
from tongdao.rulebook.returns import TRACK_SILENT
from tongdao.trade.aftersales.deadlines import GOODS_BACK, Whose, wait_of
from tongdao.trade.aftersales.events import AfterSaleDueSoon
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.operations.answering import agree, grant, received
from tongdao.trade.aftersales.operations.moving import lock_case, moved
from tongdao.trade.aftersales.operations.sending_back import tell_silent
from tongdao.trade.aftersales.states import AFTER_SALE

DUE = """
select merchant_id, id from after_sale where due_at <= %s
order by row_number() over (partition by merchant_id order by due_at), due_at limit %s
"""
DUE_SOON = """
select merchant_id, id from after_sale where due_at <= %s and warned_at is null order by due_at limit %s
"""

SILENT = """
select merchant_id, id from after_sale
where state = 'returning' and signed_at is null and silent_told_at is null and sent_at <= %s
order by row_number() over (partition by merchant_id order by sent_at), sent_at limit %s
"""


def sweep_cases(now: datetime, limit: int = 200) -> int:
    """What nobody did in time happens by itself; how many cases. One short transaction a case."""

    def pass_time(merchant_id: UUID, case_id: UUID) -> None:
        with merchant_scope(merchant_id):
            let_pass(case_id, now)

    return work_off(due_rows(DUE, now, limit), pass_time, "moving an after-sale case whose time is over")


def let_pass(case_id: UUID, now: datetime) -> None:
    """The step that the case takes by itself, if its time is over. In the open scope."""
    case = lock_case(case_id)
    wait = wait_of(case.kind, case.state)
    if case.due_at is None or case.due_at > now or wait is None:
        return
    if case.state == "requested" and case.kind in GOODS_BACK:
        agree(case, wait.whose, actor=SYSTEM)
    elif wait.then == "granted":
        grant(case, wait.whose, actor=SYSTEM)
    elif wait.then == "received":
        received(case, wait.whose, actor=SYSTEM)
    else:
        _end(case, wait.whose)


def _end(case: AfterSale, whose: Whose) -> None:
    """Nothing follows."""
    ended = {"ended_at": clock.now(), "due_at": None}
    claimed = (
        claim(AFTER_SALE, "agreed", "lapsed", AfterSale, [case.id], **ended)
        or claim(AFTER_SALE, "replaced", "settled", AfterSale, [case.id], **ended)
        or claim(AFTER_SALE, "refused", "closed", AfterSale, [case.id], **ended)
    )
    moved(case, claimed, whose, actor=SYSTEM, reason="time_over")


def sweep_case_warnings(now: datetime, limit: int = 500) -> int:
    """Tell whoever has to move that the time is nearly over, once for each wait; how many."""
    soon = now + rules.WARN_BEFORE.on(now)

    def warn(merchant_id: UUID, case_id: UUID) -> None:
        with merchant_scope(merchant_id):
            _warn(case_id, soon)

    return work_off(due_rows(DUE_SOON, soon, limit), warn, "warning of an after-sale case")


def _warn(case_id: UUID, soon: datetime) -> None:
    case = lock_case(case_id)
    wait = wait_of(case.kind, case.state)
    if wait is None or case.due_at is None or case.due_at > soon or case.warned_at:
        return
    AfterSale.objects.filter(pk=case.id).update(warned_at=clock.now())
    payload = AfterSaleDueSoon(case.order_id, case.person_id, Code(wait.whose))
    record(payload, subject=case, actor=SYSTEM)


def sweep_silent_returns(now: datetime, limit: int = 500) -> int:
    """Tell buyers whose parcels no carrier has scanned, once for each number; how many were looked at."""
    before = now - TRACK_SILENT.on(now)

    def tell(merchant_id: UUID, case_id: UUID) -> None:
        with merchant_scope(merchant_id):
            tell_silent(case_id, before)

    return work_off(due_rows(SILENT, before, limit), tell, "telling of a return that never moves")


SWEEPS = (sweep_cases, sweep_case_warnings, sweep_silent_returns)
