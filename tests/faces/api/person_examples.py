"""Good requests about a buyer's accounts, consents and notifications."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.faces.api.calling import World
from tests.faces.api.company_examples import ENDED
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.members.operations import ensure_member
from tongdao.party.people.operations import create_guest, issue_token

if TYPE_CHECKING:
    from tests.faces.api.examples import Examples

VERSION = "2026-11"


def another_account() -> dict[str, Any]:
    return {"other_token": issue_token(create_guest())}


ACCOUNTS: dict[str, Callable[[], dict[str, Any]]] = {"propose_my_merge": another_account}


def a_proposal(world: World) -> dict[str, str]:
    made: dict[str, Any] = world.buyer.post("/me/merges", another_account(), 201)
    return {"merge_id": made["merge_id"]}


def a_merge(world: World) -> dict[str, str]:
    made = a_proposal(world)
    world.buyer.post(f"/me/merges/{made['merge_id']}/confirmation", None)
    return made


ENDED["confirm_my_merge"] = a_proposal
ENDED["undo_my_merge"] = a_merge


def one_person(examples: Examples) -> None:
    """Two members who may be one, and answers to what is asked."""
    with merchant_scope(examples.world.shop.merchant_id):
        one, two = (str(ensure_member(create_guest().id).id) for _ in range(2))
    examples.ids.setdefault("member_id", one)
    examples.special |= {
        "answer_consent": {"purpose": "personal"},
        "choose_notification": {"purpose": "review", "channel": "sms"},
    }
    examples.bodies |= {
        "propose_member_merge": {"member_id": one, "other_member_id": two},
        "answer_consent": {"given": True, "version": VERSION},
        "choose_notification": {"wanted": True},
    }
