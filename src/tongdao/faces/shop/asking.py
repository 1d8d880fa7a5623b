"""Asking for something after the sale, step by step: which kind, of how many and why, and then the word.

What was chosen stands in the address, so that each step is a page of its own, goes back as any page does,
and needs no script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from tongdao.faces.kit.case_words import KINDS, reason_words
from tongdao.faces.kit.shapes import Cell, Choice
from tongdao.faces.shop.case_tells import kind_tells, opening_tells
from tongdao.faces.shop.typed import amount, identifier, text
from tongdao.foundation.money import Fen, format_yuan
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.goods.catalog.models import Sku
from tongdao.goods.catalog.queries import sku_facts
from tongdao.trade.aftersales.carriage import carriage_of
from tongdao.trade.aftersales.deadlines import REPLACING
from tongdao.trade.aftersales.eligibility import Offer, offers
from tongdao.trade.aftersales.models import AfterSaleKind
from tongdao.trade.aftersales.previewing import Outlook, preview_case
from tongdao.trade.aftersales.reasons import NOT_RECEIVED
from tongdao.trade.aftersales.refusals import (
    CaseAmountWrong,
    CaseReasonUnknown,
    CaseUnitsWrong,
    OptionNotExchangeable,
)
from tongdao.trade.orders.models import OrderLine

OTHER_OPTION = "other_option"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a buyer may ask for a line, and what was chosen of it so far. `wrong` says what is not right."""

    line: OrderLine
    offers: Sequence[Offer]
    offer: Offer | None = None
    options: Sequence[Choice] = ()
    quantity: int = 1
    reason: str = ""
    amount_fen: Fen | None = None
    option: UUID | None = None
    outlook: Outlook | None = None
    wrong: Refusal | None = None

    @property
    def step(self) -> str:
        if self.offer is None:
            return "kind"
        return "send" if self.outlook is not None else "choose"

    @property
    def takes_amount(self) -> bool:
        """A price falls by an amount; who keeps what came may ask for less than all."""
        if self.offer is None:
            return False
        some = self.offer.kind == AfterSaleKind.REFUND_ONLY and self.offer.reasons[0] not in NOT_RECEIVED
        return some or self.offer.kind == AfterSaleKind.PRICE


def read_sheet(line_id: UUID, buyer: UUID, chosen: Mapping[str, Any]) -> Sheet:
    """In the merchant's scope. Raises NotFound for a line that is not the buyer's."""
    lines = OrderLine.objects.select_related("order").filter(pk=line_id, order__person_id__same_as=buyer)
    line = lines.first()
    if line is None:
        raise NotFound()
    mine = [offer for offer in offers(line.order) if offer.line.id == line_id]
    kind = text(chosen, "kind", 24) or (str(mine[0].kind) if len(mine) == 1 else "")
    offer = next((each for each in mine if each.kind == kind), None)
    if offer is None:
        return Sheet(line, mine)
    options = _options(line) if kind == AfterSaleKind.EXCHANGE else []
    quantity = text(chosen, "quantity", 6)
    found = Sheet(
        line,
        mine,
        offer,
        options,
        quantity=int(quantity) if quantity.isascii() and quantity.isdigit() else int(not quantity),
        reason=text(chosen, "reason", 24),
        amount_fen=amount(chosen, "amount"),
        option=identifier(text(chosen, "option", 40)),
    )
    if "reason" not in chosen and "quantity" not in chosen:
        return found
    return _checked(found, text(chosen, "amount", 24))


def _checked(sheet: Sheet, typed: str) -> Sheet:
    """With what it comes to; or with what is wrong."""
    assert sheet.offer is not None
    outlook: Outlook | None = None
    wrong = _wrong(sheet, sheet.offer, typed)
    if wrong is None:
        fen = sheet.amount_fen if sheet.takes_amount else None
        kind = str(sheet.offer.kind)
        outlook = preview_case(sheet.line.order, sheet.line.id, kind, sheet.quantity, sheet.reason, fen)
        if fen is not None and fen > outlook.goods_fen:
            outlook, wrong = None, CaseAmountWrong()
    return Sheet(
        sheet.line,
        sheet.offers,
        sheet.offer,
        sheet.options,
        sheet.quantity,
        sheet.reason,
        sheet.amount_fen,
        sheet.option,
        outlook,
        wrong,
    )


def _wrong(sheet: Sheet, offer: Offer, typed: str) -> Refusal | None:
    if not 0 < sheet.quantity <= offer.most:
        return CaseUnitsWrong()
    if sheet.reason not in offer.reasons:
        return CaseReasonUnknown()
    if sheet.takes_amount and (typed or offer.kind == AfterSaleKind.PRICE) and not sheet.amount_fen:
        return CaseAmountWrong()
    if sheet.reason == OTHER_OPTION and str(sheet.option) not in {each.value for each in sheet.options}:
        return OptionNotExchangeable()
    return None


def _options(line: OrderLine) -> list[Choice]:
    """Others of the same product at the same price: an exchange brings goods, and asks for no money."""
    ids = Sku.objects.filter(product_id=line.product_id, saleable=True).values_list("id", flat=True)
    facts = sku_facts({*ids, line.sku_id})
    own = facts.get(line.sku_id)
    if own is None:
        return []
    others = [
        each
        for each in facts.values()
        if each.sku_id != line.sku_id and each.saleable and each.price_fen == own.price_fen
    ]
    return [
        Choice(str(each.sku_id), each.option_text)
        for each in sorted(others, key=lambda each: each.option_text)
    ]


def sheet_context(sheet: Sheet, here: str) -> dict[str, Any]:
    """What the step's page shows."""
    offer = sheet.offer
    if offer is None:
        kinds = [
            (f"{here}?{urlencode({'kind': str(each.kind)})}", KINDS[each.kind], kind_tells(str(each.kind)))
            for each in sheet.offers
        ]
        return {"kinds": kinds}
    kind = str(offer.kind)
    shared = {"kind": kind, "kind_name": KINDS[kind], "tells": kind_tells(kind), "most": offer.most}
    if sheet.outlook is None:
        return {**shared, **_choosing(sheet, offer)}
    return {**shared, **_sending(sheet, offer, sheet.outlook, here)}


def _choosing(sheet: Sheet, offer: Offer) -> dict[str, Any]:
    kind = str(offer.kind)
    reasons = [
        Choice(each, reason_words(kind, each), checked=each == sheet.reason or len(offer.reasons) == 1)
        for each in offer.reasons
        if each != OTHER_OPTION or sheet.options
    ]
    same = Choice("", _("The same again"))
    return {
        "reasons": reasons,
        "payers": _payers(sheet, kind, [each.value for each in reasons]),
        "options": [same, *sheet.options] if sheet.options else [],
        "takes_amount": sheet.takes_amount,
        "amount_needed": kind == AfterSaleKind.PRICE,
        "typed_amount": format_yuan(sheet.amount_fen) if sheet.amount_fen else "",
    }


def _sending(sheet: Sheet, offer: Offer, outlook: Outlook, here: str) -> dict[str, Any]:
    kind = str(offer.kind)
    chosen = {"kind": kind, "quantity": str(sheet.quantity), "reason": sheet.reason}
    if sheet.takes_amount and sheet.amount_fen:
        chosen["amount"] = format_yuan(sheet.amount_fen)
    if sheet.option:
        chosen["option"] = str(sheet.option)
    return {
        "rows": _rows(sheet, kind, outlook),
        "facts": [*opening_tells(offer, sheet.reason), *_who_pays(sheet, kind)],
        "send_url": f"{here}?{urlencode(chosen)}",
        "change_url": f"{here}?{urlencode({'kind': kind})}",
        "button": _button(kind, sheet.quantity, outlook),
        "wants_words": kind != AfterSaleKind.CANCEL,
    }


def _rows(sheet: Sheet, kind: str, outlook: Outlook) -> list[Cell]:
    rows = [
        Cell(str(KINDS[kind]), _("What you ask for")),
        Cell(reason_words(kind, sheet.reason), _("Why")),
    ]
    if kind != AfterSaleKind.PRICE:
        rows.append(Cell(sheet.quantity, _("Units"), "num"))
    option = next((each.label for each in sheet.options if each.value == str(sheet.option)), "")
    if kind in REPLACING:
        return [*rows, Cell(option or _("The same again"), _("What you get"))]
    rows.append(Cell(outlook.goods_fen, _("Goods"), "money"))
    if kind != AfterSaleKind.PRICE:
        rows.append(Cell(outlook.freight_fen, _("Delivery"), "money"))
    return [*rows, Cell(outlook.fen, _("Goes back to you"), "money", total=True)]


def _who_pays(sheet: Sheet, kind: str) -> list[str]:
    """For the way back of goods."""
    carriage = carriage_of(kind, sheet.reason, since=sheet.line.order.placed_at)
    if carriage == "buyer":
        return [_("You pay for sending it back, as the law has it for returns without a fault.")]
    if carriage == "shop":
        return [
            _("The shop bears what sending it back costs. Agree with it in the conversation how it pays.")
        ]
    return []


def _payers(sheet: Sheet, kind: str, reasons: Sequence[str]) -> list[str]:
    """The same before a reason is chosen: for which of them who pays."""
    since = sheet.line.order.placed_at
    by: dict[str, list[str]] = {}
    for reason in reasons:
        by.setdefault(carriage_of(kind, reason, since=since), []).append(reason_words(kind, reason))
    told = {
        "shop": _("The shop pays for sending it back: %(reasons)s."),
        "buyer": _("You pay for sending it back: %(reasons)s."),
    }
    between = _(", ")
    return [told[who] % {"reasons": between.join(words)} for who, words in by.items() if who]


def _button(kind: str, quantity: int, outlook: Outlook) -> str:
    fen = format_yuan(outlook.fen)
    if kind == AfterSaleKind.CANCEL:
        return _("Cancel %(units)d and get ¥%(amount)s back") % {"units": quantity, "amount": fen}
    if kind == AfterSaleKind.EXCHANGE:
        return _("Ask for an exchange")
    if kind == AfterSaleKind.REPAIR:
        return _("Ask for a repair")
    return _("Ask for ¥%s back") % fen
