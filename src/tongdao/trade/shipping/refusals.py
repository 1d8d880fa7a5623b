"""Why a parcel cannot be made or shipped."""

from __future__ import annotations

from tongdao.foundation.refusals import BadInput, Refusal


class OrderNotShippable(Refusal):
    """This order cannot be shipped: it is not paid, or it is over already. Nothing was packed."""


class GroupNotFormed(Refusal):
    """This order waits for its buying group. It can be packed once the group is full. Nothing was packed."""


class NothingLeftToShip(Refusal):
    """So many units are not left to ship; somebody may have packed them just now. Nothing was packed."""


class SeveralShippers(Refusal):
    """These goods lie in different warehouses. Make one parcel for each."""


class CarrierNotConnected(Refusal):
    """No carrier account is connected. Connect one in the settings, or type in the waybill number."""


class WaybillTaken(Refusal):
    """Another parcel has this waybill number already. Check the number."""


class WaybillOfShop(Refusal):
    """By this waybill the shop sent the goods. Give the number of the parcel in which they go back."""


class ReturnNoteTooLong(BadInput):
    """Say in at most %(most)d letters what goes with the return address."""


class ParcelNotCancellable(Refusal):
    """Only a parcel that has its waybill and was not collected can be taken back. Nothing was changed."""


class NothingToDispatch(BadInput):
    """No order was chosen. Nothing was packed; tick the orders that are shipped together."""


class TooManyToDispatch(BadInput):
    """At most %(most)d orders are shipped in one go. Nothing was packed; choose fewer."""


class UnknownCarrier(BadInput):
    """This carrier is not known. Choose one from the list."""


class BadWaybill(BadInput):
    """A waybill number has 6 to 32 letters, digits or hyphens."""


class BadQuantity(BadInput):
    """Each quantity must be a whole number of at least one unit."""


class BadCarrierAccount(BadInput):
    """The carrier account is not complete: gateway address, keys and sender are needed."""
