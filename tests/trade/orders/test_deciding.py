"""`decide` against its contract, for any batch: greedy, in order, never more than there is, one a key."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import an_address
from tongdao.foundation.idempotency import DuplicateRequest
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.goods.catalog.queries import SkuFacts
from tongdao.reach.traffic.queries import Attribution
from tongdao.terms.agreements.freight import FreightQuote
from tongdao.terms.promotions.pricing import Reduction
from tongdao.trade.orders.deciding import Answered, Locked, PlaceRequest, decide
from tongdao.trade.orders.quoting import Quote, QuotedLine
from tongdao.trade.orders.refusals import NotSaleable, OutOfStock, PriceChanged
from tongdao.trade.orders.wishing import Asked, Wish
from tongdao.trade.routing.queries import Source

pytestmark = pytest.mark.pure
NOW = datetime(2026, 11, 1, tzinfo=UTC)
BUYER, NODE = uuid7(), uuid7()
SKUS = [uuid7() for _ in range(3)]
STOCKS = {sku: Source(uuid7(), NODE, 0) for sku in SKUS}
baskets = st.dictionaries(st.sampled_from(range(3)), st.integers(1, 5), min_size=1)
batches = st.lists(st.tuples(baskets, st.integers(0, 6)), max_size=12)


def line(sku: UUID, units: int, *, version: int = 1, seen: int | None = None) -> QuotedLine:
    facts = SkuFacts(
        sku, uuid7(), "", "", "", "", "", "CNY", Fen(100), version, saleable=True, requires_shipping=True
    )
    paid = Fen(100 * units)
    return QuotedLine(facts, units, seen, STOCKS[sku], Fen(0), paid, Fen(0), None, ())


def request(lines: list[QuotedLine], key: str, digest: bytes = b"d") -> PlaceRequest:
    total = Fen(sum(each.paid_fen for each in lines))
    none = FreightQuote(Fen(0), (), (), "", {})
    priced = Quote(
        tuple(lines), (), total, none, "CNY", NODE, Attribution((), None), Reduction(((),) * len(lines)), "v"
    )
    wish = Wish(key, digest, Asked([], BUYER, None, NOW), uuid7(), an_address(), NOW)
    return PlaceRequest(wish, uuid7(), priced)


def locked(available: list[int], **answers: Answered) -> Locked:
    return Locked(
        available={STOCKS[sku].stock_id: units for sku, units in zip(SKUS, available, strict=True)},
        skus=dict.fromkeys(SKUS, (1, True)),
        answers={request([], key).wish.key_id: answer for key, answer in answers.items()},
    )


@given(batches, st.lists(st.integers(0, 8), min_size=3, max_size=3))
def test_accepted_requests_fit_and_refused_ones_would_not_have(
    batch: list[tuple[dict[int, int], int]], available: list[int]
) -> None:
    wishes = [request([line(SKUS[i], n) for i, n in basket.items()], f"key-{key}") for basket, key in batch]
    decision = decide(wishes, locked(available))
    left = dict(zip(SKUS, available, strict=True))
    seen: set[UUID] = set()
    for position, wish in enumerate(wishes):
        fits = all(left[each.facts.sku_id] >= each.quantity for each in wish.quote.lines)
        if wish.wish.key_id in seen:
            assert position in decision.same_as
        elif position in decision.accepted:
            assert fits
            seen.add(wish.wish.key_id)
            for each in wish.quote.lines:
                left[each.facts.sku_id] -= each.quantity
        else:
            assert isinstance(decision.refused[position], OutOfStock) and not fits
    assert min(left.values()) >= 0


def test_a_refusal_names_every_short_line_with_what_is_left() -> None:
    wish = request([line(SKUS[0], 3), line(SKUS[1], 1), line(SKUS[2], 2)], "key-1")
    refused = decide([wish], locked([2, 1, 0])).refused[0]
    assert refused.details["skus"] == [
        {"sku": str(SKUS[0]), "available": 2},
        {"sku": str(SKUS[2]), "available": 0},
    ]


def test_an_answered_key_repeats_or_is_refused() -> None:
    told = {"purchase_id": "x"}
    found = locked([9, 9, 9], first=Answered(b"d", told))
    same, other = request([line(SKUS[0], 1)], "first"), request([line(SKUS[0], 1)], "first", b"other")
    decision = decide([same, other], found)
    assert decision.repeated == {0: told}
    assert isinstance(decision.refused[1], DuplicateRequest)


def test_two_inputs_under_one_key_in_one_batch() -> None:
    one, two = request([line(SKUS[0], 1)], "one"), request([line(SKUS[0], 1)], "one", b"other")
    decision = decide([one, two], locked([9, 9, 9]))
    assert decision.accepted == [0]
    assert isinstance(decision.refused[1], DuplicateRequest)


@pytest.mark.parametrize(("version", "seen"), [(1, 2), (2, None), (2, 2)])
def test_a_price_that_moved_refuses(version: int, seen: int | None) -> None:
    wish = request([line(SKUS[0], 1, version=version, seen=seen)], "key-1")
    assert isinstance(decide([wish], locked([9, 9, 9])).refused[0], PriceChanged)


def test_what_is_not_for_sale_refuses() -> None:
    found = locked([9, 9, 9])
    gone = Locked(found.available, {SKUS[0]: (1, False)}, {})
    assert isinstance(decide([request([line(SKUS[0], 1)], "key-1")], gone).refused[0], NotSaleable)
