"""Valid rows of any merchant-owned model, made by looking at its columns; parents are made with them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models

from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events import Event, Subject, record
from tongdao.foundation.ids import token, uuid7
from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel
from tongdao.party.network.events import PromoterJoined
from tongdao.rewards.settlement.models import Payout, PayoutLine

DAY = dt.timedelta(days=1)
POSITION = """
insert into event_reader_position (merchant_id, reader, snapshot) values (%s, %s, pg_current_snapshot())
"""


@dataclass(frozen=True)
class Special:
    """What a column needs that its type does not say."""

    value: Callable[[], Any]


SPECIAL = {
    "order.total_fen": Special(lambda: 2),  # goods and freight
    "partner.kind": Special(lambda: "factory"),  # only one is the merchant's own
    "freight_template.is_default": Special(lambda: False),  # only one is
    "freight_template.volume_divisor": Special(lambda: 6_000),
    "freight_rule.prefixes": Special(lambda: ["33"]),
    "commission_plan.version": Special(lambda: 1 + secrets.randbelow(10**6)),
    "commission_rule.rate_bps": Special(lambda: 100),  # or a fixed amount
    "commission_plan.effective_to": Special(lambda: clock.now() + DAY),  # only one is current
    "merchant_account.effective_to": Special(lambda: clock.now() + DAY),
    "carrier_account.effective_to": Special(lambda: clock.now() + DAY),
    "return_address.effective_to": Special(lambda: clock.now() + DAY),
    "carriage_offer.effective_to": Special(lambda: clock.now() + DAY),
    "return_parcel.waybill_no": Special(lambda: f"YT{secrets.randbelow(10**12):012d}"),
    "wechat_app.effective_to": Special(lambda: clock.now() + DAY),
    "promotion.kind": Special(lambda: "gift"),  # the kind that needs the least beside its SKU
    "promotion.gift_units": Special(lambda: 1),
    "promotion.ends_at": Special(lambda: clock.now() + DAY),
    "buying_group.size": Special(lambda: 2),
    "review.pictures": Special(lambda: 1),  # so that its picture has a place
    "review_picture.position": Special(lambda: 1),
    "message.files": Special(lambda: 1),  # so that its file has a place
    "after_sale_file.position": Special(lambda: 1),
    "after_sale_file.type": Special(lambda: "image/webp"),
    "after_sale_file.sha256": Special(lambda: "0" * 64),
    "dispute_file.position": Special(lambda: 1),
    "dispute_file.type": Special(lambda: "image/webp"),
    "dispute_file.sha256": Special(lambda: "0" * 64),
    "message_file.position": Special(lambda: 1),
    "message_file.type": Special(lambda: "image/webp"),
    "message_file.sha256": Special(lambda: "0" * 64),
    "staff_member.role": Special(lambda: ""),  # a role of the merchant's own is made with it
    "staff_invitation.role": Special(lambda: ""),
    "company_profile.effective_to": Special(lambda: clock.now() + DAY),  # only one is current
    "agreement_version.effective_from": Special(lambda: clock.now() + 20 * DAY),
    "agreement_version.version": Special(lambda: 1 + secrets.randbelow(10**6)),
    "goods_batch_line.old_on": Special(lambda: False),  # a line of states, not of prices
    "goods_batch_line.new_on": Special(lambda: True),
    "ledger_day.day": Special(lambda: dt.date(2100, 1, 1) + DAY * secrets.randbelow(100_000)),
}
SIMPLE: dict[type[models.Field[Any, Any]], Callable[[Any], Any]] = {
    EncryptedTextField: lambda field: "x",
    models.UUIDField: lambda field: uuid7(),
    models.CharField: lambda field: (
        field.choices[0][0] if field.choices else token(min(12, field.max_length))
    ),
    models.TextField: lambda field: "x",
    models.BigIntegerField: lambda field: 1,
    models.IntegerField: lambda field: secrets.randbelow(10**9) if "position" in field.name else 1,
    models.BooleanField: lambda field: True,
    models.DateTimeField: lambda field: clock.now(),
    models.DateField: lambda field: clock.today(),
    models.JSONField: lambda field: {},
    models.BinaryField: lambda field: secrets.token_bytes(32),
}


def make(model: type[TenantModel], **given: Any) -> Any:
    """A new row of `model` in the open scope, with new parents for each relation that is not given."""
    if model is Event:
        return _make_event()
    if model is PayoutLine and _wants(PayoutLine._meta.get_field("payout"), given):
        return _make_payout(given)
    row = _plain(model, **given)
    if model is Payout:  # it is its lines, and there is one from the first moment on
        make(PayoutLine, payout=row)
    return row


def _plain(model: type[TenantModel], **given: Any) -> Any:
    row = model(**{field.attname: _value(field) for field in fields(model) if _wants(field, given)}, **given)
    row.save(force_insert=True)
    return row


def fields(model: type[TenantModel]) -> list[Any]:
    return list(model._meta.local_concrete_fields)


def parents(model: type[TenantModel]) -> list[Any]:
    return [field for field in fields(model) if isinstance(field, TenantForeignKey)]


def _wants(field: Any, given: dict[str, Any]) -> bool:
    return field.attname not in given and field.name not in given


def _value(field: Any) -> Any:
    special = SPECIAL.get(f"{field.model._meta.db_table}.{field.column}")
    if special:
        return special.value()
    if isinstance(field, TenantForeignKey):
        related: Any = field.related_model
        return None if related is field.model else make(related).id
    if field.has_default():
        return field.get_default()
    if field.null and not isinstance(field, models.UUIDField):
        return None
    return next(maker(field) for kind, maker in SIMPLE.items() if isinstance(field, kind))


def _make_payout(given: dict[str, Any]) -> PayoutLine:
    """The one line of a new payout."""
    payout = _plain(Payout)
    return make(PayoutLine, payout=payout, **given)


def _make_event() -> Event:
    subject = uuid7()
    record(PromoterJoined(person_id=uuid7()), subject=Subject("promoter", subject, 1), actor=SYSTEM)
    return Event.objects.get(subject_id=subject)


def make_position(merchant_id: UUID) -> str:
    """A row of the one table that has no model; its reader's name."""
    reader = f"test.{token(8)}"
    with connection.cursor() as cursor:
        cursor.execute(POSITION, [merchant_id, reader])
    return reader
