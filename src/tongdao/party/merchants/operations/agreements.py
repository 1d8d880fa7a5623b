"""Agreements in versions: published ahead, in force from a day on, accepted person by person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.html import HtmlTooLong, plain_text, sanitise
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.merchants.events import AgreementAccepted, AgreementPublished
from tongdao.party.merchants.models import AgreementAcceptance, AgreementKind, AgreementVersion, Merchant
from tongdao.party.merchants.models.papers import MAJOR_NOTICE, NOTICE
from tongdao.party.merchants.queries import current_agreement
from tongdao.party.merchants.refusals import AgreementInvalid, AgreementOutdated, NoticeTooShort


@dataclass(frozen=True, slots=True)
class AgreementDraft:
    """`major`: it touches the main rights of the other side, so it is published longer ahead."""

    kind: AgreementKind
    title: str
    body_html: str
    effective_from: datetime
    major: bool = False


def publish_agreement(draft: AgreementDraft, *, actor: Actor) -> AgreementVersion:
    """The next version of its kind, for everybody to read from now on.

    Raises AgreementInvalid or NoticeTooShort; the database keeps the notice too.
    """
    title, body = " ".join(draft.title.split()), _body(draft.body_html)
    if not 1 <= len(title) <= 120:
        raise AgreementInvalid()
    now, notice = clock.now(), MAJOR_NOTICE if draft.major else NOTICE
    if draft.effective_from < now + notice:
        raise NoticeTooShort(days=notice.days)
    Merchant.objects.select_for_update(no_key=True).get(pk=current_merchant())  # versions one after another
    row = AgreementVersion.objects.create(
        kind=draft.kind.value,
        version=AgreementVersion.objects.filter(kind=draft.kind.value).count() + 1,
        title=title,
        body_html=body,
        major=draft.major,
        published_at=now,
        effective_from=draft.effective_from,
    )
    event = AgreementPublished(
        kind=Code(row.kind), version=row.version, effective_from=row.effective_from, major=row.major
    )
    record(event, subject=row, actor=actor)
    return row


def accept_agreement(agreement_id: UUID, *, actor: Actor) -> AgreementAcceptance:
    """The actor says yes to this version; saying it again changes nothing.

    A version that is not yet in force may be accepted. Raises NotFound, or AgreementOutdated for one that a
    newer one in force has replaced.
    """
    assert actor.id is not None
    agreement = AgreementVersion.objects.filter(pk=agreement_id).first()
    if agreement is None:
        raise NotFound()
    current = current_agreement(AgreementKind(agreement.kind))
    if current and current.version > agreement.version:
        raise AgreementOutdated(current_id=str(current.id))
    row, new = AgreementAcceptance.objects.get_or_create(
        agreement=agreement, person_id=actor.id, defaults={"at": clock.now()}
    )
    if new:
        event = AgreementAccepted(person_id=actor.id, kind=Code(agreement.kind), version=agreement.version)
        record(event, subject=agreement, actor=actor)
    return row


def _body(html: str) -> str:
    try:
        body = sanitise(html)
    except HtmlTooLong as error:
        raise AgreementInvalid() from error
    if not plain_text(body, 10):
        raise AgreementInvalid()
    return body
