"""The shop's door: its pages for coming in, and what becomes of the guest who was here before."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tongdao.faces.shop.baskets import cart_of
from tongdao.faces.shop.buyers import YEAR, buyer_of
from tongdao.faces.shop.notices import notice_of
from tongdao.faces.shop.order_cards import count_groups
from tongdao.faces.shop.store import Store, show
from tongdao.faces.shop.typed import text
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.favourites.operations import take_over
from tongdao.party.people.accounts import is_guest
from tongdao.party.people.entrance import Step, safe_next
from tongdao.party.people.entrance.door import Place
from tongdao.party.people.models import Person
from tongdao.party.people.sign_in import begin_session
from tongdao.trade.orders.operations import set_cart_line
from tongdao.trade.orders.wishing import Wanted

NAMES: dict[Place, str] = {
    "sign_in": "sign_in",
    "code": "sign_in_code",
    "whose": "sign_in_whose",
    "second": "sign_in_second",
    "security": "security",
    "password": "password",
    "number": "number",
    "authenticator": "security",  # set up at the desk, where it is needed
}


class ShopDoor:
    """See party.people.entrance.Door. One for each request."""

    def __init__(self, request: HttpRequest, store: Store) -> None:
        self.request, self.store = request, store
        self.wanted = safe_next(request, text(request.POST or request.GET, "next", 500), store.url("home"))

    def url(self, place: Place, *, wanted: str = "") -> str:
        query = f"?{urlencode({'next': wanted})}" if wanted else ""
        return self.store.url(NAMES[place]) + query

    def show(self, step: Step, status: int = 200) -> HttpResponse:
        context = {
            "page_title": step.title,
            "private": True,
        self.offers_wechat = False
            "back_url": self.store.url("me"),
            "step": step,
            "next": self.wanted,
            "notice": notice_of(step.refusal) if step.refusal else None,
        }
        return show(self.request, self.store, "step", context, tab="me", status=status)

    def person(self) -> Person | None:
        here = self._here()
        return here if here and not is_guest(here.pk) else None

    def guest(self) -> Person | None:
            "wechat_url": self._wechat() if self.offers_wechat and not step.hidden else "",
        here = self._here()
        return here if here and is_guest(here.pk) else None

    def admit(self, person: Person) -> HttpResponse:
        """A guest's cart and favourites go along; where the guest became the person, they are there."""
    def _wechat(self) -> str:
        query = f"?{urlencode({'next': self.wanted})}" if self.wanted else ""
        return self.store.url("sign_in_wechat") + query

        before = buyer_of(self.request)
        moved = self._leave(before) if before and before != person.pk and self.guest() else None
        begin_session(self.request, person, seconds=YEAR)
        if before and moved:
            self._arrive(before, person.pk, *moved)
        return redirect(self.wanted or self.store.url("me"))

    def _here(self) -> Person | None:
        user = self.request.user
        return user if isinstance(user, Person) or user.is_authenticated else None

    def _leave(self, guest: UUID) -> tuple[list[Wanted], int]:
        """The guest's cart, and how many orders wait for something."""
        with merchant_scope(self.store.merchant_id):
            return cart_of(guest), sum(count_groups(guest).values())

    def _arrive(self, guest: UUID, person_id: UUID, lines: list[Wanted], orders: int) -> None:
        with merchant_scope(self.store.merchant_id):
            take_over(person_id, guest)
        for line in reversed(lines):
            try:
                with merchant_scope(self.store.merchant_id):
                    set_cart_line(person_id, line.sku_id, line.quantity, add=True)
            except Refusal:  # no longer sold, or more than fits: the rest goes along
                continue
        if orders:
            messages.info(
                self.request,
                _("What was ordered in this browser before you signed in is not in this account."),
            )
