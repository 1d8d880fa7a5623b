"""One's other accounts: showing that one is one's own, what merging would do, doing it, and undoing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tongdao.faces.shop.account_words import brought, named_merge
from tongdao.faces.shop.doors import ProofDoor, ShopDoor
from tongdao.faces.shop.notices import notice_of
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.foundation.actors import Actor
from tongdao.foundation.pii import mask_phone
from tongdao.foundation.tenancy import person_scope
from tongdao.party.members.merging import Preview, merge_persons, part_persons, preview, preview_parting
from tongdao.party.people import entrance
from tongdao.party.people.accounts import numbers_of
from tongdao.party.people.merging import merge_of, merges_of
from tongdao.party.people.models import Person, PersonMerge
from tongdao.party.people.sign_in import signed_in_lately
from tongdao.party.people.sms import sms_ready
from tongdao.trade.orders.models import Order

Page = Callable[..., HttpResponse]


def _own(view: Page) -> Page:
    """For who signed in minutes ago: it changes the ways into an account."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @shop_page
    def handle(request: HttpRequest, store: Store, /, **parts: UUID) -> HttpResponse:
        door = ShopDoor(request, store)
        person = door.person()
        if person is None or not signed_in_lately(request):
            back = store.url("accounts")
            return redirect(door.url("code" if sms_ready() else "sign_in", wanted=back))
        return view(request, store, person, **parts)

    return handle


def _proof(course: Callable[[HttpRequest, ProofDoor], HttpResponse]) -> Page:
    """One page of the course of signing in, to another account."""

    def page(request: HttpRequest, store: Store, person: Person) -> HttpResponse:
        return course(request, ProofDoor(request, store))

    return sensitive_post_parameters("password", "code", "phone")(_own(page))


account_proof = _proof(entrance.by_password)
account_proof_code = _proof(entrance.by_code)
account_proof_whose = _proof(entrance.whose)
account_proof_second = _proof(entrance.second)


@never_cache
@require_safe
@shop_page
def accounts(request: HttpRequest, store: Store) -> HttpResponse:
    """What was merged into this account, what waits for a yes, and the way to add one more."""
    door = ShopDoor(request, store)
    person = door.person()
    if person is None:
        return redirect(door.url("code" if sms_ready() else "sign_in", wanted=request.path))
    merges = merges_of(person.pk)
    context = {
        "page_title": _("Accounts"),
        "private": True,
        "back_url": store.url("me"),
        "numbers": [mask_phone(number) for number in numbers_of(person.pk)],
        "merged": [_row(store, merge) for merge in merges if merge.done_at],
        "waiting": [_row(store, merge) for merge in merges if not merge.done_at],
        "code_url": store.url("account_proof_code") if sms_ready() else "",
        "password_url": store.url("account_proof"),
    }
    return show(request, store, "accounts", context, tab="me")


def _row(store: Store, merge: PersonMerge) -> Mapping[str, object]:
    page = "account_part" if merge.done_at else "account_merge"
    return {"label": named_merge(merge), "at": merge.done_at, "url": store.url(page, merge_id=merge.pk)}


def _merge(request: HttpRequest, store: Store, person: Person, merge_id: UUID) -> HttpResponse:
    """What it would do, and the button. Of an account that is not proven to be theirs, nothing is told."""
    merge = merge_of(merge_id, person.pk)
    if request.method == "POST":
        merge_persons(merge.pk, actor=Actor("person", person.pk))
        messages.success(request, _("The two accounts are one now."))
        return redirect(store.url("accounts"))
    context = {
        "page_title": _("Make two accounts one"),
        "private": True,
        "back_url": store.url("accounts"),
        "proved": merge.proved_at is not None,
    }
    if merge.proved_at is not None:
        context |= _prospect(preview(merge))
    return show(request, store, "account_merge", context, tab="me")


def _prospect(told: Preview) -> dict[str, object]:
    return {
        "rows": brought(told.brings),
        "shops": told.merchants,
        "both_numbers": told.both_numbers,
        "works": told.brings.get("staff_member", 0),
        "earns": told.brings.get("promoter", 0),
        "notices": [notice_of(refusal) for refusal in told.refusals],
    }


def _part(request: HttpRequest, store: Store, person: Person, merge_id: UUID) -> HttpResponse:
    """What goes back, what stays, and the button."""
    merge = merge_of(merge_id, person.pk)
    if request.method == "POST":
        part_persons(merge.pk, person.pk, actor=Actor("person", person.pk))
        messages.success(request, _("They are two accounts again."))
        return redirect(store.url("accounts"))
    with person_scope(person.pk):
        since = Order.objects.filter(person_id=person.pk, placed_at__gt=merge.done_at).count()
    context = {
        "page_title": _("Make them two accounts again"),
        "private": True,
        "back_url": store.url("accounts"),
        "rows": brought(preview_parting(merge)),
        "since": since,
        "guest": merge.reason == "guest_signed_in",
    }
    return show(request, store, "account_part", context, tab="me")


account_merge = _own(_merge)
account_part = _own(_part)
