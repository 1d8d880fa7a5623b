"""Whose account a WeChat user is: the unionid says it first, then the openid of the app.

An openid is one app's, a unionid is the same in all apps of one open-platform account. So who is known by the
unionid is that person in every app, and each app's openid is noted with it. WeChat gives neither to anybody
else, so unlike numbers they are good for ever.
"""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.pii import blind_index
from tongdao.party.people.accounts import become_account, is_guest
from tongdao.party.people.models import Identity, IdentityKind, Person
from tongdao.party.people.operations import create_guest
from tongdao.party.people.refusals import SignInFailed, WechatTaken
from tongdao.party.people.wechat.gateway import Seen

OPEN, UNION = IdentityKind.WECHAT_OPEN.value, IdentityKind.WECHAT_UNION.value


def open_by_wechat(seen: Seen, *, guest: Person | None = None) -> Person:
    """The person whom WeChat names; a new one where there is none, or the guest grown into it.

    Raises SignInFailed for an account that is closed.
    """
    for last in (False, True):
        try:
            with transaction.atomic():
                return _open(seen, guest)
        except IntegrityError:  # the same WeChat user came in by another app, or twice, at the same time
            if last:
                raise
    raise AssertionError("returned or raised")


def attach(person_id: UUID, seen: Seen) -> None:
    """This WeChat user signs the person in from now on. Raises WechatTaken."""
    try:
        with transaction.atomic():
            Person.objects.select_for_update(no_key=True).get(pk=person_id)
            known = _known(seen)
            if any(identity.person.acting.pk != person_id for identity in known.values()):
                raise WechatTaken()
            _note(person_id, seen, known)
    except IntegrityError as error:
        raise WechatTaken() from error


def holder_of(seen: Seen) -> Person | None:
    """Who is known by this, the unionid first; nothing is changed."""
    known = _known(seen)
    identity = known.get(UNION) or known.get(OPEN)
    return identity.person.acting if identity else None


def openid_of(person_id: UUID, appid: str) -> str:
    """The person's openid in this app, or nothing."""
    rows = Identity.objects.filter(person__id__same_as=person_id, kind=OPEN, valid_to__isnull=True)
    parts = [(row.value or "").partition(" ") for row in rows]
    return next((openid for of, _, openid in parts if of == appid), "")


def _open(seen: Seen, guest: Person | None) -> Person:
    known = _known(seen, lock=True)
    identity = known.get(UNION) or known.get(OPEN)
    if identity is None:
        person = become_account(guest) if guest and is_guest(guest.pk) else create_guest()
    else:
        person = identity.person.acting
    if not person.is_active:
        raise SignInFailed()
    _note(person.pk, seen, known)
    return person


def _known(seen: Seen, *, lock: bool = False) -> dict[str, Identity]:
    """By kind."""
    rows = Identity.objects.select_related("person__merged_into")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    lookups = [blind_index(kind, value) for kind, value in _values(seen).items()]
    found = rows.filter(kind__in=(OPEN, UNION), lookup__in=lookups, valid_to__isnull=True)
    return {row.kind: row for row in found.order_by("kind")}


def _note(person_id: UUID, seen: Seen, known: dict[str, Identity]) -> None:
    """Each value belongs to this person; an openid noted before its unionid was known moves to it."""
    now = clock.now()
    for kind, value in _values(seen).items():
        held = known.get(kind)
        if held is not None and held.person.acting.pk == person_id:
            continue
        if held is not None:
            held.valid_to = now
            held.save(update_fields=["valid_to"])
        Identity.objects.create(
            person_id=person_id,
            kind=kind,
            lookup=blind_index(kind, value),
            value=value,
            verified_at=now,
            proved_at=now,
        )


def _values(seen: Seen) -> dict[str, str]:
    values = {OPEN: f"{seen.appid} {seen.openid}"}
    return values | ({UNION: seen.unionid} if seen.unionid else {})
