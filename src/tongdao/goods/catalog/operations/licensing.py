"""Goods that need a permit: which they are, and what happens to them when it begins or ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db.models import F

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.clock import beijing_day
from tongdao.foundation.events import Code, as_row, record, record_many
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.sweeping import due_rows, work_off
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.events import ProductClassified, SkuHeld, SkuResumed
from tongdao.goods.catalog.models import Product, Sku
from tongdao.goods.catalog.refusals import CategoryInvalid, LicenceMissing, NumberMissing
from tongdao.party.merchants.operations import licence_settled
from tongdao.party.merchants.queries import has_licence
from tongdao.rulebook.licences import CATEGORIES, Needs

CHUNK = 100  # products that one transaction of the sweep looks at
DUE = """
select merchant_id, id, kind from licence where due_on <= %s
order by due_on, id limit %s
"""

Held = Literal["no_licence", "no_number"]


def classify_product(product_id: UUID, *, category: str, registration_no: str, actor: Actor) -> Product:
    """Say what kind of goods it is, and its own registration or filing number.

    What may not be sold so is held back at once, and what was held back and now may be goes on sale again.
    Raises NotFound or CategoryInvalid.
    """
    needs, number = _needs(category), "".join(registration_no.split())
    if len(number) > 64:
        raise CategoryInvalid()
    product = Product.objects.select_for_update(no_key=True).filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    if (product.category, product.registration_no) == (category, number):
        return product
    old, product.category, product.registration_no = product.category, category, number
    product.licence_kind, product.number_needed = needs.licence, needs.number
    product.version += 1
    product.save()
    record(
        ProductClassified(numbered=bool(number)),
        subject=product,
        actor=actor,
        old={"category": Code(old or "none")},
        new={"category": Code(category or "none")},
    )
    settle_products([product.id], beijing_day(clock.now()), actor=actor)
    return product


def check_may_sell(product: Product) -> None:
    """Raises NumberMissing or LicenceMissing where the product may not be sold today."""
    held = held_for(product, beijing_day(clock.now()))
    if held == "no_number":
        raise NumberMissing()
    if held == "no_licence":
        raise LicenceMissing(kind=product.licence_kind)


def held_for(product: Product, day: date) -> Held | None:
    """Why it may not be sold on this day, or None."""
    if product.number_needed and not product.registration_no:
        return "no_number"
    if product.licence_kind and not has_licence(product.licence_kind, day):
        return "no_licence"
    return None


def settle_products(product_ids: Iterable[UUID], day: date, *, actor: Actor) -> int:
    """Hold back what may not be sold on this day, let go what may again; returns how many SKUs changed."""
    changed = 0
    for product in Product.objects.filter(pk__in=list(product_ids)).order_by("id"):
        held = held_for(product, day)
        changed += _hold(product, held, actor) if held else _resume(product, actor)
    return changed


def _hold(product: Product, held: Held, actor: Actor) -> int:
    rows = Sku.objects.select_for_update(no_key=True).filter(product=product, saleable=True).order_by("id")
    ids = list(rows.values_list("id", flat=True))
    Sku.objects.filter(product=product).exclude(held_for="").update(held_for=held)
    Sku.objects.filter(pk__in=ids).update(saleable=False, held_for=held)
    return _told(product, ids, SkuHeld(product_id=product.id, held_for=Code(held)), actor)


def _resume(product: Product, actor: Actor) -> int:
    rows = Sku.objects.select_for_update(no_key=True).filter(product=product).exclude(held_for="")
    ids = list(rows.order_by("id").values_list("id", flat=True))
    Sku.objects.filter(pk__in=ids).update(saleable=True, held_for="")  # the trigger may hold them again
    freed = list(Sku.objects.filter(pk__in=ids, saleable=True).order_by("id").values_list("id", flat=True))
    return _told(product, freed, SkuResumed(product_id=product.id), actor)


def _told(product: Product, ids: list[UUID], event: SkuHeld | SkuResumed, actor: Actor) -> int:
    if ids:
        Product.objects.filter(pk=product.id).update(version=F("version") + 1)
        record_many([as_row(event, subject=Sku(id=id), actor=actor) for id in ids])
    return len(ids)


def sweep_licences(now: datetime, limit: int = 100) -> int:
    """Settle the goods of every licence that begins, ends or was taken back; returns how many licences."""
    due = due_rows(DUE, beijing_day(now), limit)
    return work_off(due, lambda merchant, id, kind: settle_licence(merchant, id, kind, now), "settle_licence")


def settle_licence(merchant_id: UUID, licence_id: UUID, kind: str, now: datetime) -> None:
    """All goods that need this kind, chunk by chunk, and then the licence itself. Opens its own scopes."""
    day = beijing_day(now)
    after: UUID | None = UUID(int=0)
    while after is not None:
        with merchant_scope(merchant_id):
            after = _settle_chunk(kind, day, after)
    with merchant_scope(merchant_id):
        licence_settled(licence_id, day)


def _settle_chunk(kind: str, day: date, after: UUID) -> UUID | None:
    """The next products of the kind; the last one's id, or None when there are no more."""
    found = Product.objects.filter(licence_kind=kind, id__gt=after).order_by("id")
    ids = list(found.values_list("id", flat=True)[:CHUNK])
    settle_products(ids, day, actor=SYSTEM)
    return ids[-1] if len(ids) == CHUNK else None


def _needs(category: str) -> Needs:
    known = CATEGORIES.on(beijing_day(clock.now()))
    if category and category not in known:
        raise CategoryInvalid()
    return known.get(category, Needs())
