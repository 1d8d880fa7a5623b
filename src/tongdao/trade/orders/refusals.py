from tongdao.foundation.refusals import BadInput, Refusal


class OutOfStock(Refusal):
    """Not enough is left of some items. Nothing was ordered; lower the number or take something else."""


class PriceChanged(Refusal):
    """The price of some items has just changed. Nothing was ordered; see the new total and order again."""


class TotalChanged(Refusal):
    """The total is another one than you saw. Nothing was ordered; see the new total and order again."""


class PromiseChanged(Refusal):
    """What can be given back of it has just changed. Nothing was ordered; look at it and order again."""


class NotSaleable(Refusal):
    """Some items are not for sale any more. Nothing was ordered; take them out of the cart."""


class CartEmpty(BadInput):
    """There is nothing in the cart."""


class QuantityInvalid(BadInput):
    """A quantity is a whole number from 1 to 999."""


class TooManyLines(BadInput):
    """One purchase holds at most 50 different items."""


class AddressInvalid(BadInput):
    """The delivery address is not complete: name, mobile number, region and street are needed."""


class OrderNotPaid(Refusal):
    """This order is not waiting for receipt, so it cannot be confirmed."""


class NothingArrived(Refusal):
    """Receipt can be confirmed once everything has been shipped."""


class OrdersUnfinished(Refusal):
    """There are %(count)d orders of yours that are not finished yet. Confirm receipt or cancel them first."""
