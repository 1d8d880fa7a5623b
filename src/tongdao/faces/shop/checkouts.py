"""The checkout's form: what it carries from one showing to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.kit.shapes import Cell
from tongdao.faces.shop.addresses import AddressTyped
from tongdao.faces.shop.baskets import Basket, price_basket
from tongdao.faces.shop.buyers import buyer_of, visitor_of
from tongdao.faces.shop.notices import Notice
from tongdao.faces.shop.store import Store, show
from tongdao.faces.shop.typed import DIGITS, identifier
from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.foundation.refusals import BadInput, NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rulebook import trade
from tongdao.trade.orders.operations.cart import MOST_LINES
from tongdao.trade.orders.wishing import Wanted


class LineUnreadable(BadInput):
    """The list of goods in this form cannot be read. Nothing was ordered; begin again from the cart."""


@dataclass(frozen=True, slots=True)
class Form:
    """`key` is made when the page is shown, so that sending it twice orders once."""

    key: str
    wanted: Sequence[Wanted]
    typed: AddressTyped = field(default_factory=AddressTyped)


def new_key() -> str:
    return token(32)


def read_wanted(sent: Sequence[str]) -> list[Wanted]:
    """The lines as the page had them, `sku:quantity:price version` each; raises LineUnreadable."""
    return [_wanted(line) for line in sent[: MOST_LINES + 1]]


def show_checkout(
    request: HttpRequest,
    store: Store,
    form: Form,
    *,
    wrong: Mapping[str, str] | None = None,
    notice: Notice | None = None,
    status: int = 200,
) -> HttpResponse:
    """Priced as of now. `wrong`: problems of the address by field."""
    buyer = buyer_of(request)
    if buyer is None:
        raise NotFound()
    with merchant_scope(store.merchant_id):
        basket = price_basket(form.wanted, person_id=buyer, visitor=visitor_of(request))
    context = {
        "page_title": _("Confirm your order"),
        "private": True,
        "back_url": store.url("cart"),
        "form": form,
        "region": form.typed.region,
        "regions_url": store.url("regions"),
        "basket": basket,
        "sums": _sums(basket),
        "wrong": wrong or {},
        "minutes": trade.UNPAID_CLOSE.on(clock.now().date()) // timedelta(minutes=1),
        "notice": notice or _warning(basket, wrong or {}),
    }
    return show(request, store, "checkout", context, status=status)


def _warning(basket: Basket, wrong: Mapping[str, str]) -> Notice | None:
    if wrong:
        return Notice(
            _("The address is not complete"),
            _("Nothing was ordered yet."),
            _("Look at the fields marked below; everything you typed is still there."),
        )
    if basket.troubled:
        return Notice(
            _("Some goods need a look"),
            then=_("What is wrong stands at each of them. You can take what is left."),
            tone="waiting",
        )
    return None


def _sums(basket: Basket) -> list[Cell]:
    return [
        Cell(basket.goods_fen, _("Goods"), "money"),
        Cell(_("Free") if basket.freight_fen == 0 else basket.freight_fen, _("Delivery"),
             "" if basket.freight_fen == 0 else "money"),
        Cell(basket.total_fen, _("Total"), "money", total=True),
    ]  # fmt: skip


def _wanted(line: str) -> Wanted:
    parts = line.split(":")
    sku = identifier(parts[0])
    if len(parts) != 3 or sku is None or not all(DIGITS.fullmatch(part) for part in parts[1:]):
        raise LineUnreadable()
    return Wanted(sku, int(parts[1]), int(parts[2]))
