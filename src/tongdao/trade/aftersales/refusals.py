from tongdao.foundation.refusals import BadInput, Refusal


class AlreadyShipped(Refusal):
    """Part of this order is on its way, so it cannot be cancelled. You can return it after it arrives."""


class OrderNotCancellable(Refusal):
    """This order cannot be cancelled any more."""


class CancelReasonUnknown(BadInput):
    """Choose one of the reasons for cancelling."""


class AfterSalesOpen(Refusal):
    """There are %(count)d after-sale cases of yours still open. Wait until they are settled."""


class OrderNotRefundable(Refusal):
    """Nothing can be given back of this order: it is not paid, or all of it went back already."""


class MoreThanBought(Refusal):
    """So many units are not left to give money back for. Somebody may just have done it; try again."""


class NothingToGiveBack(Refusal):
    """Nothing was paid for these units, so there is nothing to give back."""


class RefundChanged(Refusal):
    """It comes to another amount than the one that you looked at. Look at it again."""


class RefundReasonUnknown(BadInput):
    """Choose one of the reasons for giving money back."""


class FreightRuleUnknown(BadInput):
    """Give back no freight, the units' share of it, or all that is left."""
