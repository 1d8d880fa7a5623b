"""A merchant with offers, and orders that take them: the part of placing that is this room's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.bulk import Together
from tongdao.foundation.events import Subject, timeline
from tongdao.foundation.ids import token, uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import PriceChange, Product, Sku
from tongdao.party.members.models import Member
from tongdao.terms.promotions.locking import Locked, lock_and_read, object_to, take
from tongdao.terms.promotions.models import Group, Promotion, PromotionMember, PromotionUse
from tongdao.terms.promotions.offers import Claim
from tongdao.terms.promotions.operations import (
    create_coupon,
    create_flash_sale,
    create_gift,
    create_group_buy,
)
from tongdao.terms.promotions.writing import Granted, write_claims

T = TypeVar("T")
DAY = timedelta(days=1)
STAFF = Actor("staff", uuid7())


@dataclass(frozen=True)
class Store:
    """A merchant with one SKU, at 100 yuan for the last month."""

    merchant_id: UUID
    product_id: UUID
    sku_id: UUID


def a_store(price: int = 10_000) -> Store:
    merchant = uuid7()
    with merchant_scope(merchant):
        product = Product.objects.create(handle=f"tea-{token(8)}", title="云雾茶", published=True)
        sku = Sku.objects.create(product=product, position=1, currency="CNY", price_fen=Fen(price))
        PriceChange.objects.create(sku=sku, version=1, price_fen=Fen(price), at=clock.now() - 30 * DAY)
    return Store(merchant, product.id, sku.id)


def period() -> dict[str, Any]:
    return {"title": "双十一", "starts_at": clock.now() - DAY, "ends_at": clock.now() + DAY, "actor": STAFF}


def a_coupon(store: Store, **rules: Any) -> Promotion:
    with merchant_scope(store.merchant_id):
        return create_coupon(**{**period(), "off_fen": Fen(500), **rules})


def a_flash(store: Store, **rules: Any) -> Promotion:
    with merchant_scope(store.merchant_id):
        return create_flash_sale(**{**period(), "sku_id": store.sku_id, "price_fen": Fen(7_000), **rules})


def a_gift(store: Store, **rules: Any) -> Promotion:
    with merchant_scope(store.merchant_id):
        return create_gift(**{**period(), "sku_id": store.sku_id, "gift_units": 1, **rules})


def a_group_buy(store: Store, size: int = 2, **rules: Any) -> Promotion:
    rules = {"sku_id": store.sku_id, "price_fen": Fen(6_000), "group_size": size, "group_hours": 2, **rules}
    with merchant_scope(store.merchant_id):
        return create_group_buy(**{**period(), **rules})


def a_claim(promotion: Promotion, units: int = 1, *, off: int = 500, **seat: Any) -> Claim:
    return Claim(promotion.id, promotion.version, units, Fen(off), **seat)


@dataclass
class Bought:
    """An order that holds its claims; `group` where it has a seat."""

    order_id: UUID
    member_id: UUID
    group: UUID | None = None


def buy_all(wanted: Sequence[tuple[UUID, Sequence[Claim]]]) -> list[Bought | Refusal]:
    """A batch of orders as placing does it, greedily in the order given; in the open scope."""
    return decide_and_write(wanted, lock_and_read(wanted))


def decide_and_write(
    wanted: Sequence[tuple[UUID, Sequence[Claim]]], locked: Locked
) -> list[Bought | Refusal]:
    at = clock.now()
    granted: list[Granted] = []
    answers: list[Bought | Refusal] = []
    for member, claims in wanted:
        why = object_to(claims, member, locked, at)
        if why is None:
            take(locked, claims, member)
            granted.append(Granted(uuid7(), member, claims, at, SYSTEM))
        answers.append(why or Bought(granted[-1].order_id, member))
    together = Together()
    groups = write_claims(together, granted, locked)
    together.execute()
    for answer in answers:
        if isinstance(answer, Bought):
            answer.group = groups.get(answer.order_id)
    return answers


def buy(store: Store, *claims: Claim, member: UUID | None = None) -> Bought:
    """One order, or its refusal raised."""
    with merchant_scope(store.merchant_id):
        answer = buy_all([(member or uuid7(), claims)])[0]
    if isinstance(answer, Refusal):
        raise answer
    return answer


def a_member(store: Store) -> Member:
    with merchant_scope(store.merchant_id):
        return Member.objects.create(person_id=uuid7())


@dataclass(frozen=True)
class Counts:
    """The counters of a promotion beside what its uses say."""

    used: int
    given: int
    members: dict[UUID, int]


def counts(store: Store, promotion: Promotion) -> Counts:
    """The counters, after checking them against the uses that are held."""
    with merchant_scope(store.merchant_id):
        row = Promotion.objects.get(pk=promotion.id)
        members = dict(
            PromotionMember.objects.filter(promotion_id=row.id, used__gt=0).values_list("member_id", "used")
        )
        held: dict[UUID, int] = {}
        given = 0
        for use in PromotionUse.objects.filter(promotion_id=row.id, state="held"):
            held[use.member_id] = held.get(use.member_id, 0) + use.units
            given += use.off_fen
    assert (sum(held.values()), given, held) == (row.used, row.given_fen, members)
    return Counts(row.used, row.given_fen, members)


def group_of(store: Store, group: UUID | None) -> Group:
    assert group is not None
    with merchant_scope(store.merchant_id):
        return Group.objects.get(pk=group)


def recorded(store: Store, noun: str, id: UUID) -> list[str]:
    """The names of the events about one row."""
    with merchant_scope(store.merchant_id):
        return [event.name for event in timeline(Subject(noun, id))]


def noting(sent: list[str]) -> Callable[..., Any]:
    """A wrapper of the connection that notes each statement."""

    def execute(run: Callable[..., Any], statement: str, *rest: Any) -> Any:
        sent.append(statement)
        return run(statement, *rest)

    return execute


def at_once(store: Store, works: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Each in a thread, a connection and a scope of its own; what each gave or ended with."""

    def run(work: Callable[[], T]) -> T | Exception:
        try:
            with merchant_scope(store.merchant_id):
                return work()
        except Exception as error:  # noqa: BLE001 whatever it ended with is its outcome
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
