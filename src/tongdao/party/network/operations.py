"""The merchant's own node, and promoters coming and going."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.reading import Asking, ask
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.merchants.models import Merchant
from tongdao.party.merchants.operations import accept_agreement
from tongdao.party.network.agreements import Agreement, agreement_now
from tongdao.party.network.events import PromoterAgreed, PromoterJoined, PromoterLeft
from tongdao.party.network.models import Partner, PartnerKind, Promoter, PromoterAgreement, PromoterConsent
from tongdao.party.network.refusals import AgeNotDeclared, AgreementChanged, AlreadyPromoter


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody says when joining: has read this version, is old enough.

    `listed_occupation` tells of an occupation that bars from licensed direct selling only; it bars from
    nothing here.
    """

    version: str
    of_age: bool
    listed_occupation: bool = False
    language: str = "zh-hans"


def own_node() -> Partner:
    """The merchant's own node, made when it is first asked for. Two at once make one."""
    found = Partner.objects.filter(kind=PartnerKind.SELF).first()
    if found is None:
        name = Merchant.objects.values_list("name", flat=True).get(pk=current_merchant())
        made = Partner(kind=PartnerKind.SELF, name=name)
        Partner.objects.bulk_create([made], ignore_conflicts=True)
        found = Partner.objects.get(kind=PartnerKind.SELF)
    return found


def ask_own_node_id() -> Asking[UUID]:
    """The id of the merchant's own node, made when it is first asked for."""
    rows = yield from ask(
        "select id from partner where merchant_id = %s and kind = %s",
        [current_merchant(), PartnerKind.SELF.value],
    )
    return rows[0][0] if rows else own_node().id


def join_promoter(
    person_id: UUID, *, shown_name: str, actor: Actor, consent: Consent | None = None
) -> Promoter:
    """The person refers buyers from now on, free of charge.

    Nobody can agree for another: whom staff add without a `consent` is asked for it before its first link of
    its own. Raises AlreadyPromoter, AgeNotDeclared or AgreementChanged.
    """
    if Promoter.objects.filter(person_id__same_as=person_id, left_at__isnull=True).exists():
        raise AlreadyPromoter()
    try:
        with transaction.atomic():
            promoter = Promoter.objects.create(person_id=person_id, shown_name=shown_name)
    except IntegrityError as error:
        raise AlreadyPromoter() from error
    record(PromoterJoined(person_id=person_id), subject=promoter, actor=actor)
    if consent is not None:
        agree(promoter, consent, actor=actor)
    return promoter


def agree(promoter: Promoter, consent: Consent, *, actor: Actor) -> None:
    """Keep the consent with the text that was read. Agreeing again to the same version changes nothing.

    Raises AgeNotDeclared or AgreementChanged.
    """
    now, read = clock.now(), agreement_now(consent.language)
    if not consent.of_age:
        raise AgeNotDeclared(age=read.least_age)
    if consent.version != read.version:
        raise AgreementChanged(agreement_version=read.version)
    said = PromoterConsent(
        promoter=promoter,
        agreement=_stored(read, now),
        person_id=promoter.person_id,
        version=read.version,
        age_from=read.least_age,
        listed_occupation=consent.listed_occupation,
        at=now,
    )
    if read.published_id is not None:
        accept_agreement(read.published_id, actor=actor)
    PromoterConsent.objects.bulk_create([said], ignore_conflicts=True)
    if PromoterConsent.objects.filter(pk=said.id).exists():
        payload = PromoterAgreed(
            person_id=promoter.person_id, agreement_version=Code(read.version), age_from=read.least_age
        )
        record(payload, subject=promoter, actor=actor)


def _stored(read: Agreement, now: datetime) -> PromoterAgreement:
    """The row of this text, made when the first one agrees. Two at once make one."""
    row = PromoterAgreement(
        version=read.version, language=read.language, text=read.text, digest=read.digest, stored_at=now
    )
    PromoterAgreement.objects.bulk_create([row], ignore_conflicts=True)
    return PromoterAgreement.objects.get(digest=read.digest)


def leave_promoter(promoter_id: UUID, *, actor: Actor) -> None:
    """End at once, no reason asked. Links stay readable and earn nothing more."""
    changed = Promoter.objects.filter(pk=promoter_id, left_at__isnull=True).update(left_at=clock.now())
    promoter = Promoter.objects.filter(pk=promoter_id).first()
    if promoter is None:
        raise NotFound()
    if changed:
        record(PromoterLeft(person_id=promoter.person_id), subject=promoter, actor=actor)
