"""Acts upon merchants, persons and reviews."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.faces.operator.acts.base import Act, Doing, Preview, ReasonForm, choice, with_fields
from tongdao.faces.operator.lists.base import names_of
from tongdao.faces.operator.masking import masked_name
from tongdao.faces.operator.pages.person import show_person
from tongdao.faces.operator.reading.asking import on_platform, row
from tongdao.faces.operator.words import word
from tongdao.foundation.deeds import note_deed
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import SuspensionReason
from tongdao.party.merchants.operations import resume_merchant, suspend_merchant
from tongdao.party.people.models import Person
from tongdao.party.people.operators import lock_person, unlock_person, unmask_person
from tongdao.trade.reviews.operations import TAKE_DOWN_REASONS, take_down_review

_OPEN = """
select count(*) from (
  select from "order" where merchant_id = %s and state in ('placed', 'paid') limit 10000) o
"""
_SESSIONS = "select count(*) from staff_member where person_id = %s and left_at is null"


def _name(merchant_id: UUID) -> str:
    name = names_of({merchant_id}).get(merchant_id)
    if name is None:
        raise NotFound()
    return str(name)


def _merchant_url(merchant_id: UUID) -> str:
    return reverse("operator:merchant", args=[merchant_id])


def _before_suspending(merchant_id: UUID) -> Preview:
    name = _name(merchant_id)
    (orders,) = row(_OPEN, [merchant_id])
    sentences = [
        _("From now on nobody can order from any shop of %(name)s.") % {"name": name},
        _("%(count)d open orders go on: they are paid, shipped and refunded as usual.") % {"count": orders},
        _("Its staff keep their console and read the reason there."),
    ]
    return Preview(_("Suspend %(name)s?") % {"name": name}, sentences, _merchant_url(merchant_id))


def _suspend(doing: Doing) -> str:
    with merchant_scope(doing.parts["merchant_id"]):
        kind = SuspensionReason(doing.typed["kind"])
        suspend_merchant(kind, actor=doing.actor, why=doing.reason)
    return _("Suspended.")


def _suspension_form(**_parts: Any) -> type[ReasonForm]:
    return with_fields(kind=choice(_("Reason for the merchant"), _named(SuspensionReason.values)))


def _named(codes: Any) -> list[tuple[str, str]]:
    return [(code, word(code)) for code in codes]


def _before_resuming(merchant_id: UUID) -> Preview:
    name = _name(merchant_id)
    sentences = [_("Buyers can order from its shops again at once.")]
    return Preview(_("Let %(name)s sell again?") % {"name": name}, sentences, _merchant_url(merchant_id))


def _resume(doing: Doing) -> str:
    with merchant_scope(doing.parts["merchant_id"]):
        resume_merchant(actor=doing.actor, why=doing.reason)
    return _("It may sell again.")


def _person(person_id: UUID) -> Person:
    person = on_platform(Person).filter(pk=person_id).first()
    if person is None:
        raise NotFound()
    return person


def _about(person_id: UUID, title: str, *sentences: str) -> Preview:
    name = masked_name(_person(person_id))
    back = reverse("operator:person", args=[person_id])
    return Preview(title % {"name": name}, sentences, back)


def _before_unmasking(person_id: UUID) -> Preview:
    return _about(
        person_id,
        _("Show who %(name)s is?"),
        _("Name and numbers are shown once, on the next page."),
        _("That you looked, and why, stays on record for ever."),
    )


def _unmask(doing: Doing) -> HttpResponse:
    person_id = doing.parts["person_id"]
    seen = unmask_person(person_id, actor=doing.actor, reason=doing.reason)
    return show_person(doing.request, person_id, seen)


def _before_locking(person_id: UUID) -> Preview:
    (places,) = row(_SESSIONS, [person_id])
    return _about(
        person_id,
        _("Lock the account of %(name)s?"),
        _("It is signed out everywhere, programs included, and nobody signs in to it until it is unlocked."),
        _("It works for %(count)d merchants, who go on without it.") % {"count": places},
        _("Orders, refunds and income stay as they are."),
    )


def _lock(doing: Doing) -> str:
    lock_person(doing.parts["person_id"], actor=doing.actor, reason=doing.reason)
    return _("Locked, and signed out everywhere.")


def _before_unlocking(person_id: UUID) -> Preview:
    return _about(person_id, _("Unlock the account of %(name)s?"), _("It can be signed in to again."))


def _unlock(doing: Doing) -> str:
    unlock_person(doing.parts["person_id"], actor=doing.actor, reason=doing.reason)
    return _("Unlocked.")


def _before_taking_down(merchant_id: UUID, review_id: UUID) -> Preview:
    sentences = [
        _("Its words, its pictures and the shop's answers are erased and cannot be brought back."),
        _("A stone with the reason stays in its place, and its stars count no more."),
    ]
    back = reverse("operator:review", args=[review_id])
    return Preview(_("Take this review of %(name)s down?") % {"name": _name(merchant_id)}, sentences, back)


def _take_down(doing: Doing) -> str:
    merchant_id, review_id = doing.parts["merchant_id"], doing.parts["review_id"]
    with merchant_scope(merchant_id):
        take_down_review(review_id, reason=doing.typed["kind"], actor=doing.actor)
        note_deed(
            "review.take_down",
            ("review", review_id),
            actor=doing.actor,
            reason=doing.reason,
            merchant_id=merchant_id,
            details={"law": doing.typed["kind"]},
        )
    return _("Taken down.")


def _law_form(**_parts: Any) -> type[ReasonForm]:
    return with_fields(kind=choice(_("Which the law gives"), _named(TAKE_DOWN_REASONS)))


MERCHANT, PERSON = "merchants/<uuid:merchant_id>", "people/<uuid:person_id>"
ACTS = (
    Act(
        "merchant_suspend",
        f"{MERCHANT}/suspend",
        gettext_lazy("Suspend"),
        _before_suspending,
        _suspend,
        _suspension_form,
        danger=True,
    ),
    Act("merchant_resume", f"{MERCHANT}/resume", gettext_lazy("Let it sell"), _before_resuming, _resume),
    Act("person_unmask", f"{PERSON}/unmask", gettext_lazy("Show it"), _before_unmasking, _unmask),
    Act("person_lock", f"{PERSON}/lock", gettext_lazy("Lock"), _before_locking, _lock, danger=True),
    Act("person_unlock", f"{PERSON}/unlock", gettext_lazy("Unlock"), _before_unlocking, _unlock),
    Act(
        "review_take_down",
        f"{MERCHANT}/reviews/<uuid:review_id>/take-down",
        gettext_lazy("Take it down"),
        _before_taking_down,
        _take_down,
        _law_form,
        danger=True,
    ),
)
