"""Where goods go back to, and who pays for sending them."""

from uuid import UUID

from ninja import Router

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.way_back_shapes import (
    CarriageIn,
    ReturnAddressIn,
    ReturnAddressOut,
    ReturnSettingsOut,
    address_out,
)
from tongdao.trade.aftersales.carriage import carriage_offered
from tongdao.trade.aftersales.operations import offer_carriage
from tongdao.trade.shipping.operations import end_return_address, set_return_address
from tongdao.trade.shipping.places import current_addresses, past_addresses

router = Router(tags=["returns"])
ADDRESSES = "/merchants/{merchant_id}/return-addresses"


@operation(router, "GET", ADDRESSES, need="store.edit", answer=ReturnSettingsOut)
def list_return_addresses(request: Call, merchant_id: UUID) -> ReturnSettingsOut:
    """Where goods go back to: the shop's address, those of stock owners, and those that ended."""
    return _settings()


@operation(router, "POST", ADDRESSES, need="store.edit", answer=ReturnAddressOut, status=201, refuses=[404])
def set_where_returns_go(request: Call, merchant_id: UUID, body: ReturnAddressIn) -> ReturnAddressOut:
    """From now on goods go back there; the address before it ends and is kept."""
    row = set_return_address(body.address(), note=body.note, node_id=body.node_id, actor=as_staff(request))
    return address_out(row)


@operation(
    router,
    "POST",
    ADDRESSES + "/{address_id}/end",
    need="store.edit",
    answer=ReturnSettingsOut,
    refuses=[404],
)
def end_where_returns_go(request: Call, merchant_id: UUID, address_id: UUID) -> ReturnSettingsOut:
    """Goods go back there no more. Cases keep what was shown to their buyers."""
    end_return_address(address_id, actor=as_staff(request))
    return _settings()


@operation(
    router, "POST", "/merchants/{merchant_id}/carriage-offer", need="store.edit", answer=ReturnSettingsOut
)
def offer_return_carriage(request: Call, merchant_id: UUID, body: CarriageIn) -> ReturnSettingsOut:
    """Pay for sending goods back whatever the reason, or no more. Orders keep what was offered then."""
    offer_carriage(body.shop_pays, actor=as_staff(request))
    return _settings()


def _settings() -> ReturnSettingsOut:
    return ReturnSettingsOut(
        shop_pays=carriage_offered(),
        addresses=[address_out(row) for row in current_addresses()],
        ended=[address_out(row) for row in past_addresses()],
    )
