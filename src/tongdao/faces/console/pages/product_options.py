"""The options of a product: names and values, with what appears and what is laid aside before it is done."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.products import values_in
from tongdao.faces.console.reading.product_record import ProductRecord, product_record
from tongdao.faces.console.typed import text
from tongdao.faces.kit.money_text import yuan
from tongdao.foundation.money import BadMoney, Fen, parse_yuan
from tongdao.goods.catalog.refusals import PriceInvalid
from tongdao.goods.editing.operations.options import change_options, read_plan
from tongdao.goods.editing.options import (
    OPTIONS_MAX,
    VALUES_MAX,
    Combination,
    OptionsPlan,
    OptionWish,
    ValueWish,
    wishes_of,
)

SLOTS = range(OPTIONS_MAX)


@dataclass(frozen=True, slots=True)
class Slot:
    """One option on the form; `more` are the names of values to come, as they were typed."""

    number: int
    wish: OptionWish
    more: str = ""

    @property
    def rows(self) -> list[tuple[int, ValueWish]]:
        return [(place, value) for place, value in enumerate(self.wish.values) if value.was]


def show(desk: Desk, product_id: UUID) -> HttpResponse:
    record = product_record(product_id)
    posted = desk.request.POST
    if desk.request.method == "POST":  # refused: what was typed stays
        return _page(desk, record, _typed(posted), None, posted)
    options = wishes_of(record.product.option_names, [line.sku for line in record.lines])
    slots = [Slot(number, option) for number, option in enumerate(options)]
    return _page(desk, record, slots, None, posted)


def act(desk: Desk, product_id: UUID) -> HttpResponse:
    posted = desk.request.POST
    slots = _typed(posted)
    options = [_whole(slot) for slot in slots if slot.wish.name or slot.wish.values or slot.more]
    plan = read_plan(product_id, options)
    if text(posted, "step", 8) != "save" or text(posted, "seen", 64) != _mark(plan):
        return _page(desk, product_record(product_id), slots, plan, posted)
    version = text(posted, "version", 9)
    done = change_options(
        product_id,
        options,
        version=int(version) if version.isdigit() else 0,
        wanted=_wanted(posted, plan),
        price=_price(posted),
        actor=desk.actor,
    )
    said = _("New: %(made)d, brought back: %(revived)d, laid aside: %(archived)d.") % {
        "made": done.made,
        "revived": done.revived,
        "archived": done.archived,
    }
    return desk.done(said, "product_grid", product_id=product_id)


def _typed(posted: QueryDict) -> list[Slot]:
    found = []
    for number in SLOTS:
        values = []
        for place in range(VALUES_MAX):
            was = text(posted, f"was.{number}.{place}", 80)
            if not was:
                break
            values.append(ValueWish(text(posted, f"value.{number}.{place}", 80), was))
        name, was = text(posted, f"name.{number}", 80), text(posted, f"named.{number}", 80)
        more = text(posted, f"more.{number}", 4_000)
        if name or values or more:
            found.append(Slot(number, OptionWish(name, tuple(values), was), more))
    return found


def _whole(slot: Slot) -> OptionWish:
    """With the new values; an emptied value goes, and an emptied name takes its option away."""
    kept = [value for value in slot.wish.values if value.text]
    fresh = [ValueWish(value) for value in values_in(slot.more)]
    return OptionWish(slot.wish.name, (*kept, *fresh), slot.wish.was)


def _wanted(posted: QueryDict, plan: OptionsPlan) -> list[Combination]:
    ticked = set(posted.getlist("make"))
    return [each for each in (*plan.fresh, *plan.gaps) if _key(each) in ticked]


def _price(posted: QueryDict) -> Fen | None:
    typed = text(posted, "price", 20).strip("¥￥ ").replace(",", "")
    try:
        return parse_yuan(typed) if typed else None
    except BadMoney as error:
        raise PriceInvalid() from error


def _key(values: Combination) -> str:
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:16]


def _mark(plan: OptionsPlan) -> str:
    told = repr((plan.names, sorted(map(str, plan.stays.items())), plan.fresh, plan.gaps))
    return hashlib.sha256(told.encode()).hexdigest()


def _page(
    desk: Desk, record: ProductRecord, slots: Sequence[Slot], plan: OptionsPlan | None, posted: QueryDict
) -> HttpResponse:
    product = record.product
    free = [number for number in SLOTS if number not in {slot.number for slot in slots}]
    context = {
        "crumbs": [
            desk.crumb(_("Products"), "products"),
            desk.crumb(product.title, "product", product_id=product.id),
            desk.crumb(_("Options")),
        ],
        "slots": slots,
        "free": free[:1],
        "version": product.version,
        "plan": plan,
        "seen": _mark(plan) if plan else "",
        "fresh": [_new(plan, each, True) for each in plan.fresh] if plan else [],
        "gaps": [_new(plan, each, False) for each in plan.gaps] if plan else [],
        "leaves": [" · ".join(map(str, sku.option_values)) or sku.code for sku in plan.leaves]
        if plan
        else [],
        "stays": len(plan.stays) if plan else 0,
        "price": text(posted, "price", 20),
    }
    return desk.show("product_options", _("Options of %(name)s") % {"name": product.title}, context)


def _new(plan: OptionsPlan, values: Combination, ticked: bool) -> dict[str, object]:
    like = plan.models.get(values)
    return {
        "key": _key(values),
        "label": " · ".join(values),
        "ticked": ticked,
        "price": f"¥{yuan(like.price_fen)}" if like else "",
    }
