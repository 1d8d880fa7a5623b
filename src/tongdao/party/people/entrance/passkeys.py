"""Coming in with a passkey, and one's own passkeys: pages of the course (see door.Door).

A key that knows its holder (user verification) is both steps at once. Who waits at the second step may use
one instead of the app's code.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tongdao.foundation.pii import mask_phone
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.party.people.accounts import number_of
from tongdao.party.people.entrance.door import Door, Step
from tongdao.party.people.entrance.forms import NameForm, NoFields
from tongdao.party.people.entrance.passing import admit, who_waits
from tongdao.party.people.models import Person
from tongdao.party.people.passkeys import (
    Asked,
    begin_registration,
    begin_signing,
    drop_passkey,
    finish_registration,
    finish_signing,
    keys_of,
    passkeys_here,
)
from tongdao.party.people.refusals import ProofExpired
from tongdao.party.people.sign_in import device_name, signed_in_lately
from tongdao.party.people.visitors import visitor_address


def by_passkey(request: HttpRequest, door: Door) -> HttpResponse:
    """The device asks whose key; who has passed the first step is asked for an own one."""
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            asked = Asked.take(request.session, "sign_in")
            sent = str(request.POST.get("credential", ""))
            person = finish_signing(asked, sent, address=visitor_address(request))
        except Refusal as error:
            refusal = error
        else:
            return admit(request, door, person.acting)
    if not passkeys_here(request):
        return redirect(door.url("sign_in", wanted=door.wanted))
    asked, options = begin_signing(_waiting(request))
    asked.keep(request.session)
    step = Step(
        _("Sign in with a passkey"),
        NoFields(),
        _("Use my passkey"),
        lead=_("Your device asks for your fingerprint, your face or its own code. None of that reaches us."),
        links=[(_("Sign in another way"), door.url("sign_in", wanted=door.wanted))],
        refusal=refusal,
        passkey=options,
        ceremony="get",
    )
    return door.show(step, refusal.status if refusal else 200)


def passkeys(request: HttpRequest, door: Door) -> HttpResponse:
    """Make one, see them, remove one."""
    person = door.person()
    if person is None or not signed_in_lately(request):
        return redirect(door.url("sign_in", wanted=door.url("passkeys")))
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            told = _drop(request, person) if "drop" in request.POST else _make(request, person)
        except Refusal as error:
            refusal = error
        else:
            messages.success(request, told)
            return redirect(door.url("passkeys"))
    return _own(request, door, person, refusal)


def _own(request: HttpRequest, door: Door, person: Person, refusal: Refusal | None) -> HttpResponse:
    options = ""
    if passkeys_here(request):
        try:
            asked, options = begin_registration(person.pk, shown_as=_shown_as(person))
            asked.keep(request.session)
        except Refusal as error:
            refusal = refusal or error
    name = device_name(request.META.get("HTTP_USER_AGENT", "")) or _("This device")
    step = Step(
        _("Passkeys"),
        NameForm(initial={"name": name}),
        _("Make a passkey on this device") if options else "",
        lead=_(
            "A passkey lets you in without password and code. It stays in your device and works only here."
        )
        if options
        else _("Passkeys cannot be made under this address of the site."),
        links=[(_("Back"), door.url("security"))],
        refusal=refusal,
        passkey=options,
        ceremony="create",
        keys=keys_of(person.pk),
    )
    return door.show(step, refusal.status if refusal else 200)


def _make(request: HttpRequest, person: Person) -> str:
    asked = Asked.take(request.session, "register")
    sent, name = str(request.POST.get("credential", "")), str(request.POST.get("name", ""))
    finish_registration(person.pk, asked, sent, name=name)
    return _("From now on this device lets you in.")


def _drop(request: HttpRequest, person: Person) -> str:
    try:
        id = UUID(str(request.POST["drop"]))
    except ValueError as error:
        raise NotFound() from error
    drop_passkey(person.pk, id)
    return _("That passkey lets nobody in any more. Remove it from the device, too.")


def _waiting(request: HttpRequest) -> UUID | None:
    """Who has passed the first step, if anybody."""
    try:
        return who_waits(request)
    except (ProofExpired, ValueError):
        return None


def _shown_as(person: Person) -> str:
    number = number_of(person.pk)
    return person.shown_name or (mask_phone(number) if number else str(person.pk)[-8:])
