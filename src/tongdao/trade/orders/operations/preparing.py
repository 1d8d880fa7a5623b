"""From what was sent to a wish that can be placed. Pure: no connection is taken, nothing is priced yet."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.events import request_id
from tongdao.foundation.idempotency import check_key, input_hash
from tongdao.foundation.pii import BadPhone, normalise_phone
from tongdao.rulebook import divisions, trade
from tongdao.terms.promotions.pricing import Choice
from tongdao.trade.orders.operations.cart import MOST_LINES, MOST_UNITS
from tongdao.trade.orders.refusals import AddressInvalid, CartEmpty, QuantityInvalid, TooManyLines
from tongdao.trade.orders.wishing import Address, Asked, Wanted, Wish

AUTOMATIC = Choice()
"""The best coupons for the buyer, no group."""


def prepare(
    wanted: Sequence[Wanted],
    *,
    key: str,
    person_id: UUID,
    visitor: UUID | None,
    storefront_id: UUID,
    address: Address,
    choice: Choice = AUTOMATIC,
    quote_version: str = "",
) -> Wish:
    """Check the input and bind it to its key. Raises what is wrong with it, before anything is held.

    `person_id` NOBODY: who it is gets known with the batch.
    """
    check_key(key)
    _check(wanted)
    clean = check_address(address)
    now = clock.now()
    lines = [
        [str(item.sku_id), item.quantity, item.price_version, *([item.agreed] if item.agreed else [])]
        for item in wanted
    ]
    where = [clean.recipient, clean.phone, clean.detail, clean.division_code, clean.division_version]
    terms = [choice.coupons, choice.codes, choice.group, choice.open_group, quote_version]
    return Wish(
        key=key,
        digest=input_hash([lines, str(storefront_id), where, terms]),
        asked=Asked(wanted, person_id, visitor, now, choice, clean.division_code),
        storefront_id=storefront_id,
        address=clean,
        pay_by=now + trade.UNPAID_CLOSE.on(now),
        quote_version=quote_version,
        request_id=request_id.get(),
    )


def _check(wanted: Sequence[Wanted]) -> None:
    if not wanted:
        raise CartEmpty()
    if len(wanted) > MOST_LINES or len({item.sku_id for item in wanted}) != len(wanted):
        raise TooManyLines()
    if any(not 1 <= item.quantity <= MOST_UNITS for item in wanted):
        raise QuantityInvalid()


def check_address(address: Address) -> Address:
    """The address with its phone normalised; raises AddressInvalid naming the field in `details`."""
    recipient, detail = address.recipient.strip(), address.detail.strip()
    if not 1 <= len(recipient) <= 40:
        raise AddressInvalid(field="recipient")
    if not 2 <= len(detail) <= 200:
        raise AddressInvalid(field="detail")
    try:
        phone = normalise_phone(address.phone)
    except BadPhone as error:
        raise AddressInvalid(field="phone") from error
    try:
        if not divisions.is_leaf(address.division_code, address.division_version):
            raise AddressInvalid(field="division_code")
    except (divisions.UnknownDivision, divisions.UnknownVersion) as error:
        raise AddressInvalid(field="division_code") from error
    return Address(recipient, phone, detail, address.division_code, address.division_version)
