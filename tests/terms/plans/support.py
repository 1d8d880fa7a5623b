"""Plans for tests, and buyers who came through a promoter's link."""

from __future__ import annotations

from uuid import UUID

from tests.support.builders import Shop
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.network.operations import join_promoter
from tongdao.party.people.operations import create_guest
from tongdao.reach.traffic.operations import create_link, follow_link
from tongdao.terms.plans.checking import Grade
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.models import CommissionBudget, CommissionPlan, CommissionUse
from tongdao.terms.plans.operations import publish_plan
from tongdao.trade.orders.models import WaterfallShare


def a_plan(shop: Shop, *rules: Rule, grades: tuple[Grade, ...] = ()) -> CommissionPlan:
    """In force from now on."""
    with merchant_scope(shop.merchant_id):
        return publish_plan(rules, grades, actor=shop.owner)


def an_earner(shop: Shop, person_id: UUID | None = None) -> UUID:
    with merchant_scope(shop.merchant_id):
        return join_promoter(person_id or create_guest().id, shown_name="小禾", actor=shop.owner).id


def brought(shop: Shop, promoter_id: UUID, channel: str = "moments") -> UUID:
    """A visitor who came by a link of the promoter."""
    with merchant_scope(shop.merchant_id):
        link = create_link(channel=channel, promoter_id=promoter_id, actor=shop.owner)
    visitor = uuid7()
    follow_link(link.token, visitor=visitor)
    return visitor


def earned_by(shop: Shop, order_id: UUID) -> list[tuple[int, str]]:
    """What the promoter of record earns on each line, and the rule."""
    with merchant_scope(shop.merchant_id):
        rows = WaterfallShare.objects.filter(kind="promoter", line__order_id=order_id)
        return list(rows.order_by("line__position").values_list("amount_fen", "rule_version"))


def spent(shop: Shop) -> Fen:
    """Of the one budget there is, after comparing it with what orders hold."""
    with merchant_scope(shop.merchant_id):
        budget = CommissionBudget.objects.get()
        held = sum(use.taken_fen - use.back_fen for use in CommissionUse.objects.all())
        assert budget.spent_fen == held
        return budget.spent_fen
