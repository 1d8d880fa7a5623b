"""From a cart to a request that can be placed: terms read, priced, address checked. No lock is taken."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.idempotency import check_key, input_hash
from tongdao.foundation.pii import BadPhone, normalise_phone
from tongdao.party.members.operations import ensure_member
from tongdao.rulebook import divisions, trade
from tongdao.trade.orders.deciding import Address, PlaceRequest
from tongdao.trade.orders.operations.cart import MOST_LINES, MOST_UNITS
from tongdao.trade.orders.queries.terms import read_terms
from tongdao.trade.orders.quoting import Wanted, quote
from tongdao.trade.orders.refusals import AddressInvalid, CartEmpty, QuantityInvalid, TooManyLines


def prepare(
    wanted: Sequence[Wanted],
    *,
    key: str,
    person_id: UUID,
    visitor: UUID | None,
    storefront_id: UUID,
    address: Address,
    actor: Actor,
) -> PlaceRequest:
    """Price the wish and bind it to its key. Raises what is wrong with the input, before anything is held."""
    check_key(key)
    _check(wanted)
    clean = check_address(address)
    asked = [[str(item.sku_id), item.quantity, item.price_version] for item in wanted]
    where = [clean.recipient, clean.phone, clean.detail, clean.division_code, clean.division_version]
    now = clock.now()
    return PlaceRequest(
        key=key,
        digest=input_hash([asked, str(storefront_id), where]),
        person_id=person_id,
        member_id=ensure_member(person_id, actor=actor).id,
        storefront_id=storefront_id,
        address=clean,
        quote=quote(wanted, read_terms(wanted, person_id=person_id, visitor=visitor, at=now)),
        placed_at=now,
        pay_by=now + trade.UNPAID_CLOSE.on(now.date()),
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
