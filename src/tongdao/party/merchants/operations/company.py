"""What the company shows of itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, record
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.merchants.credit_code import normalise
from tongdao.party.merchants.events import CompanyChanged, CompanyConfirmed
from tongdao.party.merchants.models import CompanyProfile, Merchant
from tongdao.party.merchants.operations.kept import keep_texts
from tongdao.party.merchants.refusals import CompanyInvalid, CreditCodeInvalid

LONGEST = {"legal_name": 120, "legal_address": 200, "service_phone": 32}


@dataclass(frozen=True, slots=True)
class Company:
    """As it stands on the business licence; `service_phone` is what buyers may call."""

    legal_name: str
    credit_code: str
    legal_address: str
    service_phone: str


def set_company(wanted: Company, *, actor: Actor) -> CompanyProfile:
    """This holds from now on; what held before stays as it was. The same again only confirms it.

    Raises CompanyInvalid or CreditCodeInvalid.
    """
    company = _checked(wanted)
    Merchant.objects.select_for_update(no_key=True).get(pk=current_merchant())  # one at a time
    before = CompanyProfile.objects.filter(effective_to__isnull=True).first()
    old = asdict(_company(before)) if before else dict.fromkeys(asdict(company), "")
    pairs = {name: (old[name], text) for name, text in asdict(company).items() if old[name] != text}
    if before and not pairs:
        return confirm_company(actor=actor)
    now = clock.now()
    CompanyProfile.objects.filter(effective_to__isnull=True).update(effective_to=now)
    row = CompanyProfile.objects.create(**asdict(company), confirmed_at=now, effective_from=now)
    kept = keep_texts(pairs)
    event = CompanyChanged(profile_id=row.id)
    record(event, subject=_subject(), actor=actor, old=kept.old, new=kept.new)
    return row


def confirm_company(*, actor: Actor) -> CompanyProfile:
    """Say that all of it is still right, as the law wants every half year. Raises NotFound."""
    row = CompanyProfile.objects.select_for_update(no_key=True).filter(effective_to__isnull=True).first()
    if row is None:
        raise NotFound()
    row.confirmed_at = clock.now()
    row.save(update_fields=["confirmed_at"])
    record(CompanyConfirmed(profile_id=row.id), subject=_subject(), actor=actor)
    return row


def _checked(wanted: Company) -> Company:
    texts = {name: " ".join(getattr(wanted, name).split()) for name in LONGEST}
    wrong = [name for name, text in texts.items() if not 1 <= len(text) <= LONGEST[name]]
    if wrong:
        raise CompanyInvalid(fields=wrong)
    code = normalise(wanted.credit_code)
    if code is None:
        raise CreditCodeInvalid()
    return Company(credit_code=code, **texts)


def _company(row: CompanyProfile) -> Company:
    return Company(row.legal_name, row.credit_code, row.legal_address, row.service_phone)


def _subject() -> Subject:
    return Subject("merchant", current_merchant())
