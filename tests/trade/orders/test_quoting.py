"""Amounts of a quote, for any cart: nothing is lost between the lines, the shares and the total."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen, apply_bps
from tongdao.goods.catalog.queries import SkuFacts
from tongdao.reach.traffic.queries import Attribution, Candidate
from tongdao.terms.plans.matching import Rule
from tongdao.terms.plans.queries import Plan
from tongdao.trade.orders.models.agreed import ShareKind
from tongdao.trade.orders.quoting import Quote, Terms, quote
from tongdao.trade.orders.wishing import Asked, Wanted
from tongdao.trade.routing.queries import Source

pytestmark = pytest.mark.pure
NOW = datetime(2026, 11, 1, tzinfo=UTC)
SELLER, PROMOTER = uuid7(), uuid7()
NOBODY = Attribution((), None)
REFERRED = Attribution((Candidate(uuid7(), PROMOTER, True),), PROMOTER)
carts = st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 999)), min_size=1, max_size=20)


def facts(price: int) -> SkuFacts:
    return SkuFacts(
        uuid7(),
        uuid7(),
        "tea",
        "云雾茶",
        "",
        "",
        "",
        "CNY",
        Fen(price),
        1,
        saleable=True,
        requires_shipping=True,
    )


def priced(cart: list[tuple[int, int]], plan_bps: int, fee_bps: int, found: Attribution) -> Quote:
    skus = [facts(price) for price, _ in cart]
    terms = Terms(
        facts={sku.sku_id: sku for sku in skus},
        sources={sku.sku_id: Source(uuid7(), SELLER, 999) for sku in skus},
        attribution=found,
        plan=Plan(3, (Rule(rate_bps=plan_bps, position=1),)),
        fee_bps=fee_bps,
        seller_id=SELLER,
    )
    wanted = [Wanted(sku.sku_id, units) for sku, (_, units) in zip(skus, cart, strict=True)]
    return quote(Asked(wanted, uuid7(), None, NOW), terms)


@given(carts, st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_shares_of_each_line_sum_to_what_is_paid_for_it(
    cart: list[tuple[int, int]], plan_bps: int, fee_bps: int
) -> None:
    found = priced(cart, plan_bps, fee_bps, REFERRED)
    assert found.total_fen == sum(price * units for price, units in cart)
    for line in found.lines:
        assert sum(share.amount_fen for share in line.shares) == line.paid_fen + line.freight_fen
        assert all(share.amount_fen > 0 for share in line.shares)
    fees = sum(s.amount_fen for line in found.lines for s in line.shares if s.kind == ShareKind.CHANNEL_FEE)
    assert fees == apply_bps(found.total_fen, fee_bps)


@given(carts, st.integers(1, 10_000))
def test_only_the_promoter_of_record_earns_and_at_most_once_a_line(
    cart: list[tuple[int, int]], plan_bps: int
) -> None:
    for line in priced(cart, plan_bps, 60, REFERRED).lines:
        earners: list[UUID | None] = [s.beneficiary for s in line.shares if s.kind == ShareKind.PROMOTER]
        assert earners in ([PROMOTER], [])
    for line in priced(cart, plan_bps, 60, NOBODY).lines:
        assert not [share for share in line.shares if share.kind == ShareKind.PROMOTER]


def test_what_the_merchant_does_not_have_is_named() -> None:
    terms = priced([(100, 1)], 0, 0, NOBODY)
    stranger = uuid7()
    asked = Asked([Wanted(stranger, 1)], uuid7(), None, NOW)
    found = quote(asked, Terms({}, {}, NOBODY, None, 0, SELLER))
    assert (found.unknown, found.lines, found.total_fen) == ((stranger,), (), 0)
    assert terms.unknown == ()
