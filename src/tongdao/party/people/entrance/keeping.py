"""One's own ways in: number, password, authenticator app, and where one is signed in.

What changes a way in asks for a sign-in of the last minutes first: an unlocked phone left on a table is not
its owner.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tongdao.foundation.pii import mask_phone
from tongdao.foundation.refusals import Refusal
from tongdao.party.people.accounts import bind_number, holds_number, number_of
from tongdao.party.people.codes import Proof, prove_phone, read_proof, send_code
from tongdao.party.people.entrance.door import Door, Step
from tongdao.party.people.entrance.forms import CodeForm, NewPasswordForm, PhoneForm, SecondForm
from tongdao.party.people.entrance.passing import PROOF, code_step
from tongdao.party.people.models import CodePurpose, Person
from tongdao.party.people.operations import count_tokens, revoke_tokens
from tongdao.party.people.passkeys.keeping import keys_of
from tongdao.party.people.passwords import change_password, set_password
from tongdao.party.people.refusals import ProofExpired
from tongdao.party.people.second import (
    begin_authenticator,
    confirm_authenticator,
    count_recovery_codes,
    drop_authenticator,
    has_second_step,
)
from tongdao.party.people.sessions import Device, devices_of, end_device, end_devices
from tongdao.party.people.sign_in import remember_browser, signed_in_lately
from tongdao.party.people.visitors import visitor_address


@dataclass(frozen=True, slots=True)
class Security:
    """The ways into an account. `number` is masked, `recovery_codes` are those left."""

    number: str
    has_password: bool
    has_second_step: bool
    recovery_codes: int
    passkeys: int
    devices: list[Device]
    programs: int


def security_of(request: HttpRequest, person: Person) -> Security:
    number = number_of(person.pk)
    return Security(
        number=mask_phone(number) if number else "",
        has_password=person.has_usable_password(),
        has_second_step=has_second_step(person.pk),
        recovery_codes=count_recovery_codes(person.pk),
        passkeys=len(keys_of(person.pk)),
        devices=devices_of(person.pk, request.session.session_key),
        programs=count_tokens(person.pk),
    )


def end(request: HttpRequest, door: Door) -> HttpResponse:
    """`device` signs out there; without one everywhere but here, programs included."""
    person = door.person()
    if person is None:
        return redirect(door.url("sign_in"))
    if device := request.POST.get("device", ""):
        end_device(person.pk, device[:64])
        messages.success(request, _("That device is signed out."))
    else:
        end_devices(person.pk, keep=request.session.session_key)
        revoke_tokens(person.pk)
        messages.success(request, _("You are signed out everywhere else."))
    return redirect(door.url("security"))


def choose_password(request: HttpRequest, door: Door) -> HttpResponse:
    """With the old one; or without, for who proved the account's number minutes ago."""
    person = door.person()
    if person is None:
        return redirect(door.url("sign_in", wanted=door.url("password")))
    proof = _fresh_proof(request, person)
    if proof is None and not person.has_usable_password():
        return redirect(door.url("code", wanted=door.url("password")))
    form = NewPasswordForm(request.POST or None, knows_old=proof is None)
    if not form.is_valid():
        return door.show(_password_step(door, form), 422 if form.is_bound else 200)
    keep, new = request.session.session_key, form.cleaned_data["new"]
    try:
        if proof:
            person = set_password(person.pk, proof=proof, new=new, keep=keep)
        else:
            person = change_password(person.pk, old=form.cleaned_data["old"], new=new, keep=keep)
    except Refusal as refusal:
        return door.show(_password_step(door, form, refusal), refusal.status)
    update_session_auth_hash(request, person)
    request.session.pop(PROOF, None)
    messages.success(request, _("Your password is changed. Other browsers have to sign in again."))
    response = redirect(door.wanted or door.url("security"))
    remember_browser(request, response, person)
    return response


def number(request: HttpRequest, door: Door) -> HttpResponse:
    """A new number for the account; the one until now signs nobody in any more."""
    person = door.person()
    if person is None or not signed_in_lately(request):
        return redirect(door.url("sign_in", wanted=door.url("number")))
    form = PhoneForm(request.POST or None)
    if not form.is_valid():
        return door.show(_number_step(door, form), 422 if form.is_bound else 200)
    phone, typed = form.cleaned_data["phone"], "code" in request.POST and "again" not in request.POST
    try:
        if not typed:
            sent = send_code(phone, CodePurpose.NUMBER, address=visitor_address(request))
            return door.show(code_step(door, phone, shown=sent.shown))
        code = str(request.POST["code"])[:12]
        bind_number(person.pk, prove_phone(phone, CodePurpose.NUMBER, code, address=visitor_address(request)))
    except Refusal as refusal:
        again = typed or refusal.details.get("limit") == "code_again"
        step = code_step(door, phone, refusal=refusal) if again else _number_step(door, form, refusal)
        return door.show(step, refusal.status)
    messages.success(request, _("You sign in with %s from now on.") % mask_phone(phone))
    return redirect(door.url("security"))


def authenticator(request: HttpRequest, door: Door) -> HttpResponse:
    """Set the app up, or remove it."""
    person = door.person()
    if person is None or not signed_in_lately(request):
        return redirect(door.url("sign_in", wanted=door.url("authenticator")))
    if has_second_step(person.pk):
        return _remove_app(request, door, person)
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return door.show(_app_step(door, person, form), 422 if form.is_bound else 200)
    try:
        codes = confirm_authenticator(person.pk, form.cleaned_data["code"])
    except Refusal as refusal:
        return door.show(_app_step(door, person, form, refusal), refusal.status)
    end_devices(person.pk, keep=request.session.session_key)
    return door.show(
        Step(
            _("Keep these recovery codes"),
            SecondForm(),
            "",
            lead=_("Each lets you in once when the app is lost. They are shown only now: write them down."),
            lines=codes,
            links=[(_("I have them"), door.url("security"))],
        )
    )


def _remove_app(request: HttpRequest, door: Door, person: Person) -> HttpResponse:
    form = SecondForm(request.POST or None)
    refusal: Refusal | None = None
    if form.is_valid():
        try:
            drop_authenticator(person.pk, form.cleaned_data["code"])
        except Refusal as error:
            refusal = error
        else:
            messages.success(request, _("The authenticator app is no longer asked for."))
            return redirect(door.url("security"))
    status = refusal.status if refusal else 422 if form.is_bound else 200
    return door.show(
        Step(
            _("Remove the authenticator app"),
            form,
            _("Remove it"),
            lead=_("From then on the first step alone lets you in."),
            links=[(_("Back"), door.url("security"))],
            refusal=refusal,
        ),
        status,
    )


def _fresh_proof(request: HttpRequest, person: Person) -> Proof | None:
    """That the person held the account's number minutes ago."""
    try:
        proof = read_proof(request.session.get(PROOF, ""), CodePurpose.SIGN_IN)
    except ProofExpired:
        return None
    return proof if holds_number(person.pk, proof) else None


def _password_step(door: Door, form: NewPasswordForm, refusal: Refusal | None = None) -> Step:
    return Step(
        _("Choose a password"),
        form,
        _("Change the password"),
        lead=_("Every other browser and program has to sign in again."),
        links=[(_("Back"), door.url("security"))],
        refusal=refusal,
    )


def _number_step(door: Door, form: PhoneForm, refusal: Refusal | None = None) -> Step:
    return Step(
        _("Mobile number to sign in with"),
        form,
        _("Send me a code"),
        lead=_("We send a code to the new number. The old one signs nobody in from then on."),
        links=[(_("Back"), door.url("security"))],
        refusal=refusal,
    )


def _app_step(door: Door, person: Person, form: CodeForm, refusal: Refusal | None = None) -> Step:
    enrolment = begin_authenticator(person.pk, shown_as=person.shown_name or str(person.pk)[-8:])
    return Step(
        _("Set up an authenticator app"),
        form,
        _("Turn it on"),
        lead=_("Scan this with the app, or type the key. Then enter the code that the app shows."),
        qr=enrolment.uri,
        lines=[enrolment.secret],
        links=[(_("Back"), door.url("security"))],
        refusal=refusal,
    )
