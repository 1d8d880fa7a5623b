"""Coming in: by password or by a code to the number, and a page more where that is not enough.

Whatever is proven on the way stands in the session under a new key: nobody who knew the old one shares in it.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tongdao.foundation import clock
from tongdao.foundation.pii import mask_phone
from tongdao.foundation.refusals import Refusal
from tongdao.party.people.accounts import open_account
from tongdao.party.people.codes import Proof, prove_phone, read_proof, send_code
from tongdao.party.people.entrance.door import Door, Step
from tongdao.party.people.entrance.forms import CodeForm, NamePasswordForm, OwnerForm, PhoneForm, SecondForm
from tongdao.party.people.models import CodePurpose, Person
from tongdao.party.people.operations import check_sign_in
from tongdao.party.people.passkeys.place import passkeys_here
from tongdao.party.people.refusals import AccountUnsure, ProofExpired
from tongdao.party.people.second import check_second_step, has_second_step
from tongdao.party.people.sign_in import LATELY, known_marks, knows, remember_browser
from tongdao.party.people.sms import sms_ready
from tongdao.party.people.visitors import visitor_address

PROOF = "proof"  # in the session: the number just proven
WAITS = "waits"  # in the session: who has passed the first step, and when


def by_password(request: HttpRequest, door: Door) -> HttpResponse:
    """The same answer for a wrong name and a wrong password."""
    form = NamePasswordForm(request.POST or None)
    if not form.is_valid():
        return door.show(_password_step(door, form), 422 if form.is_bound else 200)
    name, password = form.cleaned_data["sign_in_name"], form.cleaned_data["password"]
    try:
        person = check_sign_in(name, password, address=visitor_address(request), known=known_marks(request))
    except Refusal as refusal:
        return door.show(_password_step(door, form, refusal), refusal.status)
    return passed(request, door, person)


def by_code(request: HttpRequest, door: Door) -> HttpResponse:
    """First the number, then the code on the same address; unknown numbers get one like all others."""
    form = PhoneForm(request.POST or None)
    if not form.is_valid():
        return door.show(_phone_step(door, form), 422 if form.is_bound else 200)
    phone = form.cleaned_data["phone"]
    if "code" in request.POST and "again" not in request.POST:
        return _typed(request, door, phone)
    try:
        sent = send_code(phone, CodePurpose.SIGN_IN, address=visitor_address(request))
    except Refusal as refusal:
        if refusal.details.get("limit") == "code_again":  # the one that came is still good
            return door.show(code_step(door, phone, refusal=refusal), refusal.status)
        return door.show(_phone_step(door, form, refusal), refusal.status)
    return door.show(code_step(door, phone, shown=sent.shown))


def whose(request: HttpRequest, door: Door) -> HttpResponse:
    """The number had an account that may be another one's: its password, or a new account."""
    try:
        proof = read_proof(request.session.get(PROOF, ""), CodePurpose.SIGN_IN)
    except ProofExpired:
        return redirect(door.url("code", wanted=door.wanted))
    if "anew" in request.POST:
        return _enter(request, door, proof, anew=True)
    form = OwnerForm(request.POST or None)
    if not form.is_valid():
        return door.show(_whose_step(proof, form), 422 if form.is_bound else 200)
    try:
        owner = check_sign_in(proof.phone, form.cleaned_data["password"], address=visitor_address(request))
    except Refusal as refusal:
        return door.show(_whose_step(proof, form, refusal), refusal.status)
    return _enter(request, door, proof, owner=owner)


def second(request: HttpRequest, door: Door) -> HttpResponse:
    """The code of the app, for who has passed the first step minutes ago."""
    try:
        person_id = who_waits(request)
    except ProofExpired:
        return redirect(door.url("sign_in", wanted=door.wanted))
    form = SecondForm(request.POST or None)
    if not form.is_valid():
        return door.show(_second_step(door, form), 422 if form.is_bound else 200)
    try:
        check_second_step(person_id, form.cleaned_data["code"])
    except Refusal as refusal:
        return door.show(_second_step(door, form, refusal), refusal.status)
    return admit(request, door, Person.objects.get(pk=person_id, is_active=True))


def _typed(request: HttpRequest, door: Door, phone: str) -> HttpResponse:
    code = str(request.POST["code"])[:12]
    try:
        proof = prove_phone(phone, CodePurpose.SIGN_IN, code, address=visitor_address(request))
        request.session.cycle_key()
        request.session[PROOF] = proof.text
        return _enter(request, door, proof)
    except Refusal as refusal:
        return door.show(code_step(door, phone, refusal=refusal), refusal.status)


def _enter(
    request: HttpRequest, door: Door, proof: Proof, *, owner: Person | None = None, anew: bool = False
) -> HttpResponse:
    def sure(person: Person) -> bool:
        return person == owner or knows(request, person)

    try:
        person = open_account(proof, guest=door.guest(), sure=sure, anew=anew)
    except AccountUnsure:
        return redirect(door.url("whose", wanted=door.wanted))
    return passed(request, door, person)


def passed(request: HttpRequest, door: Door, person: Person) -> HttpResponse:
    """The first step is done."""
    person = person.acting
    if not has_second_step(person.pk):
        return admit(request, door, person)
    request.session.cycle_key()
    request.session[WAITS] = [str(person.pk), int(clock.now().timestamp())]
    return redirect(door.url("second", wanted=door.wanted))


def admit(request: HttpRequest, door: Door, person: Person) -> HttpResponse:
    """In the new session the proof stays for its minutes: with it a forgotten password is set anew."""
    proof = request.session.get(PROOF)
    response = door.admit(person)
    request.session.pop(WAITS, None)
    if proof:
        request.session[PROOF] = proof
    remember_browser(request, response, person)
    return response


def who_waits(request: HttpRequest) -> UUID:
    person_id, at = request.session.get(WAITS) or ("", 0)
    if clock.now().timestamp() - at > LATELY:
        raise ProofExpired()
    return UUID(person_id)


def _password_step(door: Door, form: NamePasswordForm, refusal: Refusal | None = None) -> Step:
    links = passkey_link(door)
    if sms_ready():
        links += [
            (_("Sign in with a code instead"), door.url("code", wanted=door.wanted)),
            (_("Password forgotten?"), door.url("code", wanted=door.url("password"))),
        ]
    return Step(_("Sign in"), form, _("Sign in"), links=links, refusal=refusal)


def _phone_step(door: Door, form: PhoneForm, refusal: Refusal | None = None) -> Step:
    return Step(
        _("Sign in with a code"),
        form,
        _("Send me a code"),
        lead=_("We send a code to your mobile. If you have no account yet, you get one."),
        links=[
            (_("Sign in with a password instead"), door.url("sign_in", wanted=door.wanted)),
            *passkey_link(door),
        ],
        refusal=refusal,
    )


def code_step(door: Door, phone: str, *, shown: str = "", refusal: Refusal | None = None) -> Step:
    """Where a code is typed, for whatever purpose."""
    return Step(
        _("Enter the code"),
        CodeForm(),
        _("Continue"),
        lead=_("If %(phone)s can receive messages, a code is on its way. It is good for 5 minutes, once.")
        % {"phone": mask_phone(phone)},
        hidden={"phone": phone},
        others=[("again", _("Send a new code"))],
        shown=shown,
        refusal=refusal,
    )


def _whose_step(proof: Proof, form: OwnerForm, refusal: Refusal | None = None) -> Step:
    return Step(
        _("Is this account yours?"),
        form,
        _("It is mine"),
        lead=_(
            "%(phone)s had an account before, and numbers change hands. With its password you are in. With a"
            " new account the old one is closed to this number, and nobody sees what was in it."
        )
        % {"phone": mask_phone(proof.phone)},
        others=[("anew", _("Begin a new account"))],
        refusal=refusal,
    )


def passkey_link(door: Door) -> list[tuple[str, str]]:
    """Where the browser can use one."""
    here = passkeys_here(door.request)
    return [(_("Use a passkey instead"), door.url("passkey", wanted=door.wanted))] if here else []


def _second_step(door: Door, form: SecondForm, refusal: Refusal | None = None) -> Step:
    return Step(
        _("One more step"),
        form,
        _("Continue"),
        lead=_("Your account asks for the code that your authenticator app shows now."),
        links=passkey_link(door),
        refusal=refusal,
    )
