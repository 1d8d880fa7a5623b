"""A flash sale's own page, and the pulse that it listens to. Made for everybody coming at once.

Both are kept in the process and are the same for all: no visitor costs the database anything before the
button is pressed. The page holds what it shows before, during and after, and its script turns it over by the
server's clock, so that nobody has to load anything at the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tongdao.faces.shop.plain import plain_frame
from tongdao.faces.shop.sales import SALE_FACTS, SALE_MARKS, Hint, State, hint_text, read_sale
from tongdao.faces.shop.savings import base_text
from tongdao.faces.shop.shared import shared_page
from tongdao.faces.shop.store import Store, absolute, shop_page
from tongdao.foundation import clock
from tongdao.foundation.fragments import Fragments, read_version


@dataclass(frozen=True, slots=True)
class Pulse:
    """What changes while a sale runs."""

    state: State
    hint: Hint


PULSES: Fragments[Pulse] = Fragments(most_bytes=2**20, size=lambda _: 64)


@require_safe
@shop_page
def flash(request: HttpRequest, store: Store, promotion_id: UUID) -> HttpResponse:
    return shared_page(
        request,
        store,
        "flash",
        marks=SALE_MARKS,
        facts={**SALE_FACTS, "promotion": promotion_id},
        make=lambda: _context(store, promotion_id),
        address=lambda: store.url("flash", promotion_id=promotion_id),
    )


@require_safe
@shop_page
def flash_pulse(request: HttpRequest, store: Store, promotion_id: UUID) -> HttpResponse:
    """The server's clock in milliseconds, the sale's state, and the hint in words."""
    pulse = PULSES.get(
        (store.merchant_id, promotion_id),
        lambda: read_version(store.merchant_id, SALE_MARKS, {**SALE_FACTS, "now": clock.now()}),
        lambda: _pulse(store, promotion_id),
    )
    told = {
        "now": round(clock.now().timestamp() * 1000),
        "state": pulse.state,
        "hint": pulse.hint,
        "text": hint_text(pulse.hint),
    }
    return JsonResponse(told, headers={"Cache-Control": "no-store", "Content-Language": get_language()})


def _pulse(store: Store, promotion_id: UUID) -> Pulse:
    sale = read_sale(store, promotion_id)
    return Pulse(sale.state, sale.hint)


def _context(store: Store, promotion_id: UUID) -> Mapping[str, Any]:
    sale = read_sale(store, promotion_id)
    return {
        **plain_frame(store, sale.url),
        "page_title": sale.title,
        "description": sale.product,
        "sale": sale,
        "base": base_text() if sale.base_fen else "",
        "pulse_url": store.url("flash_pulse", promotion_id=promotion_id),
        "take_url": store.url("take"),
        "og_image": absolute(sale.picture) if sale.picture else "",
        "back_url": store.url("offers"),
    }
