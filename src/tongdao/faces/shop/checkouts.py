"""The checkout's form: what it carries from one showing to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdao.faces.shop.addresses import AddressTyped, place_text, read_address
from tongdao.faces.shop.baskets import AUTOMATIC, Basket, price_basket
from tongdao.faces.shop.bills import bill, total_label
from tongdao.faces.shop.buyers import buyer_of, visitor_of
from tongdao.faces.shop.choices import CODE, group_text, read_choice, turn
from tongdao.faces.shop.notices import Notice
from tongdao.faces.shop.store import Store, show
from tongdao.faces.shop.typed import DIGITS, identifier, text
from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.foundation.refusals import BadInput, NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.members.consents import notice_texts
from tongdao.rulebook import trade
from tongdao.terms.promotions.pricing import Choice
from tongdao.trade.addressbook.queries import kept_addresses
from tongdao.trade.orders.operations.cart import MOST_LINES
from tongdao.trade.orders.promises import PROMISES
from tongdao.trade.orders.wishing import Wanted

MARK = 64  # characters


class LineUnreadable(BadInput):
    """The list of goods in this form cannot be read. Nothing was ordered; begin again from the cart."""


@dataclass(frozen=True, slots=True)
class Form:
    """`key` is made when the page is shown, so that sending it twice orders once.

    `quote_version` is of the total that the buyer saw; `code` was typed, its button
    perhaps not pressed.
    """

    key: str
    wanted: Sequence[Wanted]
    typed: AddressTyped = field(default_factory=AddressTyped)
    choice: Choice = AUTOMATIC
    quote_version: str = ""
    code: str = ""

    def again(self) -> Form:
        """The same for a new try."""
        return replace(self, key=new_key())


def new_key() -> str:
    return token(32)


def read_form(data: QueryDict) -> Form:
    """As it was sent, the choice of offers as the pressed button leaves it. Raises LineUnreadable."""
    agreed = dict(_agreed(each) for each in data.getlist("agree")[:MOST_LINES])
    return Form(
        key=text(data, "key", 64),
        wanted=[_wanted(line, agreed) for line in data.getlist("line")[: MOST_LINES + 1]],
        typed=read_address(data),
        choice=turn(read_choice(data), data),
        quote_version=text(data, "quote_version", 16),
        code=text(data, "code", CODE),
    )


def show_checkout(
    request: HttpRequest,
    store: Store,
    form: Form,
    *,
    wrong: Mapping[str, str] | None = None,
    notice: Notice | None = None,
    status: int = 200,
) -> HttpResponse:
    """Priced as of now, and what of the choice does not hold left out. `wrong`: address problems by field."""
    buyer = buyer_of(request)
    if buyer is None:
        raise NotFound()
    with merchant_scope(store.merchant_id):
        book = kept_addresses(buyer)
        told = notice_texts(get_language() or "")
        basket = price_basket(
            form.wanted,
            person_id=buyer,
            visitor=visitor_of(request),
            choice=form.choice,
            division_code=form.typed.region.whole,
        )
    context = {
        "page_title": _("Confirm your order"),
        "private": True,
        "back_url": store.url("cart"),
        "form": form,
        "book": [(row, place_text(row)) for row in book],
        "keep": "keep" in request.POST,
        "told": told,
        "region": form.typed.region,
        "here": store.url("checkout"),
        "basket": basket,
        "group": group_text(basket.choice),
        "own": basket.choice.coupons is not None,
        "code": "" if form.code.upper() in basket.choice.codes else form.code,
        "sums": bill(basket),
        "total_label": total_label(basket),
        "wrong": wrong or {},
        "return_days": PROMISES["return_days"],
        "minutes": trade.UNPAID_CLOSE.on(clock.now()) // timedelta(minutes=1),
        "notice": notice or _warning(form, basket, wrong or {}),
    }
    return show(request, store, "checkout", context, status=status)


def _warning(form: Form, basket: Basket, wrong: Mapping[str, str]) -> Notice | None:
    if wrong:
        return Notice(
            _("The address is not complete"),
            _("Nothing was ordered yet."),
            _("Look at the fields marked below; everything you typed is still there."),
        )
    if group_text(form.choice) != group_text(basket.choice):
        return Notice(
            _("The group price does not hold"),
            " ".join(basket.told),
            _("The total below is without it. Nothing was ordered yet."),
            "waiting",
        )
    if basket.troubled:
        return Notice(
            _("Some goods need a look"),
            then=_("What is wrong stands at each of them. You can take what is left."),
            tone="waiting",
        )
    return None


def _agreed(ticked: str) -> tuple[str, str]:
    """SKU and mark of a tick box. Whether they are any is decided where the line is quoted."""
    sku, _colon, mark = ticked.partition(":")
    return sku, mark[:MARK]


def _wanted(line: str, agreed: Mapping[str, str]) -> Wanted:
    parts = line.split(":")
    sku = identifier(parts[0])
    if len(parts) != 3 or sku is None or not all(DIGITS.fullmatch(part) for part in parts[1:]):
        raise LineUnreadable()
    return Wanted(sku, int(parts[1]), int(parts[2]), agreed.get(str(sku), ""))
