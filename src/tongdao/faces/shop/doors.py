"""The shop's door: its pages for coming in, and what becomes of the guest who was here before."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdao.faces.shop.baskets import cart_of
from tongdao.faces.shop.buyers import YEAR
from tongdao.faces.shop.notices import notice_of
from tongdao.faces.shop.store import Store, show
from tongdao.faces.shop.typed import text
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.favourites.operations import take_over
from tongdao.party.members.merging import take_guest_along
from tongdao.party.people.accounts import is_guest
from tongdao.party.people.consents import acknowledge_platform, platform_texts
from tongdao.party.people.entrance import Step, safe_next
from tongdao.party.people.entrance.door import Place
from tongdao.party.people.merging import propose
from tongdao.party.people.models import Person
from tongdao.party.people.sign_in import begin_session
from tongdao.party.people.wechat import inside_wechat
from tongdao.trade.orders.operations import set_cart_line

NAMES: dict[Place, str] = {
    "sign_in": "sign_in",
    "code": "sign_in_code",
    "whose": "sign_in_whose",
    "second": "sign_in_second",
    "security": "security",
    "password": "password",
    "number": "number",
    "authenticator": "security",  # set up at the desk, where it is needed
    "passkey": "sign_in_passkey",
    "passkeys": "passkeys",
}


PROOFS: dict[Place, str] = {
    "sign_in": "account_proof",
    "code": "account_proof_code",
    "whose": "account_proof_whose",
    "second": "account_proof_second",
}


class ShopDoor:
    """See party.people.entrance.Door. One for each request."""

    def __init__(self, request: HttpRequest, store: Store) -> None:
        self.request, self.store = request, store
        self.offers_wechat = False
        self.wanted = safe_next(request, text(request.POST or request.GET, "next", 500), store.url("home"))

    def url(self, place: Place, *, wanted: str = "") -> str:
        query = f"?{urlencode({'next': wanted})}" if wanted else ""
        return self.store.url(NAMES[place]) + query

    def show(self, step: Step, status: int = 200) -> HttpResponse:
        context = {
            "page_title": step.title,
            "private": True,
            "back_url": self.store.url("me"),
            "step": step,
            "wechat_url": self._wechat() if self.offers_wechat and not step.hidden else "",
            "wechat_inside": inside_wechat(self.request.headers.get("User-Agent", "")),
            "next": self.wanted,
            "told": [] if self.person() else platform_texts(get_language() or ""),
            "notice": notice_of(step.refusal) if step.refusal else None,
        }
        return show(self.request, self.store, "step", context, tab="me", status=status)

    def _wechat(self) -> str:
        query = f"?{urlencode({'next': self.wanted})}" if self.wanted else ""
        return self.store.url("sign_in_wechat") + query

    def person(self) -> Person | None:
        here = self._here()
        return here if here and not is_guest(here.pk) else None

    def guest(self) -> Person | None:
        here = self._here()
        return here if here and is_guest(here.pk) else None

    def admit(self, person: Person) -> HttpResponse:
        """A guest's cart and favourites go along, and what it ordered becomes the person's (it can be undone
        there); where the guest became the person, all of it is there.
        """
        before = self.guest()
        begin_session(self.request, person, seconds=YEAR)
        if before is not None and before.pk != person.pk:
            self._bring(before.pk, person.pk)
        acknowledge_platform(person.pk, face="shop", language=get_language() or "")
        return redirect(self.wanted or self.store.url("me"))

    def _here(self) -> Person | None:
        user = self.request.user
        return user if isinstance(user, Person) or user.is_authenticated else None

    def _bring(self, guest: UUID, person_id: UUID) -> None:
        with merchant_scope(self.store.merchant_id):
            lines = cart_of(guest)
            take_over(person_id, guest)
        if take_guest_along(guest, person_id) is not None:  # the carts of all shops go with it
            told = _("What you ordered in this browser before is in your account now.")
            messages.success(self.request, told + " " + _("Not yours? Undo it below Me, Accounts."))
            return
        for line in reversed(lines):
            try:
                with merchant_scope(self.store.merchant_id):
                    set_cart_line(person_id, line.sku_id, line.quantity, add=True)
            except Refusal:  # no longer sold, or more than fits: the rest goes along
                continue


class ProofDoor(ShopDoor):
    """Signing in to another account of one's own, beside the open one: it ends in a proposal to merge."""

    def url(self, place: Place, *, wanted: str = "") -> str:
        return self.store.url(PROOFS.get(place, "accounts"))

    def guest(self) -> Person | None:
        """A number without an account gets one of its own first, so that it can be parted again."""
        return None

    def admit(self, person: Person) -> HttpResponse:
        """The open session stays as it is."""
        mine = self.person()
        if mine is None:
            return redirect(self.store.url("accounts"))
        try:
            merge = propose(mine.pk, person.pk, reason="own_accounts", proved=True, by=mine.pk)
        except Refusal as refusal:
            messages.error(self.request, refusal.message)
            return redirect(self.store.url("accounts"))
        return redirect(self.store.url("account_merge", merge_id=merge.pk))
