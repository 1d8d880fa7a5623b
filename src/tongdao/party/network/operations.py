"""The merchant's own node, and promoters coming and going."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.reading import Asking, ask
from tongdao.foundation.refusals import NotFound, Refusal
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.merchants.models import Merchant
from tongdao.party.network.events import PromoterJoined, PromoterLeft
from tongdao.party.network.models import Partner, PartnerKind, Promoter


class AlreadyPromoter(Refusal):
    """This person is a promoter here already."""


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


def join_promoter(person_id: UUID, *, shown_name: str, actor: Actor) -> Promoter:
    """The person refers buyers from now on, free of charge; raises AlreadyPromoter."""
    try:
        with transaction.atomic():
            promoter = Promoter.objects.create(person_id=person_id, shown_name=shown_name)
    except IntegrityError as error:
        raise AlreadyPromoter() from error
    record(PromoterJoined(person_id=person_id), subject=promoter, actor=actor)
    return promoter


def leave_promoter(promoter_id: UUID, *, actor: Actor) -> None:
    """End at once, no reason asked. Links stay readable and earn nothing more."""
    changed = Promoter.objects.filter(pk=promoter_id, left_at__isnull=True).update(left_at=clock.now())
    promoter = Promoter.objects.filter(pk=promoter_id).first()
    if promoter is None:
        raise NotFound()
    if changed:
        record(PromoterLeft(person_id=promoter.person_id), subject=promoter, actor=actor)
