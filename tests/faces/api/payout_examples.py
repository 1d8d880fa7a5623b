"""Good requests to what a merchant pays to its promoters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.faces.api.calling import World
from tests.faces.console.payout_examples import earned, proposed
from tests.support.builders import with_new_goods
from tongdao.foundation import clock
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.settlement.models import Payee, Way

Ids = dict[str, str]
Made = tuple[Ids, dict[str, Ids], dict[str, Any]]


def _batch(world: World) -> Ids:
    return {"payout_batch_id": str(proposed(with_new_goods(world.shop)).batch_id)}


def _payout(world: World, way: Way = Way.BANK) -> Ids:
    return {"payout_id": str(proposed(with_new_goods(world.shop), way=way, approved=True).payout_id)}


ENDED: dict[str, Callable[[World], Ids]] = {
    "approve_payout_batch": _batch,
    "reject_payout_batch": _batch,
    "note_payout_paid": _payout,
    "give_payout_up": _payout,
}


def payout_examples(world: World) -> Made:
    """A batch that is on its way, somebody to be checked, and somebody who is due: ids, special, bodies."""
    done = proposed(world.shop, approved=True)
    payee = {"promoter_id": str(done.promoter_id)}
    with merchant_scope(world.shop.merchant_id):
        said_at = Payee.objects.get(promoter_id=done.promoter_id).said_at
    special = {
        "read_payee": payee,
        "unmask_payee_name": payee,
        "check_payee_papers": payee,
        "send_payout_again": _payout(world, Way.WECHAT),
    }
    bodies = {
        "propose_payout_batch": {},
        "change_payout_minimum": {"least_fen": 200},
        "reject_payout_batch": {"reason": "amounts"},
        "note_payout_paid": {"number": "B-4711", "paid_on": clock.today().isoformat()},
        "check_payee_papers": {"seen": said_at.isoformat()},
    }
    earned(world.shop, 4, name="阿四")
    ids = {"payout_batch_id": str(done.batch_id), "payout_id": str(done.payout_id)}
    return ids, special, bodies
