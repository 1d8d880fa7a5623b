"""Drawn goods, offers and choices for the pure part: few ids, so that they meet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tongdao.foundation.money import Fen
from tongdao.terms.promotions.models import Kind
from tongdao.terms.promotions.pricing import Choice, Item, Offer

AT = datetime(2026, 11, 11, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SKUS = [UUID(int=number) for number in range(1, 5)]
PRODUCTS = [UUID(int=number) for number in range(11, 14)]
MADE = iter(range(100, 10**9))


def an_item(sku: int = 0, *, quantity: int = 1, price: int = 10_000, product: int = 0) -> Item:
    return Item(SKUS[sku], PRODUCTS[product], quantity, Fen(price))


def an_offer(kind: Kind, **rules: Any) -> Offer:
    rules = {"id": UUID(int=next(MADE)), "starts_at": AT - HOUR, "ends_at": AT + HOUR, **rules}
    return Offer(version=1, kind=kind, title="x", code=rules.pop("code", ""), **rules)


def a_coupon(off: int | None = None, **rules: Any) -> Offer:
    return an_offer(Kind.COUPON, off_fen=off, **rules)


def a_flash(price: int, sku: int = 0, **rules: Any) -> Offer:
    return an_offer(Kind.FLASH, price_fen=Fen(price), sku_id=SKUS[sku], **rules)


def a_group_buy(price: int, sku: int = 0, **rules: Any) -> Offer:
    return an_offer(Kind.GROUP_BUY, price_fen=Fen(price), sku_id=SKUS[sku], **rules)


def a_gift(units: int = 1, sku: int = 3, **rules: Any) -> Offer:
    return an_offer(Kind.GIFT, gift_units=units, sku_id=SKUS[sku], **rules)


_left = st.none() | st.integers(0, 5)
_amount = st.integers(1, 30_000)
_limits = {"left": _left, "member_left": _left}
_scope = st.sets(st.sampled_from(PRODUCTS), max_size=2).map(frozenset)
_threshold = st.integers(0, 20_000).map(Fen)
_period = {
    "starts_at": st.sampled_from([AT - HOUR, AT, AT + HOUR]),
    "ends_at": st.sampled_from([AT + 2 * HOUR, AT + 3 * HOUR]),
}
_coupon = {
    "product_ids": _scope,
    "threshold_fen": _threshold,
    "stacks": st.booleans(),
    "on_reduced": st.booleans(),
}
coupons = st.one_of(
    st.builds(a_coupon, _amount, code=st.sampled_from(["", "", "TEA"]), **_coupon, **_limits, **_period),
    st.builds(
        a_coupon,
        off_bps=st.integers(1, 10_000),
        most_off_fen=st.none() | _amount,
        **_coupon,
        **_limits,
        **_period,
    ),
)
offers = st.one_of(
    coupons,
    st.builds(a_flash, _amount, st.integers(0, 3), base_fen=st.none() | _amount, **_limits, **_period),
    st.builds(a_group_buy, _amount, st.integers(0, 3), **_limits, **_period),
    st.builds(a_gift, st.integers(1, 3), product_ids=_scope, threshold_fen=_threshold, **_limits, **_period),
)
goods = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 6), st.integers(0, 30_000), st.integers(0, 2)),
    max_size=4,
    unique_by=lambda drawn: drawn[0],
).map(lambda rows: [an_item(s, quantity=q, price=p, product=m) for s, q, p, m in rows])


@st.composite
def carts(draw: st.DrawFn) -> tuple[list[Item], list[Offer], Choice]:
    known = draw(st.lists(offers, max_size=6))
    ids = [offer.id for offer in known] or [UUID(int=99)]
    choice = draw(
        st.builds(
            Choice,
            coupons=st.none() | st.lists(st.sampled_from(ids), max_size=3, unique=True).map(tuple),
            codes=st.sampled_from([(), ("tea",), ("NOPE",)]),
            group=st.none() | st.just(UUID(int=77)),
            open_group=st.booleans(),
        )
    )
    return draw(goods), known, choice
